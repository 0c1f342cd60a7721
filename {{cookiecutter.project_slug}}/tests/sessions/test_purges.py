"""What is past its time goes in bounded batches, and nothing else does."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func, select, text, update

from app.commands import purge
from app.core.caller import ANONYMOUS
from app.core.database import Database
from app.sessions import PURGES, purges
from app.sessions.models import RefreshToken, Session
from app.sessions.repository import SessionRepository
from tests.people import a_person

DAY = timedelta(days=1)


def _hash(number: int) -> bytes:
    return sha256(bytes([number])).digest()


async def _rotated(database: Database, *, times: int, seed: int) -> None:
    person = await a_person(database)
    async with database.unit_of_work() as work:
        sessions = SessionRepository(work.session)
        await sessions.add(person.id, ANONYMOUS, _hash(seed), idle=DAY, absolute=DAY)
        for number in range(seed, seed + times):
            await sessions.rotate(_hash(number), _hash(number + 1), idle=DAY)


async def _counts(database: Database) -> tuple[int | None, int | None]:
    async with database.reading() as session:
        return (
            await session.scalar(select(func.count()).select_from(Session)),
            await session.scalar(select(func.count()).select_from(RefreshToken)),
        )


async def test_expired_sessions_go_with_their_tokens_and_live_ones_stay(
    database: Database,
) -> None:
    await _rotated(database, times=4, seed=0)
    async with database.unit_of_work() as work:
        await work.session.execute(
            update(Session).values(expires_at=text("now() - interval '1 second'"))
        )
    await _rotated(database, times=1, seed=100)

    assert await purge.run(PURGES, database, 2) == {"refresh_tokens": 5, "sessions": 1}

    assert await _counts(database) == (1, 2)


async def test_a_batch_deletes_no_more_than_it_may(database: Database) -> None:
    async with database.reading() as session:
        # Who believes these tables empty plans a nested loop, and reads a subquery at each turn.
        await session.execute(text("ANALYZE"))
    await _rotated(database, times=4, seed=0)
    async with database.unit_of_work() as work:
        await work.session.execute(update(Session).values(expires_at=text("now() - interval '1s'")))

    assert await purges.sessions(database, 1) == 0  # its tokens stand before it
    assert await purges.tokens(database, 3) == 3

    assert await _counts(database) == (1, 2)
