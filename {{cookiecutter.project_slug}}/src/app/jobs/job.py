"""What a feature contributes: jobs that somebody asks for, and those that the clock does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from app.core.database import Database
from app.core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One of either kind, as a member of a feature's JOBS.

    `name` has at most 40 characters, and stays as long as such jobs may wait. Higher `priority`
    goes first. An attempt ends after `seconds`, and there are so many `attempts`.
    """

    name: str
    priority: int = 0
    seconds: float = 60
    attempts: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Job[Arguments: BaseModel](Work):
    """`run` works as the system, in a transaction whose changes happen once, however often it runs.

    What it does beyond PostgreSQL may happen again. `arguments` are kept with the job and shown to
    whoever looks after it: ids, and nothing that tells of people.
    """

    arguments: type[Arguments]
    run: Callable[[UnitOfWork, Arguments], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic(Work):
    """`run` is due whenever `cron` says, in UTC, and opens its own transactions.

    It may run again at any time, and must do no harm then. When it fails, the next time is its
    second attempt: it has no other.
    """

    cron: str
    run: Callable[[Database], Awaitable[None]]
    attempts: Literal[1] = 1
