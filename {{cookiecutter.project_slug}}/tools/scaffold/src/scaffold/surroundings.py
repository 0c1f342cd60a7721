"""What the service has already, as far as a new resource has to know it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A resource that others may refer to; its key is the UUID `id`.

    `factory` is what makes one in a test, as module.function: it takes the database, for an owned
    resource also the owner's id, and gives something with an `id`. None where tests have none.
    """

    table: str
    model: str
    module: str
    owned: bool = False
    soft_delete: bool = False
    factory: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """`folders` are those of `src/app`, `tables` those of all models, `head` the newest revision.

    `resources` are known by their folder; `next_number` is four digits.
    """

    resources: Mapping[str, Known]
    folders: frozenset[str]
    tables: frozenset[str]
    permissions: frozenset[str]
    head: str
    next_number: str
