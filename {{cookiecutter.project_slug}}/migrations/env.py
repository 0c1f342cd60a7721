"""How Alembic reaches the database: one process at a time, never waiting long for a lock."""

import asyncio
import time

from alembic import context
from sqlalchemy import Connection, Engine, text
from sqlalchemy.ext.asyncio import AsyncEngine

import app.main  # noqa: F401 - every feature's tables join the metadata
from app.core.migrations import engine
from app.core.models import Model

# Any number will do, as long as every replica of this service uses the same.
_LOCK = 7_265_001
# Work on a large table that needs longer says so: op.execute("SET LOCAL statement_timeout = 0"),
# or a plain SET in an autocommit_block(), which has no transaction to be local to.
_BOUNDS = ("SET lock_timeout = '2s'", "SET statement_timeout = '10min'")


def _migrate(connection: Connection) -> None:
    """Replicas that start together queue here; the first migrates, the others find it done."""
    _await_turn(connection)
    for bound in _BOUNDS:
        connection.execute(text(bound))
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            compare_server_default=True,
            include_name=lambda it, *_: "procrastinate" not in str(it),  # feature: background_jobs
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.execute(text("RESET lock_timeout"))
        connection.execute(text("RESET statement_timeout"))
        connection.commit()


def _await_turn(connection: Connection) -> None:
    """Asks again and again: CREATE INDEX CONCURRENTLY waits for all who wait inside PostgreSQL."""
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
        connection.rollback()
        time.sleep(0.1)


async def _migrate_async(target: AsyncEngine) -> None:
    async with target.connect() as connection:
        await connection.run_sync(_migrate)
    await target.dispose()


def _print_sql() -> None:
    context.configure(
        dialect_name="postgresql",
        target_metadata=Model.metadata,
        literal_binds=True,
        transaction_per_migration=True,
    )
    for bound in _BOUNDS:
        context.execute(bound)
    with context.begin_transaction():
        context.run_migrations()


def _run() -> None:
    target = context.config.attributes.get("connection")
    if context.is_offline_mode():
        _print_sql()
    elif isinstance(target, Connection):
        _migrate(target)
    elif isinstance(target, Engine):
        with target.connect() as connection:
            _migrate(connection)
    else:
        asyncio.run(_migrate_async(target or engine()))


_run()
