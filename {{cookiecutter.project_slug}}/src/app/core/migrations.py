"""Alembic from Python: the revisions of this project against one database."""

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, inspect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.core.database import Database, url
from app.core.models import Model
from app.core.settings import DatabaseSettings, read

ROOT = Path(__file__).resolve().parents[3]


def config(target: AsyncEngine | None = None) -> Config:
    """Alembic's configuration; without a target the settings say which database."""
    return Config(toml_file=ROOT / "pyproject.toml", attributes={"connection": target})


def engine(address: str | None = None) -> AsyncEngine:
    """For a single run, so without a pool; direct, as a session lock survives no proxy."""
    settings = read(DatabaseSettings)
    return create_async_engine(url(address or settings.migration_address), poolclass=NullPool)


def heads() -> list[str]:
    """The newest revisions; more than one need a merge before anything can be applied."""
    return sorted(ScriptDirectory.from_config(config()).get_heads())


class SeveralHeads(Exception):
    """Two histories meet, for instance the template's and the service's own."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(
            f"There are several newest revisions: {', '.join(found)}."
            ' Join them first: app revision --merge -m "merge"'
        )


def require_one_head() -> None:
    """Raises SeveralHeads."""
    if len(found := heads()) > 1:
        raise SeveralHeads(found)


async def applied(database: Database) -> list[str]:
    """The revisions that this database is at; none before the first migration."""
    async with database.engine.connect() as connection:
        return list(
            await connection.run_sync(
                lambda sync: MigrationContext.configure(sync).get_current_heads()
            )
        )


async def missing(database: Database) -> list[str]:
    """The models' tables that this database has not.

    At the newest revision that happens where an option was turned on later: its revisions come in
    below those that are applied, and so count as applied too.
    """
    async with database.engine.connect() as connection:
        there = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    return sorted(Model.metadata.tables.keys() - set(there))
