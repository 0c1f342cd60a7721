"""A repository of the template as teams fetch it from: the previous release, then today."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.variants.rendering import TEMPLATE
from tests.variants.sheets import Sheet, code_options, covering

RELEASE = (TEMPLATE / "tests" / "previous_release").read_text("utf-8").strip()
THEN, TODAY = "then", "today"
"""The tags of the two commits."""


class ReleaseMissingError(Exception):
    """The clone of the template ends before its previous release."""

    def __init__(self) -> None:
        super().__init__(
            f"git has no {RELEASE[:7]}, the previous release, in this clone. "
            "Fetch the history: git fetch --unshallow"
        )


def alone() -> dict[str, str]:
    """Our environment without what a user, or a git that runs us, has set for git and cruft."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    people = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.com"))
    }
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "COOKIECUTTER_CONFIG": os.devnull}
    return {**inherited, **people, **nothing, "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *words: str) -> bytes:
    """What git says in the folder. Raises CalledProcessError."""
    command = ["git", *words]
    done = subprocess.run(command, cwd=folder, env=alone(), capture_output=True, check=True)
    return done.stdout


def released(*words: str) -> bytes:
    """What git says of the previous release. Raises ReleaseMissingError."""
    try:
        git(TEMPLATE, "cat-file", "-e", f"{RELEASE}^{{commit}}")
    except subprocess.CalledProcessError as error:
        raise ReleaseMissingError from error
    return git(TEMPLATE, *words)


def sheets_of_then() -> list[Sheet]:
    """The covering array of the previous release; without it one sheet, whose tests then fail."""
    try:
        asked = released("show", f"{RELEASE}:cookiecutter.json")
    except ReleaseMissingError:
        return [{}]
    return covering(code_options(json.loads(asked)))


def made(root: Path) -> Path:
    """The folder `root`, with both commits. Raises ReleaseMissingError."""
    archive = released("archive", "--format=tar", RELEASE)
    root.mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    with tarfile.open(fileobj=io.BytesIO(archive)) as release:
        release.extractall(root, filter="data")
    commit(root, THEN)
    git(root, "rm", "-rqf", ".")
    for name in git(TEMPLATE, "ls-files", "-zco", "--exclude-standard").decode().split("\0"):
        if name and (TEMPLATE / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TEMPLATE / name, root / name)
    commit(root, TODAY)
    return root


def commit(root: Path, tag: str) -> None:
    """Commits all that lies in the folder, under a tag."""
    git(root, "add", "-A")
    git(root, "commit", "-qm", tag)
    git(root, "tag", tag)
