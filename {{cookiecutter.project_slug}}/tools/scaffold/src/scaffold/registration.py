"""The lists of the service in which a resource stands; nothing else has to know of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from scaffold.change import Change
from scaffold.definition import Resource
from scaffold.edits import added, names, removed
from scaffold.listing import Find, contract, grid, imported, literal
from scaffold.refusal import Refused

MAIN = PurePosixPath("src/app/main.py")
PERMISSIONS = PurePosixPath("src/app/auth/permissions.py")
PROJECT = PurePosixPath("pyproject.toml")
PUBLIC = PurePosixPath("tests/auth/test_deny_by_default.py")
README = PurePosixPath("README.md")

IMPORTS = imported("app")
FEATURES = literal("FEATURES")
HOLDERS = literal("HOLDERS")
ROUTES = literal("PUBLIC")
LAYERS = contract("routers -> services -> repositories", "containers")
OUTSIDE_CORE = contract("core knows no feature", "forbidden_modules")
INDEPENDENT = contract("optional features are independent", "modules")


@dataclass(frozen=True)
class Entry:
    """A member of a list: the file, the list as people call it, the line that is to stand there."""

    path: PurePosixPath
    called: str
    find: Find
    name: str
    line: str
    sorted_in: bool = False


def entries(resource: Resource) -> Iterator[Entry]:
    """Where the resource has to stand."""
    name, module = resource.many, f"app.{resource.many}"
    yield Entry(MAIN, "from app import", IMPORTS, name, f"{name},", sorted_in=True)
    yield Entry(MAIN, "FEATURES", FEATURES, name, f"{name},")
    everybody, writers = "frozenset(Role)", "frozenset(Role)" if resource.owned else "_ADMINS"
    for permission, holders in ((f"{name}:read", everybody), (f"{name}:write", writers)):
        yield Entry(PERMISSIONS, "HOLDERS", HOLDERS, permission, f'"{permission}": {holders},')
    for called, find in (("containers", LAYERS), ("forbidden_modules", OUTSIDE_CORE)):
        yield Entry(PROJECT, called, find, module, f'"{module}",')


def register(change: Change, resource: Resource) -> None:
    """Enters the resource everywhere. Raises Refused for each list that cannot be found."""
    faults = []
    for each in entries(resource):
        text = added(
            change.text(each.path), each.find, each.name, each.line, sorted_in=each.sorted_in
        )
        if text is None:
            faults.append(
                f"{each.path}: `{each.called}` was not found. "
                "Write it with brackets, one member a line, as the service came."
            )
        else:
            change.write(each.path, text)
    if faults:
        raise Refused(faults)
    if with_row := added(change.text(README), grid, resource.many, row(resource)):
        change.write(README, with_row)


def row(resource: Resource) -> str:
    """The resource in the README's grid, as the features above it."""
    folder, sees = f"src/app/{resource.many}", "their owners" if resource.owned else "everybody"
    layers = ("router", "service", "repository", "models", "schemas")
    cells = [f"[{layer}]({folder}/{layer}.py)" for layer in layers]
    face = f"[{resource.many}]({folder}/__init__.py): seen by {sees}"
    return f"| {' | '.join([face, *cells])} |"


def unregister(change: Change, name: str) -> None:
    """Takes the resource out of every list in which it stands."""
    module = f"app.{name}"
    for find in (IMPORTS, FEATURES):
        leave(change, MAIN, find, name)
    for find in (LAYERS, OUTSIDE_CORE, INDEPENDENT):
        leave(change, PROJECT, find, module)
    for path, find, theirs in (
        (PERMISSIONS, HOLDERS, rf"{name}:.*"),
        (PUBLIC, ROUTES, rf"[A-Z]+ /api/v1/{name}(/.*)?"),
    ):
        for each in names(change.text(path), find):
            if re.fullmatch(theirs, each):
                leave(change, path, find, each)
    leave(change, README, grid, name)


def leave(change: Change, path: PurePosixPath, find: Find, name: str) -> None:
    """Takes one out of the list of a file, if there is one."""
    if text := change.text(path):
        change.write(path, removed(text, find, name))
