"""What a feature is: a module that sets itself up and may contribute to the whole."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import chain
from typing import Protocol
from uuid import UUID

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.cache import Cache
from app.core.database import Database
from app.core.redis import Redis

API = "/api/v1"


class Feature(Protocol):
    """A feature's `__init__.py`.

    Besides `setup` it may hold lists, which `contributions` reads: SETTINGS (classes), COMMANDS
    (typer apps), CHECKS, PURGES, SEEDS, WARMUPS, LIFESPANS (what runs as long as the process),
    PERSONAL_DATA. Its tables join Alembic's metadata by being imported.
    """

    __name__: str

    def setup(self, app: FastAPI) -> None:
        """Adds routes, middleware or state to the application under construction."""


@dataclass(frozen=True, slots=True)
class Connections:
    """What the service reaches beyond its own process."""

    database: Database
    redis: Redis


@dataclass(frozen=True, slots=True)
class Check:
    """A dependency that readiness asks about; `probe` raises when it does not answer.

    Without one that is `required` the service is not ready; without another it is degraded.
    """

    name: str
    probe: Callable[[Connections], Awaitable[None]]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Purge:
    """Rows past their time: `batch` deletes at most so many in a transaction, gives how many."""

    name: str
    batch: Callable[[Database, int], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Warmup:
    """What is worth loading before anybody asks; `run` gives how many entries it looked at."""

    name: str
    run: Callable[[Database, Cache], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a feature keeps of a person: `export` gives it for that person's own eyes.

    `erase` empties or deletes it when the account is erased; without one it may stay, as it says
    of nobody who they were. Both run as the system, in the transaction of the session they get.
    """

    name: str
    export: Callable[[AsyncSession, UUID], Awaitable[Sequence[BaseModel]]]
    erase: Callable[[AsyncSession, UUID], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Lifespan:
    """What runs beside the requests: entered once the database is open, left before it closes."""

    name: str
    run: Callable[[Database], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Seed:
    """Rows to play with in development; `plant` gives how many it added, 0 when there were some."""

    name: str
    plant: Callable[[Database], Awaitable[int]]


def contributions[T](features: Iterable[Feature], member: str, kind: type[T]) -> list[T]:
    """All that these features hold under `member`, in their order.

    Raises TypeError when something of another kind stands there.
    """
    found = list(chain.from_iterable(getattr(feature, member, ()) for feature in features))
    for item in found:
        if not isinstance(item, kind):
            raise TypeError(f"`{member}` holds {item!r}, which is no {kind.__name__}")
    return found


def register(app: FastAPI, router: APIRouter) -> None:
    """Adds the routes flat: an included router is matched again at each level, on every request.

    They are tried in turn, 0.3 us each. What comes later stands before the rest, as it is asked
    for most: a service's own resources come after what every service has.
    """
    app.router.routes[:0] = router.routes
