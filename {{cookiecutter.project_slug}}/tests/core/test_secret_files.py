"""A setting may stand in a file; which one counts is never left open, and none is ever shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core.settings import CoreSettings, Settings, UnsafeSettings, faults, read

SECRET = "hunter2-hunter2"


class Safe(Settings):
    combination: SecretStr = SecretStr("0000")
    spares: tuple[int, ...] = ()
    tries: int = 3


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """In a folder of its own, whose `.env` counts as nobody is testing."""
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.chdir(tmp_path)
    read.cache_clear()
    yield
    read.cache_clear()


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of COMBINATION_FILE; it is not there yet."""
    monkeypatch.setenv("COMBINATION_FILE", str(tmp_path / "named"))
    return tmp_path / "named"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of SECRETS_DIR, empty."""
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path / "secrets"))
    (tmp_path / "secrets").mkdir()
    return tmp_path / "secrets"


def combination() -> str:
    read.cache_clear()
    found: SecretStr = read(Safe).combination
    return found.get_secret_value()


def test_the_environment_wins_over_the_dotenv_file_and_that_over_the_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert combination() == "0000"

    (folder / "combination").write_text("of the folder")
    assert combination() == "of the folder"

    (tmp_path / ".env").write_text("COMBINATION=of the dotenv file\n")
    assert combination() == "of the dotenv file"

    monkeypatch.setenv("COMBINATION", "of the environment")
    assert combination() == "of the environment"


def test_a_named_file_wins_over_the_folder(named: Path, folder: Path) -> None:
    (folder / "COMBINATION").write_text("of the folder")
    named.write_text("of the named file")

    assert combination() == "of the named file"


def test_a_file_may_be_named_in_the_dotenv_file_too(tmp_path: Path) -> None:
    (tmp_path / "other").write_text(SECRET)
    (tmp_path / ".env").write_text("COMBINATION_FILE=other\n")

    assert combination() == SECRET


@pytest.mark.parametrize("name", ["COMBINATION", "combination"])
def test_a_file_of_the_folder_is_called_like_the_variable_or_in_lower_case(
    folder: Path, name: str
) -> None:
    (folder / name).write_text(SECRET)

    assert combination() == SECRET


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_newline_at_the_end_is_not_part_of_the_value(named: Path, end: str) -> None:
    named.write_text(f" {SECRET} {end}", newline="")

    assert combination() == f" {SECRET} "


def test_an_empty_file_is_one_that_sets_nothing(named: Path, folder: Path) -> None:
    named.write_text("\n")
    (folder / "COMBINATION").touch()

    assert combination() == "0000"


def test_a_list_in_a_file_is_json(folder: Path) -> None:
    (folder / "SPARES").write_text(json.dumps([1, 2]))

    assert read(Safe).spares == (1, 2)


def test_a_folder_that_is_not_there_is_a_fault_unless_it_is_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faults([CoreSettings, Safe]) == []

    read.cache_clear()
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path / "nowhere"))
    assert faults([CoreSettings, Safe]) == [f"SECRETS_DIR: {tmp_path}/nowhere is no folder"]


@pytest.mark.parametrize("dotenv", [False, True])
def test_a_value_beside_the_file_that_holds_it_is_a_fault(
    named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, dotenv: bool
) -> None:
    named.write_text(SECRET)
    if dotenv:
        (tmp_path / ".env").write_text("COMBINATION=1234\n")
    else:
        monkeypatch.setenv("COMBINATION", "1234")

    assert faults([Safe]) == [
        "COMBINATION: is set, and so is COMBINATION_FILE; keep one of them",
    ]


def test_every_file_that_cannot_be_read_is_named_among_all_faults(
    named: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "SPARES").mkdir()
    monkeypatch.setenv("TRIES", "many")

    combination, spares, tries = faults([Safe])

    assert combination == f"COMBINATION: {named} of COMBINATION_FILE does not exist"
    assert spares == f"SPARES: {folder}/SPARES cannot be read: Is a directory"
    assert tries.startswith("TRIES: Input should be a valid integer")


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("COMBINATION", b"\xff" + SECRET.encode(), "cannot be read: it is not UTF-8"),
        ("SPARES", SECRET.encode(), "SPARES: must be JSON"),
        ("SPARES", json.dumps([SECRET]).encode(), "SPARES.0: Input should be a valid integer"),
        ("TRIES", SECRET.encode(), "TRIES: Input should be a valid integer"),
    ],
)
def test_a_fault_shows_nothing_of_what_the_file_holds(
    folder: Path, name: str, content: bytes, fault: str
) -> None:
    (folder / name).write_bytes(content)

    with pytest.raises(UnsafeSettings, match=fault) as refused:
        read(Safe)

    shown: BaseException | None = refused.value
    while shown:
        assert SECRET not in f"{shown!r} {shown}"
        shown = shown.__cause__ or (None if shown.__suppress_context__ else shown.__context__)


def test_a_value_from_a_file_is_not_shown_either(folder: Path) -> None:
    (folder / "COMBINATION").write_text(SECRET)

    assert SECRET not in f"{read(Safe)!r} {read(Safe)}"
