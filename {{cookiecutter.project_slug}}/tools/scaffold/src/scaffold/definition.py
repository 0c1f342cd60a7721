"""Reads a wish for a resource, and refuses with everything that is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scaffold import clashes, spelling
from scaffold.grammar import field_of
from scaffold.refusal import Refused
from scaffold.resource import Field, Resource
from scaffold.surroundings import Surroundings

__all__ = ["Flags", "Resource", "parse"]


@dataclass(frozen=True)
class Flags:
    """What a resource is besides its fields; without a `plural` English says which."""

    plural: str | None = None
    owned: bool = False
    cached: bool = False
    paginate: Literal["page", "cursor"] = "page"
    idempotent: bool = False
    soft_delete: bool = False


def parse(name: str, words: Sequence[str], flags: Flags, surroundings: Surroundings) -> Resource:
    """The resource called `name`, with a field for each word. Raises Refused."""
    faults: list[str] = []
    fields = list(_fields(name, words, surroundings, faults))
    resource = Resource(
        one=name,
        many=flags.plural or spelling.plural(name),
        fields=fields,
        owned=flags.owned,
        cached=flags.cached,
        pages=flags.paginate == "page",
        idempotent=flags.idempotent,
        soft_delete=flags.soft_delete,
    )
    faults = faults or list(clashes.of_lack(resource))  # else it may be a fault that took one
    names, others = (of(resource, surroundings) for of in (clashes.of_names, clashes.of_fields))
    if faults := [*names, *faults, *others]:
        raise Refused(faults)
    return resource


def _fields(
    name: str, words: Sequence[str], surroundings: Surroundings, faults: list[str]
) -> Iterator[Field]:
    for word in words:
        try:
            yield field_of(word, name, surroundings)
        except Refused as refusal:
            faults += refusal.faults
