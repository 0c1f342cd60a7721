"""The revisions of the service, as Alembic reads them: which follows which, which is the newest."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from scaffold.refusal import Refused
from scaffold.sources import assignments, parsed, read

VERSIONS = "migrations/versions"


@dataclass(frozen=True)
class Revision:
    """A migration: its file, its name, and the ones that it follows."""

    path: Path
    name: str
    parents: tuple[str, ...]


def revisions(project: Path) -> list[Revision]:
    """All of them, by their files' names."""
    return [revision(path) for path in sorted((project / VERSIONS).glob("*.py"))]


def revision(path: Path) -> Revision:
    """What the file says of itself."""
    assigned = dict(assignments(parsed(read(path), path)))
    name, parents = (ast.literal_eval(assigned[each]) for each in ("revision", "down_revision"))
    return Revision(path, name, (parents,) if isinstance(parents, str) else tuple(parents or ()))


def head(history: list[Revision]) -> str:
    """The newest revision. Raises Refused where there are several, as `app migrate` does."""
    followed = {parent for each in history for parent in each.parents}
    heads = [each.name for each in history if each.name not in followed]
    if len(heads) != 1:
        found = f"There are several newest revisions: {', '.join(heads)}."
        raise Refused([f'{found} Join them first: uv run app revision --merge -m "merge"'])
    return heads[0]


def next_number(history: list[Revision]) -> str:
    """One more than the highest number that a file begins with, in four digits."""
    numbered = (re.match(r"(\d{4})_", each.path.name) for each in history)
    return f"{1 + max((int(found[1]) for found in numbered if found), default=0):04}"


def ancestors(history: list[Revision], name: str) -> set[str]:
    """Everything that a revision follows, however far back."""
    (parents,) = (each.parents for each in history if each.name == name)
    return set(parents).union(*(ancestors(history, parent) for parent in parents))


def heirs(history: list[Revision], parents: tuple[str, ...], gone: set[str]) -> list[str]:
    """Whom to follow instead of these, once some are gone; none of them follows another."""
    before = {each.name: each.parents for each in history}
    found: list[str] = []
    for parent in parents:
        found += heirs(history, before[parent], gone) if parent in gone else [parent]
    older = set().union(*(ancestors(history, each) for each in found))
    return [each for each in dict.fromkeys(found) if each not in older]
