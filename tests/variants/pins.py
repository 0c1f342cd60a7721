"""Compares what a fresh render locks with the versions that were tested."""

from __future__ import annotations

import subprocess
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.variants import interpreters, service
from tests.variants.rendering import render
from tests.variants.sheets import Sheet

TESTED = Path(__file__).with_name("tested_versions.txt")
WAY_OUT = "If the change is meant: uvx nox -s variants -- --write-pins, then run them all."
HEAD = "# Locked with exclude-newer = "


def locked(folder: Path) -> set[str]:
    """`name==version` of every package that the service's uv.lock, if any, takes from an index."""
    if not (folder / "uv.lock").exists():
        return set()
    lock = tomllib.loads((folder / "uv.lock").read_text("utf-8"))
    return {
        f"{package['name']}=={package['version']}"
        for package in lock["package"]
        if "registry" in package["source"]
    }


def freshly_locked(sheet: Sheet) -> set[str]:
    """What a render of this sheet locks today."""
    with tempfile.TemporaryDirectory() as into:
        folder = render(sheet, Path(into))
        env = service.environment(interpreters.obtain())
        subprocess.run(["uv", "lock", "-q"], cwd=folder, env=env, check=True)
        return locked(folder)


def tested() -> set[str]:
    """`name==version` of every package that some variant was tested with."""
    return noted(TESTED.read_text("utf-8")) if TESTED.exists() else set()


def noted(text: str) -> set[str]:
    """The same, of what a release has as the text of that file."""
    return {line for line in text.splitlines() if not line.startswith("#")}


def names(versions: Iterable[str]) -> set[str]:
    """The packages, whichever their versions."""
    return {version.partition("==")[0] for version in versions}


def faults(found: set[str], date: str) -> list[str]:
    """Why these are not what was tested: another date, or packages that nobody has noted."""
    then = TESTED.read_text("utf-8").partition("\n")[0].removeprefix(HEAD)
    moved = [f"exclude-newer: {date}, noted at {then}"] if date != then else []
    return moved + [f"{name}: not noted" for name in sorted(names(found) - names(tested()))]


def shown_late(found: set[str]) -> set[str]:
    """Other versions of packages that were noted.

    The date is the same, so the index shows today what it kept back, or hides what it showed:
    mirrors were seen to be weeks late with single packages.
    """
    return found - tested()


def write(versions: set[str], date: str) -> None:
    """Makes `versions` the tested ones: no address, one a line, so that a diff reads well."""
    lines = [f"{HEAD}{date}", *sorted(versions)]
    TESTED.write_text("".join(f"{line}\n" for line in lines), "utf-8")
