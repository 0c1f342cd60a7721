"""Databases for tests: made empty, migrated or cloned, and dropped again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import asyncpg
from alembic import command
from sqlalchemy.engine import URL

from app.core.database import url
from app.core.migrations import config, engine


@contextmanager
def made(server: str, template: str | None = None) -> Iterator[str]:
    """A database on that server, gone after the block; gives its address."""
    address = url(server).set(database=f"test_{uuid4().hex}")
    name = address.database
    source = f" TEMPLATE {url(template).database}" if template else ""
    run(server, f"CREATE DATABASE {name}{source}")
    try:
        yield address.render_as_string(hide_password=False)
    finally:
        run(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def migrated(server: str) -> Iterator[str]:
    """A database at the newest revision, with no connection left to it: ready to be cloned."""
    with made(server) as address:
        command.upgrade(config(engine(address)), "head")
        yield address


@contextmanager
def login(server: str, attributes: str = "") -> Iterator[URL]:
    """A login that is no superuser, gone after the block; gives the server's address as that one.

    To be entered before `made`: what it may do in a database ends with the database.
    """
    name, password = f"test_{uuid4().hex}", uuid4().hex
    run(server, f"CREATE ROLE {name} LOGIN PASSWORD '{password}' {attributes}")
    try:
        yield url(server).set(username=name, password=password)
    finally:
        run(server, f"DROP ROLE {name}")


def as_login(login: URL, address: str) -> str:
    """The address of the same database for that login."""
    return login.set(database=url(address).database).render_as_string(hide_password=False)


def run(address: str, *statements: str) -> None:
    """Each by itself, as the login of the address."""
    for statement in statements:
        asyncio.run(_execute(address, statement))


async def _execute(address: str, statement: str) -> None:
    plain = url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
