"""The queries of sessions: one winner of any race, both lifetimes, and what is looked up how."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from app.core.caller import Caller
from app.core.database import Database
from app.core.pagination import PageQuery
from app.sessions.models import RefreshToken, Session
from app.sessions.repository import SessionRepository
from app.sessions.schemas import Owned, Standing
from app.users.models import Role, User
from tests.people import Person, a_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAPTOP = Caller(address="203.0.113.7", user_agent="Laptop")
FIRST, SECOND, THIRD = (sha256(word).digest() for word in (b"first", b"second", b"third"))


@pytest.fixture
async def person(database: Database) -> Person:
    return await a_person(database)


async def start(
    database: Database, user_id: UUID, token: bytes = FIRST, *, absolute: timedelta = DAY
) -> UUID:
    async with database.unit_of_work() as work:
        return await SessionRepository(work.session).add(
            user_id, LAPTOP, token, idle=HOUR, absolute=absolute
        )


async def rotate(
    database: Database, used: bytes = FIRST, fresh: bytes = SECOND, *, idle: timedelta = HOUR
) -> Owned | None:
    async with database.unit_of_work() as work:
        return await SessionRepository(work.session).rotate(used, fresh, idle=idle)


@pytest.fixture
async def reading(database: Database) -> AsyncIterator[SessionRepository]:
    async with database.reading() as session:
        yield SessionRepository(session)


async def change(database: Database, what: type[Any], **values: Any) -> None:
    async with database.unit_of_work() as work:
        await work.session.execute(update(what).values(values))


async def test_of_twenty_uses_at_once_one_wins(database: Database, person: Person) -> None:
    session_id = await start(database, person.id)

    won = await asyncio.gather(
        *(rotate(database, FIRST, sha256(bytes([n])).digest()) for n in range(20))
    )

    assert [owned for owned in won if owned] == [Owned(session_id, person.id)]
    async with database.reading() as session:
        kept = (await session.scalars(select(RefreshToken.hash))).all()
    assert len(kept) == 2


async def test_a_use_prolongs_the_session_but_never_past_its_absolute_end(
    database: Database, person: Person, reading: SessionRepository
) -> None:
    await start(database, person.id, absolute=2 * HOUR)
    await rotate(database)
    (soon,) = (await reading.page(person.id, None, PageQuery())).rows
    assert soon.last_used_at > soon.created_at
    assert soon.expires_at - soon.last_used_at == pytest.approx(HOUR, abs=timedelta(seconds=1))

    await rotate(database, SECOND, THIRD, idle=DAY)

    (late,) = (await reading.page(person.id, None, PageQuery())).rows
    assert late.expires_at - late.created_at == pytest.approx(2 * HOUR, abs=timedelta(seconds=1))


async def test_an_absolute_end_before_the_idle_one_holds_from_the_start(
    database: Database, person: Person, reading: SessionRepository
) -> None:
    await start(database, person.id, absolute=timedelta(minutes=5))

    (shown,) = (await reading.page(person.id, None, PageQuery())).rows

    assert shown.expires_at - shown.created_at < timedelta(minutes=6)


@pytest.mark.parametrize("column", ["expires_at", "revoked_at"])
async def test_a_session_that_is_over_is_over_for_everything(
    database: Database, person: Person, reading: SessionRepository, column: str
) -> None:
    session_id = await start(database, person.id)
    await rotate(database)
    await change(database, Session, **{column: text("now() - interval '1 second'")})

    assert await reading.standing(session_id) is None
    assert await rotate(database, SECOND, THIRD) is None
    assert await reading.spent(FIRST, HOUR) is None
    assert (await reading.page(person.id, None, PageQuery())).rows == []
    async with database.unit_of_work() as work:
        sessions = SessionRepository(work.session)
        assert not await sessions.end(session_id, person.id)
        assert await sessions.end_by_token(SECOND) is None
        assert await sessions.end_all(person.id, None) == 0


async def test_a_deactivated_user_can_not_refresh(database: Database, person: Person) -> None:
    await start(database, person.id)
    await change(database, User, is_active=False)

    assert await rotate(database) is None


async def test_a_standing_is_what_its_owner_is_now(
    database: Database, person: Person, reading: SessionRepository
) -> None:
    session_id = await start(database, person.id)
    (session,) = (await reading.page(person.id, None, PageQuery())).rows
    before = Standing(person.id, Role.USER, is_active=True, expires_at=session.expires_at)
    assert await reading.standing(session_id) == before

    await change(database, User, role=Role.ADMIN, is_active=False)

    after = replace(before, role=Role.ADMIN, is_active=False)
    assert await reading.standing(session_id) == after
    assert await reading.standing(uuid4()) is None


async def test_only_the_last_used_token_is_excused_and_only_within_the_leeway(
    database: Database, person: Person, reading: SessionRepository
) -> None:
    session_id = await start(database, person.id)
    assert await reading.spent(FIRST, HOUR) is None  # not used yet

    await rotate(database)
    found = await reading.spent(FIRST, HOUR)
    assert found is not None
    assert (found.session_id, found.user_id, found.excused) == (session_id, person.id, True)
    strict = await reading.spent(FIRST, timedelta(0))
    assert strict is not None
    assert not strict.excused

    await rotate(database, SECOND, THIRD)
    older, last = await reading.spent(FIRST, HOUR), await reading.spent(SECOND, HOUR)
    assert older is not None
    assert last is not None
    assert (older.excused, last.excused) == (False, True)


async def test_a_session_can_be_ended_by_its_owner_alone(
    database: Database, person: Person
) -> None:
    session_id = await start(database, person.id)

    async with database.unit_of_work() as work:
        sessions = SessionRepository(work.session)
        assert not await sessions.end(session_id, uuid4())
        assert await sessions.end(session_id, person.id)
        assert not await sessions.end(session_id, person.id)


async def test_any_token_of_a_session_ends_it(database: Database, person: Person) -> None:
    session_id = await start(database, person.id)
    await rotate(database)

    async with database.unit_of_work() as work:
        sessions = SessionRepository(work.session)
        assert await sessions.end_by_token(FIRST) == Owned(session_id, person.id)
        assert await sessions.end_by_token(SECOND) is None


async def test_all_sessions_but_one_end_and_nobody_elses(
    database: Database, person: Person, reading: SessionRepository
) -> None:
    stranger = await a_person(database)
    kept = await start(database, person.id, FIRST)
    ended = await start(database, person.id, SECOND)
    foreign = await start(database, stranger.id, THIRD)

    async with database.unit_of_work() as work:
        assert await SessionRepository(work.session).end_all(person.id, kept) == 1

    alive = [await reading.standing(each) is not None for each in (kept, ended, foreign)]
    assert alive == [True, False, True]


async def test_the_last_used_session_comes_first_with_its_device(
    database: Database, person: Person, reading: SessionRepository
) -> None:
    older = await start(database, person.id, FIRST)
    newer = await start(database, person.id, THIRD)
    await rotate(database, FIRST, SECOND)

    found = await reading.page(person.id, newer, PageQuery())

    assert found.matching == 2
    assert [(row.id, row.current) for row in found.rows] == [(older, False), (newer, True)]
    assert {(row.ip, row.user_agent) for row in found.rows} == {("203.0.113.7", "Laptop")}
    second = await reading.page(person.id, None, PageQuery(page=2, limit=1))
    assert [(row.id, row.current) for row in second.rows] == [(newer, False)]
