"""Finds the Pythons that can run a rendered service, also those that only pyenv knows."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

SUPPORTED = ("3.13", "3.12", "3.14")
"""Minor versions of CPython, the preferred one first."""


class NoInterpreterError(Exception):
    """No Python that a service runs on is here, and none could be fetched."""


def obtain(asked: str = SUPPORTED[0]) -> str:
    """The path of an interpreter: `asked`, else another supported one, else a download of `asked`.

    Raises NoInterpreterError, saying what to install.
    """
    for version in (asked, *SUPPORTED):
        if path := present(version):
            return path
    if subprocess.run(["uv", "python", "install", asked], check=False).returncode == 0:
        return present(asked) or asked
    raise NoInterpreterError(
        f"A rendered service needs Python {', '.join(sorted(SUPPORTED))}: none is installed here, "
        "and uv could not download one. Install one (python.org, pyenv, your system's packages) "
        "and run the same command again."
    )


@cache
def present(version: str) -> str | None:
    """The path of an installed CPython of this minor version, if uv or pyenv has one."""
    command = ["uv", "python", "find", "--system", "--no-python-downloads", version]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or in_pyenv(version)


def in_pyenv(version: str) -> str | None:
    """The path of the latest patch release of `version` among pyenv's, which uv does not see."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    homes = sorted(root.glob(f"versions/{version}.*"), key=patch_number)
    paths = [home / name for home in homes for name in ("python.exe", "bin/python")]
    return next((str(path) for path in reversed(paths) if path.exists()), None)


def patch_number(home: Path) -> tuple[bool, int]:
    """Orders 3.13.10 after 3.13.9, and anything with a suffix before both."""
    patch = home.name.rpartition(".")[2]
    return patch.isdecimal(), int(patch) if patch.isdecimal() else 0
