"""Compares what a fresh render locks with the versions that were tested."""

from __future__ import annotations

import subprocess
import tempfile
import tomllib
from pathlib import Path

from tests.variants import interpreters, service
from tests.variants.rendering import render
from tests.variants.sheets import Sheet

TESTED = Path(__file__).with_name("tested_versions.txt")
WAY_OUT = "If the change is meant: uvx nox -s variants -- --write-pins, then run them all."


def locked(folder: Path) -> set[str]:
    """`name==version` of every package that the service's uv.lock takes from an index."""
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
    return set(TESTED.read_text("utf-8").split()) if TESTED.exists() else set()


def write(versions: set[str]) -> None:
    """Makes `versions` the tested ones: no address, one a line, so that a diff reads well."""
    TESTED.write_text("".join(f"{version}\n" for version in sorted(versions)), "utf-8")
