"""The counters of failed logins in PostgreSQL, and what a login reads."""

import asyncio
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, text, update

from app.auth.models import LoginFailures
from app.auth.repository import FailureRepository, LoginRepository
from app.core.database import Database
from app.users.models import User
from app.users.repository import UserRepository
from tests.people import a_person

KEY, OTHER = sha256(b"key").digest(), sha256(b"other").digest()


async def fail(database: Database, *, allowed: int = 3, key: bytes = KEY) -> bool:
    async with database.unit_of_work() as work:
        failures = FailureRepository(work.session)
        return await failures.add(key, allowed=allowed, first=30, longest=100)


async def wait(database: Database, *keys: bytes) -> float:
    async with database.reading() as session:
        return await FailureRepository(session).wait(keys or (KEY,))


async def row(database: Database) -> tuple[int, datetime | None]:
    async with database.reading() as session:
        found = await session.execute(
            select(LoginFailures.failures, LoginFailures.locked_until).where(
                LoginFailures.key == KEY
            )
        )
        failures, locked_until = found.one()
    return failures, locked_until


async def change(database: Database, **values: Any) -> None:
    async with database.unit_of_work() as work:
        await work.session.execute(update(LoginFailures).values(values))


async def test_twenty_failures_at_once_count_as_twenty(database: Database) -> None:
    await asyncio.gather(*(fail(database, allowed=50) for _ in range(20)))

    assert await row(database) == (20, None)


async def test_the_delay_doubles_up_to_the_longest(database: Database) -> None:
    seen = []
    for _ in range(6):
        locked = await fail(database)
        seen.append((locked, round(await wait(database))))

    assert seen == [(False, 0), (False, 0), (True, 30), (True, 60), (True, 100), (True, 100)]


async def test_any_number_of_failures_can_be_counted(database: Database) -> None:
    await fail(database)
    await change(database, failures=2_000_000)

    assert await fail(database)

    assert round(await wait(database)) == 100


async def test_where_one_failure_is_too_many_the_first_locks(database: Database) -> None:
    assert await fail(database, allowed=1)

    assert round(await wait(database)) == 30


async def test_the_longest_wait_of_several_counts(database: Database) -> None:
    await fail(database, allowed=1)
    for _ in range(2):
        await fail(database, allowed=1, key=OTHER)

    assert round(await wait(database, KEY, OTHER)) == 60
    assert await wait(database, sha256(b"unknown").digest()) == 0


async def test_a_lock_ends_but_the_next_failure_waits_longer(database: Database) -> None:
    for _ in range(3):
        await fail(database)
    await change(database, locked_until=text("now() - interval '1 second'"))
    assert await wait(database) == 0

    assert await fail(database)

    assert round(await wait(database)) == 60


async def test_after_a_quiet_day_counting_starts_again(database: Database) -> None:
    for _ in range(5):
        await fail(database)
    await change(database, last_failed_at=text("now() - interval '25 hours'"))

    assert not await fail(database)

    assert await row(database) == (1, None)


async def test_a_removed_counter_locks_nothing(database: Database) -> None:
    await fail(database, allowed=1)
    async with database.unit_of_work() as work:
        await FailureRepository(work.session).remove([KEY, OTHER])

    assert await wait(database) == 0


async def test_a_login_looks_without_keeping_its_connection(database: Database) -> None:
    person = await a_person(database)
    async with database.unit_of_work() as work:
        account, seconds = await LoginRepository(database, work.session).look(person.email, [KEY])

        assert account is not None
        assert (account.id, seconds) == (person.id, 0)
        assert not work.session.in_transaction()


@pytest.mark.parametrize("change", [{"password_hash": "other"}, {"is_active": False}])
async def test_what_changed_since_it_was_looked_at_is_not_confirmed(
    database: Database, change: dict[str, Any]
) -> None:
    person = await a_person(database)
    async with database.unit_of_work() as work:
        logins = LoginRepository(database, work.session)
        account, _ = await logins.look(person.email, [])
        assert account is not None
        assert await logins.confirm(account.id, account.password_hash)

    async with database.unit_of_work() as work:
        await work.session.execute(update(User).values(change))

    async with database.unit_of_work() as work:
        assert not await LoginRepository(database, work.session).confirm(
            account.id, account.password_hash
        )


async def test_a_password_cannot_change_between_confirmation_and_session(
    database: Database,
) -> None:
    person = await a_person(database)

    async def change() -> None:
        async with database.unit_of_work() as other:
            await UserRepository(other.session).set_password(person.id, "new")

    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks, database.unit_of_work() as work:
        logins = LoginRepository(database, work.session)
        account, _ = await logins.look(person.email, [])
        assert account is not None
        assert await logins.confirm(account.id, account.password_hash)
        changing = tasks.create_task(change())
        async with database.reading() as session:
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not await session.scalar(waiting):
                assert not changing.done()
