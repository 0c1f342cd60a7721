"""Tests what is looked at without an installation, where no broken template shows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.variants.static import PASSED, code, linked, lock, of_project, once
from tests.variants.variant import CheckFailedError, Variant


def variant(folder: Path, code: str) -> Variant:
    """A service of one module."""
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.py").write_text(code, "utf-8")
    return Variant(folder, {}, "")


def test_the_same_code_is_looked_at_once_unless_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    (tmp_path / "passed").mkdir()
    monkeypatch.setenv(PASSED, str(tmp_path / "passed"))

    def look(found: Variant) -> None:
        text = (found.folder / "src" / "main.py").read_text("utf-8")
        seen.append(text)
        if text == "bad":
            raise CheckFailedError(text)

    check = once("look", code, check=look)
    for number, text in enumerate(("good", "good", "other")):
        check(variant(tmp_path / str(number), text))
    for name in "ab":
        with pytest.raises(CheckFailedError):
            check(variant(tmp_path / name, "bad"))
    once("another", code, check=look)(variant(tmp_path / "c", "good"))
    assert seen == ["good", "other", "bad", "bad", "good"]


def test_where_nothing_is_noted_every_check_is_done(tmp_path: Path) -> None:
    seen: list[Variant] = []
    for name in "ab":
        once("look", code, check=seen.append)(variant(tmp_path / name, "good"))
    assert len(seen) == 2


def test_of_a_project_only_what_is_named_makes_a_difference(tmp_path: Path) -> None:
    def project(tool: str, line: int) -> Variant:
        text = (
            f'[project]\nname = "a"\n[tool.ruff]\nline-length = {line}\n[tool.uv]\nx = "{tool}"\n'
        )
        (tmp_path / "pyproject.toml").write_text(text, "utf-8")
        return Variant(tmp_path, {}, "")

    read = of_project("project", "uv")
    assert read(project("a", 1)) == read(project("a", 2)) != read(project("b", 2))


@dataclass(frozen=True)
class Asking(Variant):
    """One whose commands are only written down; offline they fail unless enough is known."""

    known: bool = True

    def run(self, *command: str, **_: str) -> str:
        """No output."""
        with (self.folder / "asked").open("a") as asked:
            asked.write(f"{' '.join(command)}\n")
        if "--offline" in command and not self.known:
            raise CheckFailedError("no such package is known")
        return ""


@pytest.mark.parametrize(("known", "times"), [(True, 1), (False, 2)])
def test_the_index_is_asked_where_too_little_is_known(
    tmp_path: Path, times: int, *, known: bool
) -> None:
    lock(Asking(tmp_path, {}, "", known))
    asked = ["uv lock -q --offline", "uv lock -q"][:times]
    assert (tmp_path / "asked").read_text("utf-8").splitlines() == asked


def test_a_link_of_any_page_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("[here](../README.md)\n", "utf-8")
    with pytest.raises(CheckFailedError, match=r"page\.md: \.\./README\.md leads nowhere"):
        linked(Variant(tmp_path, {}, ""))
