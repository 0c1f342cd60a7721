"""Rows past their time go batch by batch, each committed before the next begins."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.commands import purge
from app.core.database import Database
from app.core.feature import Purge
from tests.commands.conftest import Run

OLDEST = "DELETE FROM expired WHERE id IN (SELECT id FROM expired ORDER BY id LIMIT :size)"


@pytest.fixture
async def expired(database: Database) -> AsyncIterator[Database]:
    """Five rows past their time."""
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE expired AS SELECT generate_series(1, 5) AS id"))
    yield database
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE expired"))


async def left(database: Database) -> int:
    async with database.reading() as session:
        return int(await session.scalar(text("SELECT count(*) FROM expired")) or 0)


@pytest.mark.parametrize(
    ("size", "seen"), [(2, [5, 3, 1]), (5, [5, 0]), (9, [5])], ids=["odd", "exact", "all at once"]
)
async def test_batches_follow_until_one_stays_short(
    expired: Database, size: int, seen: list[int]
) -> None:
    left_before_each: list[int] = []

    async def delete(database: Database, size: int) -> int:
        left_before_each.append(await left(database))
        async with database.unit_of_work() as work:
            gone = await work.session.execute(text(f"{OLDEST} RETURNING id"), {"size": size})
            return len(gone.all())

    assert await purge.run([Purge("rows", delete)], expired, size) == {"rows": 5}
    assert (left_before_each, await left(expired)) == (seen, 0)


def test_the_report_has_a_line_for_each_purge() -> None:
    assert list(purge.report({"tokens": 3, "keys": 0})) == ["tokens: 3 deleted", "keys: 0 deleted"]


def test_a_service_in_which_nothing_expires_says_so() -> None:
    assert list(purge.report({})) == ["No feature of this service keeps rows that expire."]


def test_the_command_purges_the_configured_database(run: Run, address: str) -> None:
    result = run("purge", DATABASE_URL=address)

    assert (result.exit_code, result.output != "") == (0, True)
