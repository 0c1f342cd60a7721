"""Tests that resources which leave something behind are found, and an example that does."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.variants.rendering import render
from tests.variants.resources import ADDED, AGAIN, come_and_go, example_leaves
from tests.variants.sheets import Sheet
from tests.variants.variant import CheckFailedError, Variant


@dataclass(frozen=True)
class Scripted(Variant):
    """A variant whose commands add a file each, and take out all but those of `forgotten`."""

    forgotten: str = ""
    ran: list[str] = field(default_factory=list)

    def run(self, *command: str, **settings: str) -> str:
        """Stands in for uv; git is real."""
        if command[0] == "git":
            return super().run(*command, **settings)
        _, _, name, *words = command
        self.ran.append(name)
        if name == "add-resource":
            (self.folder / f"{words[0]}.py").touch()
        if name == "remove-resource":
            for each in self.folder.glob("*.py"):
                if each.stem != self.forgotten:
                    each.unlink()
        return ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A service of one file, under git."""
    (tmp_path / "README.md").touch()
    Variant(tmp_path, {}, "").run("git", "init", "--quiet")
    return tmp_path


def test_what_comes_is_checked_again_and_goes(folder: Path) -> None:
    variant = Scripted(folder, {}, "")
    come_and_go(variant)
    assert variant.ran[: len(ADDED)] == ["add-resource"] * len(ADDED)
    assert variant.ran[len(ADDED) : -1] == [*(words[0] for words in AGAIN), "pytest"]


def test_a_file_that_stays_behind_is_named(folder: Path) -> None:
    with pytest.raises(CheckFailedError, match=r"they leave\n.*supplier\.py"):
        come_and_go(Scripted(folder, {}, "", "supplier"))


def test_an_example_that_leaves_something_behind_is_named(tmp_path: Path) -> None:
    sheet: Sheet = {"example": True}
    variant = Scripted(render(sheet, tmp_path), sheet, "")
    variant.run("git", "init", "--quiet")
    with pytest.raises(CheckFailedError, match=r"not what they were: .*src/app/orders/router\.py"):
        example_leaves(variant)


def test_without_an_example_there_is_none_to_take_out(folder: Path) -> None:
    variant = Scripted(folder, {"example": False}, "")
    example_leaves(variant)
    assert variant.ran == []
