"""A token proves something once, for one purpose, in its time."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from app.core.database import Database
from app.mail.dependencies import one_time_tokens
from app.mail.models import OneTimeToken
from app.mail.one_time import Purpose
from tests.people import a_person

HOUR = timedelta(hours=1)


@pytest.fixture
async def ada(database: Database) -> UUID:
    return (await a_person(database)).id


async def issue(database: Database, user_id: UUID, purpose: Purpose = "reset") -> str:
    async with database.unit_of_work() as work:
        return await one_time_tokens(work.session).issue(user_id, purpose, HOUR)


async def redeem(database: Database, token: str, purpose: Purpose = "reset") -> UUID | None:
    async with database.unit_of_work() as work:
        return await one_time_tokens(work.session).redeem(token, purpose)


async def test_it_tells_whose_it_is_exactly_once(database: Database, ada: UUID) -> None:
    token = await issue(database, ada)

    assert [await redeem(database, token) for _ in range(2)] == [ada, None]


async def test_of_twenty_uses_at_once_one_succeeds(database: Database, ada: UUID) -> None:
    token = await issue(database, ada)

    answers = await asyncio.gather(*(redeem(database, token) for _ in range(20)))

    assert sorted(answers, key=str) == [ada] + [None] * 19


async def test_it_is_good_for_its_purpose_only(database: Database, ada: UUID) -> None:
    token = await issue(database, ada, "verify")

    assert await redeem(database, token, "reset") is None
    assert await redeem(database, token, "verify") == ada


async def test_a_new_one_ends_the_earlier_ones_of_its_purpose_and_user(
    database: Database, ada: UUID
) -> None:
    bob = (await a_person(database)).id
    earlier, other = await issue(database, ada), await issue(database, ada, "verify")
    bobs, newest = await issue(database, bob), await issue(database, ada)

    assert await redeem(database, earlier) is None
    assert await redeem(database, newest) == ada
    assert await redeem(database, other, "verify") == ada
    assert await redeem(database, bobs) == bob


async def test_of_two_issued_at_once_the_use_of_one_ends_the_other(
    database: Database, ada: UUID
) -> None:
    one, other = await asyncio.gather(issue(database, ada), issue(database, ada))

    assert sorted([await redeem(database, one), await redeem(database, other)], key=str) == [
        ada,
        None,
    ]


async def test_it_ends_with_its_time(database: Database, ada: UUID) -> None:
    token = await issue(database, ada)
    async with database.unit_of_work() as work:
        await work.session.execute(update(OneTimeToken).values(expires_at=func.now()))

    assert await redeem(database, token) is None


async def test_a_use_that_is_rolled_back_uses_nothing_up(database: Database, ada: UUID) -> None:
    token = await issue(database, ada)
    with pytest.raises(ZeroDivisionError):
        async with database.unit_of_work() as work:
            assert await one_time_tokens(work.session).redeem(token, "reset") == ada
            _ = 1 / 0

    assert await redeem(database, token) == ada


@pytest.mark.parametrize("token", ["", "x", "ö", "\x00", "\ud800", "x" * 10_000])
async def test_garbage_is_nobodys(database: Database, token: str) -> None:
    assert await redeem(database, token) is None


async def test_the_table_holds_nothing_that_could_be_used(database: Database, ada: UUID) -> None:
    token = await issue(database, ada)
    async with database.reading() as session:
        (row,) = await session.scalars(select(OneTimeToken))

    assert len(token) == 43  # 256 bits
    assert row.hash != token.encode()
    assert token not in str(vars(row))
