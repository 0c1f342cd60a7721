"""What goes with a resource that the service came with: files and lines outside its folders."""

import tomllib
from pathlib import PurePosixPath

from scaffold.change import Change

LISTED = PurePosixPath("tools/scaffold/example.toml")


def take_along(change: Change, names: list[str]) -> None:
    """Takes out what goes with these, and the list itself once the rest of it is gone too."""
    listed = tomllib.loads(change.text(LISTED))
    for name in names:
        going = listed.get(name, {"files": [], "lines": {}})
        for file in going["files"]:
            change.delete(PurePosixPath(file))
        for file, beginnings in going["lines"].items():
            cut(change, PurePosixPath(file), tuple(beginnings))
    left = listed.keys() - set(names)
    if not any((change.root / "src" / "app" / each).exists() for each in left):
        change.delete(LISTED)


def cut(change: Change, path: PurePosixPath, beginnings: tuple[str, ...]) -> None:
    """Takes out the lines that begin so, whatever their indent, of a file that is there."""
    lines = change.text(path).splitlines(keepends=True)
    kept = [line for line in lines if not line.lstrip().startswith(beginnings)]
    if lines:
        change.write(path, "".join(kept))
