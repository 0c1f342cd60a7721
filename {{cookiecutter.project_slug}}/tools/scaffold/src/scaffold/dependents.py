"""Who could not live without a resource: the code that imports it, the tables that refer to it."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from scaffold.change import Change
from scaffold.sources import parsed

SEARCHED = ("src", "tests", "migrations/env.py")


def faults(change: Change, names: list[str], tables: set[str], others: set[str]) -> list[str]:
    """A sentence for each room that would be left with a reference to what is not there.

    `others` are the resources of the service. Where one of them depends on what goes, only that is
    said: the rest may go along with it.
    """
    found: dict[str, str] = {}
    for path in python_files(change):
        tree = parsed(change.text(path), path)
        leans = [f"imports {module}" for name in names for module in imports(tree, name)]
        if path.name == "models.py":
            leans += [f"refers to {column}" for column in references(tree, tables)]
        if leans:
            found.setdefault(room(path), leans[0])
    theirs = {name: found[f"src/app/{name}"] for name in others if f"src/app/{name}" in found}
    if theirs:
        along = f"Take it along: remove-resource {' '.join([*names, *sorted(theirs)])}"
        return [f"src/app/{name} {what}. {along}" for name, what in sorted(theirs.items())]
    return [f"{where} {what}: change or delete it first." for where, what in found.items()]


def room(path: PurePosixPath) -> str:
    """The feature's folder, or that of its tests; the file where it stands in none."""
    depth = 3 if path.parts[0] == "src" else 2
    return "/".join(path.parts[:depth])


def python_files(change: Change) -> Iterator[PurePosixPath]:
    """Those that will be there."""
    for start in SEARCHED:
        folder = change.root / start
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*.py")):
            relative = PurePosixPath(path.relative_to(change.root).as_posix())
            if change.files.get(relative, "") is not None:
                yield relative


def imports(tree: ast.Module, name: str) -> Iterator[str]:
    """The modules of the resource or of its tests that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [f"{node.module}.{each.name}" for each in node.names]
        else:
            continue
        begins = (f"app.{name}.", f"tests.{name}.")
        yield from (each for each in modules if f"{each}.".startswith(begins))


def references(tree: ast.Module, tables: set[str]) -> Iterator[str]:
    """The columns of these tables that are named in strings, as foreign keys name them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            table, dot, _ = node.value.partition(".")
            if dot and table in tables:
                yield node.value
