"""A change of the project as a whole: it can be shown, drawn and done, all of it or nothing."""

import difflib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from rich.tree import Tree


@dataclass(frozen=True)
class Change:
    """What files will hold, by their paths below `root`; None for a file that goes."""

    root: Path
    files: dict[PurePosixPath, str | None] = field(default_factory=dict)

    def text(self, path: PurePosixPath) -> str:
        """What the file will hold; empty for one that is not there."""
        return (self.files[path] or "") if path in self.files else self._now(path)

    def write(self, path: PurePosixPath, text: str) -> None:
        """Notes the text; what is the same already is no change."""
        self.files.pop(path, None)
        if text.encode("utf-8") != self._bytes(path):
            self.files[path] = text

    def delete(self, path: PurePosixPath) -> None:
        """Notes that the file goes, or everything in the folder, if it is there."""
        found = [self.root / path, *(self.root / path).rglob("*")]
        for each in found:
            if each.is_file() and "__pycache__" not in each.parts:
                self.files[PurePosixPath(each.relative_to(self.root).as_posix())] = None

    def difference(self) -> Iterator[str]:
        """The lines of a unified diff, sorted by path."""
        for path, text in sorted(self.files.items()):
            old = f"a/{path}" if (self.root / path).exists() else "/dev/null"
            new = "/dev/null" if text is None else f"b/{path}"
            before, after = self._now(path).splitlines(), (text or "").splitlines()
            yield from difflib.unified_diff(before, after, old, new, lineterm="")

    def tree(self) -> Tree:
        """The changed files in their folders, each with what happens to it."""
        tree = Tree(self.root.name)
        branches = {PurePosixPath(): tree}
        for path, text in sorted(self.files.items()):
            for folder in reversed(path.parents):
                if folder not in branches:
                    branches[folder] = branches[folder.parent].add(f"{folder.name}/")
            branches[path.parent].add(f"{path.name}  {self._what_happens(path, text)}")
        return tree

    def apply(self) -> None:
        """Writes and deletes; what goes wrong, an interrupt too, leaves all as it was."""
        before = {path: self._bytes(path) for path in self.files}
        try:
            for path, text in self.files.items():
                put(self.root / path, None if text is None else text.encode("utf-8"))
            tidy(self.root / path.parent for path, text in self.files.items() if text is None)
        except BaseException:
            for path, content in before.items():
                put(self.root / path, content)
            tidy(self.root / path.parent for path, content in before.items() if content is None)
            raise

    def _now(self, path: PurePosixPath) -> str:
        return (self._bytes(path) or b"").decode("utf-8")

    def _bytes(self, path: PurePosixPath) -> bytes | None:
        return (self.root / path).read_bytes() if (self.root / path).exists() else None

    def _what_happens(self, path: PurePosixPath, text: str | None) -> str:
        if text is None:
            return "[red]deleted"
        return "[yellow]changed" if (self.root / path).exists() else "[green]written"


def put(path: Path, content: bytes | None) -> None:
    """Makes the file hold this; None deletes it."""
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def tidy(folders: Iterable[Path]) -> None:
    """Deletes each folder in which at most compiled files are left, and then those around it."""
    for start in folders:
        for folder in (start, *start.parents):
            if folder.exists() and {each.name for each in folder.iterdir()} - {"__pycache__"}:
                break
            shutil.rmtree(folder, ignore_errors=True)
