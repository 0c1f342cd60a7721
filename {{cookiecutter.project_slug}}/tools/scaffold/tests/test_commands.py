"""What people type does what it says, all of it or nothing."""

import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scaffold.commands import add, add_resource, application, remove_resource
from scaffold.refusal import Refused
from tools.scaffold.tests.conftest import SERVICE, files

SUNDIAL = ("sundial", "number:str:unique", "total:decimal", "--owned")


def run(command: Callable[..., None], *words: str, typed: str = "") -> str:
    result = CliRunner().invoke(application(command), words, input=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def git(*words: str) -> None:
    somebody = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
    subprocess.run(["git", *somebody, *words], check=True, capture_output=True)  # noqa: S603, S607 - our own words


@pytest.fixture
def committed(service: Path) -> Path:
    if not shutil.which("git"):
        pytest.skip("not run: needs git")
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message=Begin")
    return service


def test_what_is_added_and_removed_leaves_every_byte_as_it_was(service: Path) -> None:
    before = files(service)

    said = run(add_resource, *SUNDIAL)

    assert re.search(r"\d{4}_sundials\.py  written", said)
    assert "uv run pytest -n 0 tests/sundials" in said
    assert files(service) != before
    said = run(remove_resource, "sundials", "--dirty")
    assert "main.py  changed" in said
    assert "has to begin anew: uv run app dev --reset" in said
    assert files(service) == before


@pytest.mark.parametrize("words", [SUNDIAL, ("barometer", "name:str")])
def test_a_dry_run_shows_the_difference_and_writes_nothing(
    service: Path, words: tuple[str, ...]
) -> None:
    before = files(service)

    said = run(add_resource, *words, "--dry-run")

    assert "+++ b/src/app/main.py" in said
    assert f"+    {words[0]}s,\n" in said
    assert files(service) == before


def test_called_bare_it_asks_until_it_can_be_done(service: Path) -> None:
    answers = ("class", "barometer", "name", "name:str", "", "n", "y", "n", "n", "n")

    said = run(add_resource, typed="".join(f"{answer}\n" for answer in answers))

    assert "barometers" in said
    assert (service / "src" / "app" / "barometers" / "router.py").exists()


def test_bad_words_are_refused_with_every_fault_in_a_sentence(
    service: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(service)
    words = ("class", "name:text:strange", "id:uuid", "name:no-such-type")
    monkeypatch.setattr(sys, "argv", ["add-resource", *words])

    with pytest.raises(SystemExit) as end:
        add()

    said = capsys.readouterr().err
    assert end.value.code == 1
    assert "Nothing was changed" in said
    assert said.count("\n- ") >= 3
    assert "Traceback" not in said
    assert files(service) == before


def test_a_change_does_not_mix_with_what_is_not_committed(committed: Path) -> None:
    (committed / "README.md").write_text("mine\n", "utf-8")

    with pytest.raises(Refused, match=r"Not committed: README\.md\. Commit or stash"):
        run(add_resource, *SUNDIAL)

    run(add_resource, *SUNDIAL, "--dirty")


def test_tables_that_are_kept_are_spoken_of(service: Path) -> None:
    run(add_resource, *SUNDIAL)

    said = run(remove_resource, "sundials", "--dirty", "--keep-migrations")

    assert "The tables are still there" in said
    assert list((service / "migrations" / "versions").glob("*_sundials.py"))


def test_what_could_not_come_back_is_not_taken_out(service: Path) -> None:
    run(add_resource, *SUNDIAL)

    with pytest.raises(Refused, match="git has no commit"):
        run(remove_resource, "sundials")


def test_what_a_tag_has_is_dropped_by_a_new_revision(committed: Path) -> None:
    run(add_resource, *SUNDIAL)
    git("add", "--all")
    git("commit", "--quiet", "--message=Add sundials")
    git("tag", "v1")

    said = run(remove_resource, "sundials")

    assert re.search(r"\d{4}_drop_sundials\.py  written", said)
    assert "Migrate when no process of the release before is left" in said
    assert list((committed / "migrations" / "versions").glob("*[0-9]_sundials.py"))


def test_the_scripts_of_the_package_are_there() -> None:
    project = tomllib.loads((SERVICE / "tools/scaffold/pyproject.toml").read_text("utf-8"))
    for script in project["project"]["scripts"].values():
        module, _, name = script.partition(":")
        assert callable(getattr(importlib.import_module(module), name))
