"""Which database a command works on: the configured one, else the project's embedded one."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.core.database import Database
from app.core.errors import Unavailable
from app.core.migrations import ROOT
from app.core.settings import DatabaseSettings, read
from app.embedded import postgres

DATA = ROOT / ".data"
POSTGRES = DATA / "postgres"


class DatabaseUnreachable(Exception):
    """The configured database does not let us in; the message says what it said instead."""


@contextmanager
def database(folder: Path = POSTGRES) -> Iterator[str]:
    """Its address, set as DATABASE_URL too; an embedded server ends with the block.

    One that `app dev` runs on `folder` at the moment is used and left running. Raises
    UnsafeSettings, DatabaseUnreachable, EmbeddedPostgresUnavailable.
    """
    if configured():
        settings = read(DatabaseSettings)
        asyncio.run(_reach("DATABASE_URL", settings.address))
        asyncio.run(_reach("MIGRATION_DATABASE_URL", settings.migration_address))
        yield settings.address
    elif running := postgres.address(folder):
        with _settled(running):
            yield running
    else:
        with postgres.serve(folder) as address, _settled(address):
            yield address


def configured() -> bool:
    """Whether anybody said where to work: then nothing embedded takes its place."""
    settings = read(DatabaseSettings)
    return bool(settings.database_url or settings.migration_database_url)


def cause(error: Exception) -> str:
    """What the driver or the network said, without the words around it; it holds no password."""
    return str(error.__cause__ or error)


async def _reach(setting: str, address: str) -> None:
    try:
        async with Database(address) as database, database.engine.connect():
            pass
    except (Unavailable, DBAPIError, TimeoutError) as error:
        raise DatabaseUnreachable(
            f"The database of {setting} cannot be reached: {cause(error)}"
        ) from error


@contextmanager
def _settled(address: str) -> Iterator[None]:
    os.environ["DATABASE_URL"] = address
    read.cache_clear()
    try:
        yield
    finally:
        del os.environ["DATABASE_URL"]
        read.cache_clear()
