"""Databases for tests: made empty, migrated or cloned, and dropped again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import asyncpg
from alembic import command

from app.core.database import url
from app.core.migrations import config, engine


@contextmanager
def made(server: str, template: str | None = None) -> Iterator[str]:
    """A database on that server, gone after the block; gives its address."""
    address = url(server).set(database=f"test_{uuid4().hex}")
    name = address.database
    source = f" TEMPLATE {url(template).database}" if template else ""
    asyncio.run(_execute(server, f"CREATE DATABASE {name}{source}"))
    try:
        yield address.render_as_string(hide_password=False)
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def migrated(server: str) -> Iterator[str]:
    """A database at the newest revision, with no connection left to it: ready to be cloned."""
    with made(server) as address:
        command.upgrade(config(engine(address)), "head")
        yield address


async def _execute(address: str, statement: str) -> None:
    plain = url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
