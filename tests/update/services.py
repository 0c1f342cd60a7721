"""A rendered service under git, and what `cruft` does with it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.update.history import alone, git
from tests.variants.sheets import Sheet

NAMES: Sheet = {"project_name": "Corner Shop", "project_slug": "the-shop"}
MARKER = re.compile(r"^(<<<<<<< ours|=======|>>>>>>> theirs)\n", re.MULTILINE)
DIFFERENT = re.compile(r"^diff --git upstream-template-old/(\S+) ", re.MULTILINE)


@dataclass(frozen=True)
class Service:
    """A rendered service under git."""

    folder: Path

    def cruft(self, *words: str) -> subprocess.CompletedProcess[str]:
        """How `cruft` ends, and what it says."""
        return cruft(self.folder, *words)

    def git(self, *words: str) -> list[str]:
        """The lines that git says. Raises CalledProcessError."""
        return git(self.folder, *words).decode().splitlines()

    def commit(self, message: str) -> None:
        """Commits everything that is not ignored."""
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def copy(self, to: Path) -> Service:
        """The same service elsewhere."""
        shutil.copytree(self.folder, to, symlinks=True)
        return Service(to)

    def text(self, name: str) -> str:
        """The content of a file."""
        return (self.folder / name).read_text("utf-8")

    def write(self, name: str, text: str) -> None:
        """Makes it the content of a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")

    def files(self) -> dict[str, bytes]:
        """What git knows or would, by path; without cruft's own record."""
        names = self.git("ls-files", "-co", "--exclude-standard")
        paths = {name: self.folder / name for name in names if name != ".cruft.json"}
        return {name: path.read_bytes() for name, path in paths.items() if path.exists()}

    def answers(self) -> dict[str, object]:
        """The answers that cruft keeps."""
        return dict(json.loads(self.text(".cruft.json"))["context"]["cookiecutter"])

    def shown(self) -> list[str]:
        """The files that `cruft diff` shows."""
        done = self.cruft("diff")
        assert done.returncode == 0, done.stderr
        return DIFFERENT.findall(done.stdout)

    def conflicts(self) -> list[str]:
        """The files that wait for a decision."""
        return self.git("diff", "--name-only", "--diff-filter=U")

    def keep_both_sides(self) -> None:
        """Decides each conflict as a union: what both have added stays."""
        for name in self.conflicts():
            self.write(name, MARKER.sub("", self.text(name)))


def cruft(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """How `cruft` ends in the folder, and what it says."""
    return subprocess.run(
        [sys.executable, "-m", "cruft", *words],
        cwd=folder,
        env=alone(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def created(template: Path, commit: str, sheet: Sheet, into: Path) -> Service:
    """A service as `cruft create` makes it, committed before anybody touches it."""
    into.mkdir(parents=True)
    answers = json.dumps({**NAMES, **sheet})
    words = ("create", "-y", "-c", commit, "--extra-context", answers, str(template))
    done = cruft(into, *words)
    assert done.returncode == 0, done.stderr
    service = Service(into / str(NAMES["project_slug"]))
    service.git("init", "-q", "-b", "main")
    service.commit("Begin")
    return service
