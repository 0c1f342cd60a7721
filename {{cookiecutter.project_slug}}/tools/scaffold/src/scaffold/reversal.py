"""What becomes of the revisions that made the tables of a resource which goes.

Where no other database can have them they are deleted; elsewhere new ones drop what they made.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

from scaffold.change import Change
from scaffold.edits import added, removed
from scaffold.history import VERSIONS, Revision, ancestors, heirs, revisions
from scaffold.listing import literal
from scaffold.repository import is_released
from scaffold.sources import assignments, parsed, read, replaced
from scaffold.surroundings import Surroundings
from scaffold.turning import turned

Way = Callable[[Change, set[str], Surroundings], list[str]]
"""Notes what happens to the revisions that made these tables, and gives the faults."""
PARENTS = literal("down_revision")
KEEP = "keep the revisions (--keep-migrations) and let `app revision` write what drops the tables."


def kept(_: Change, __: set[str], ___: Surroundings) -> list[str]:
    """The revisions stay, and so do the tables."""
    return []


def deleted(change: Change, tables: set[str], around: Surroundings) -> list[str]:
    """The revisions go; what followed them follows those before."""
    history = revisions(change.root)
    made = {each.name: each for each in history if makes(each) & tables}
    for each in made.values():
        change.delete(path(each))
    for each in history:
        if each.name not in made and made.keys() & set(each.parents):
            _follow(change, each, set(made), history)
    return list(_entangled(history, made, tables, around))


def dropped(change: Change, tables: set[str], around: Surroundings) -> list[str]:
    """For each of the revisions another one takes back what it did; the newest comes first."""
    history = revisions(change.root)
    made = {each.name: each for each in history if makes(each) & tables}
    head, number = around.head, int(around.next_number)
    for each in sorted(made.values(), key=lambda it: -len(ancestors(history, it.name))):
        name = f"{number:04}_drop_{re.sub(r'^[0-9a-f]+_', '', each.path.stem)}"
        text = turned(read(each.path), name, head)
        change.write(PurePosixPath(VERSIONS, f"{name}.py"), text)
        head, number = name, number + 1
    return list(_entangled(history, made, tables, around))


def as_git_knows(change: Change, tables: set[str], around: Surroundings) -> list[str]:
    """They are deleted unless one of them was released."""
    made = (path(each) for each in revisions(change.root) if makes(each) & tables)
    released = any(is_released(change.root, each) for each in made)
    return (dropped if released else deleted)(change, tables, around)


def makes(revision: Revision) -> set[str]:
    """The tables that it creates; on the way back it may create what it has dropped."""
    functions = [
        each
        for each in parsed(read(revision.path), revision.path).body
        if isinstance(each, ast.FunctionDef) and each.name != "downgrade"
    ]
    calls = [node for each in functions for node in ast.walk(each) if isinstance(node, ast.Call)]
    return {
        str(call.args[0].value)
        for call in calls
        if ast.unparse(call.func) == "op.create_table" and isinstance(call.args[0], ast.Constant)
    }


def path(revision: Revision) -> PurePosixPath:
    """The file, below the folder of the service."""
    return PurePosixPath(VERSIONS, revision.path.name)


def _follow(change: Change, each: Revision, gone: set[str], history: list[Revision]) -> None:
    """Lets a revision follow those before the ones that go."""
    text, parents = change.text(path(each)), heirs(history, each.parents, gone)
    listed = PARENTS(text)
    for name in gone if listed else ():
        text = removed(text, PARENTS, name)
    for name in parents if listed else ():
        text = added(text, PARENTS, name, f'"{name}",') or text
    if not listed:
        said = ", ".join(f'"{name}"' for name in parents)
        value = dict(assignments(ast.parse(text)))["down_revision"]
        text = replaced(text, value, f"({said})" if len(parents) > 1 else said or "None")
    change.write(path(each), text)


def _entangled(
    history: list[Revision], made: Mapping[str, Revision], tables: set[str], around: Surroundings
) -> Iterator[str]:
    """What cannot be taken back by itself: a revision of several resources, several of the one."""
    for each in history:
        said = list(strings(each))
        if each.name in made:
            others = (around.tables | makes(each)) - tables
            if also := sorted(others & set(said)):
                yield f"{path(each)} is also about {', '.join(also)}: take that along, or {KEEP}"
        elif also := sorted(table for table in tables if _named(table, said)):
            yield f"{path(each)} is also about {', '.join(also)}: {KEEP}"


def _named(table: str, said: list[str]) -> bool:
    return any(re.search(rf"\b{table}\b", each) for each in said)


def strings(revision: Revision) -> Iterator[str]:
    """What its functions say in strings, but for what they say of themselves."""
    for function in parsed(read(revision.path), revision.path).body:
        if isinstance(function, ast.FunctionDef):
            docstring = ast.get_docstring(function, clean=False)
            for node in ast.walk(function):
                said = node.value if isinstance(node, ast.Constant) else None
                if isinstance(said, str) and said != docstring:
                    yield said
