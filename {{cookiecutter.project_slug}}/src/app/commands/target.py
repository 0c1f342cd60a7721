"""Which servers a command works with: the configured ones, else the project's embedded ones."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.core.database import Database
from app.core.errors import Unavailable
from app.core.migrations import ROOT
from app.core.redis import Redis, RedisSettings, RedisUnavailable
from app.core.settings import DatabaseSettings, read
from app.embedded import postgres, valkey

DATA = ROOT / ".data"
POSTGRES = DATA / "postgres"
VALKEY = DATA / "valkey"


class DatabaseUnreachable(Exception):
    """The configured database does not let us in; the message says what it said instead."""


class RedisUnreachable(Exception):
    """The configured Redis does not let us in; the message says what it said instead."""


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
        with _settled("DATABASE_URL", running):
            yield running
    else:
        with postgres.serve(folder) as address, _settled("DATABASE_URL", address):
            yield address


@contextmanager
def redis(folder: Path = VALKEY) -> Iterator[None]:
    """Sets REDIS_URL unless it is; otherwise as `database`, with nothing kept.

    Raises UnsafeSettings, RedisUnreachable, EmbeddedValkeyUnavailable.
    """
    if redis_configured():
        asyncio.run(_reach_redis())
        yield
    elif running := valkey.address(folder):
        with _settled("REDIS_URL", running):
            yield
    else:
        with valkey.serve(folder) as address, _settled("REDIS_URL", address):
            yield


def configured() -> bool:
    """Whether anybody said where to work: then nothing embedded takes its place."""
    settings = read(DatabaseSettings)
    return bool(settings.database_url or settings.migration_database_url)


def redis_configured() -> bool:
    """Whether anybody said which Redis to use."""
    return read(RedisSettings).redis_url is not None


def cause(error: Exception) -> str:
    """What the driver or the network said, without the words around it; it holds no password."""
    told = error.__cause__ or error
    return str(told) or type(told).__name__


async def _reach(setting: str, address: str) -> None:
    try:
        async with Database(address) as database, database.engine.connect():
            pass
    except (Unavailable, DBAPIError, TimeoutError) as error:
        raise DatabaseUnreachable(
            f"The database of {setting} cannot be reached: {cause(error)}"
        ) from error


async def _reach_redis() -> None:
    try:
        async with Redis.configured() as redis:
            await redis.ping()
    except RedisUnavailable as error:
        raise RedisUnreachable(
            f"The Redis of REDIS_URL cannot be reached: {cause(error)}"
        ) from error


@contextmanager
def _settled(setting: str, address: str) -> Iterator[None]:
    os.environ[setting] = address
    read.cache_clear()
    try:
        yield
    finally:
        del os.environ[setting]
        read.cache_clear()
