"""What a test may ask about queries: which are sent, and how PostgreSQL runs them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the server inside the block."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _u: object, sql: str, values: Any, *_: object) -> None:
        seen.append((sql, values))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def plan(session: AsyncSession, sql: str, values: Any) -> str:
    """How PostgreSQL would run it, had it no choice but to use an index."""
    connection = await session.connection()
    await connection.exec_driver_sql("ANALYZE")
    for way in ("seqscan", "bitmapscan"):
        await connection.exec_driver_sql(f"SET enable_{way} = off")
    try:
        rows = await connection.exec_driver_sql(f"EXPLAIN {sql}", values)
        return "\n".join(row[0] for row in rows)
    finally:
        await connection.exec_driver_sql("RESET ALL")
