"""A resource leaves the service: its files, its places in the lists, its revisions."""

from pathlib import Path, PurePosixPath

from scaffold import companions, dependents, reversal
from scaffold.change import Change
from scaffold.project import models
from scaffold.refusal import Refused
from scaffold.registration import unregister
from scaffold.surroundings import Surroundings


def removal(
    project: Path, names: list[str], around: Surroundings, revisions: reversal.Way
) -> Change:
    """Everything that goes and changes. Raises Refused, with every fault."""
    if unknown := [name for name in names if name not in around.resources]:
        there = ", ".join(sorted(around.resources))
        raise Refused([f"There is no resource {name}; there are: {there}." for name in unknown])
    change = Change(project)
    tables = {table for path, _, table in models(project) if path.parent.name in names}
    for name in names:
        change.delete(PurePosixPath("src/app", name))
        change.delete(PurePosixPath("tests", name))
        unregister(change, name)
    companions.take_along(change, names)
    faults = dependents.faults(change, names, tables, set(around.resources))
    if faults := faults or revisions(change, tables, around):
        raise Refused(faults)
    return change
