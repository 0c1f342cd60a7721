"""Counters of failed logins are forgotten after a quiet day."""

from hashlib import sha256

from sqlalchemy import func, select, text, update

from app.auth import PURGES
from app.auth.models import LoginFailures
from app.auth.repository import FailureRepository
from app.commands import purge
from app.core.database import Database


async def _failures(database: Database, *names: bytes) -> None:
    async with database.unit_of_work() as work:
        failures = FailureRepository(work.session)
        for name in names:
            await failures.add(sha256(name).digest(), allowed=1, first=30, longest=900)


async def test_counters_that_would_start_again_go_in_batches(database: Database) -> None:
    await _failures(database, b"a", b"b", b"c", b"locked")
    async with database.unit_of_work() as work:
        old = {"last_failed_at": text("now() - interval '25 hours'")}
        await work.session.execute(update(LoginFailures).values(old))
        await work.session.execute(
            update(LoginFailures)
            .where(LoginFailures.key != sha256(b"locked").digest())
            .values(locked_until=text("now() - interval '24 hours'"))
        )
    await _failures(database, b"new")

    assert await purge.run(PURGES, database, 2) == {"login_failures": 3}

    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(LoginFailures)) == 2
