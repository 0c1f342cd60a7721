"""The queries of accounts: what they cost and what they leave to the database."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.pagination import REACH
from app.users.errors import EmailTaken
from app.users.models import Role
from app.users.repository import UserRepository
from app.users.schemas import UserQuery, UserRead
from tests.people import a_person
from tests.queries import plan, statements

HASH = "not a real hash"


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.reading() as session:
        yield session


async def add(database: Database, email: str, role: Role = Role.USER) -> UserRead:
    async with database.unit_of_work() as work:
        return await UserRepository(work.session).add(email, HASH, role)


async def add_many(database: Database, number: int) -> None:
    rows = text(
        "INSERT INTO users (id, email, role, is_active, created_at)"
        " SELECT gen_random_uuid(), n || '@example.com',"
        " CASE WHEN n % 100 = 0 THEN 'admin' ELSE 'user' END, n % 50 > 0,"
        " now() - n * interval '1 minute' FROM generate_series(1, :number) AS n"
    )
    async with database.unit_of_work() as work:
        await work.session.execute(rows, {"number": number})


@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("created_at", "ix_users_created_at"),
        ("-created_at", "ix_users_created_at"),
        ("email", "uq_users_email"),
        ("-email", "uq_users_email"),
    ],
)
async def test_every_sort_reads_an_index_in_order(
    database: Database, session: AsyncSession, sort: str, index: str
) -> None:
    await add_many(database, 1000)
    with statements(database) as seen:
        await UserRepository(session).page(UserQuery.model_validate({"sort": sort}))

    found = await plan(session, *seen[1])

    assert f"{index} " in found
    assert "Sort" not in found


@pytest.mark.parametrize(
    ("filters", "index", "condition"),
    [
        ({"role": "admin"}, "ix_users_role", "Index Cond"),
        ({"is_active": False}, "ix_users_inactive", ""),
        ({"is_active": True}, "ix_users_created_at", ""),
        ({"email": "77"}, "ix_users_email_prefix", "Index Cond"),
    ],
)
async def test_every_filter_has_an_index_in_the_lists_own_order(
    database: Database,
    session: AsyncSession,
    filters: dict[str, Any],
    index: str,
    condition: str,
) -> None:
    await add_many(database, 2000)
    with statements(database) as seen:
        await UserRepository(session).page(UserQuery.model_validate(filters))

    found = await plan(session, *seen[1])

    assert f"{index} " in found
    assert condition in found
    assert ("Sort" in found) == ("email" in filters), "a prefix may match few rows, to be sorted"


async def test_an_address_and_an_identifier_find_their_row_by_an_index(
    database: Database, session: AsyncSession
) -> None:
    await add_many(database, 1000)
    users = UserRepository(session)
    with statements(database) as seen:
        await users.by_email("77@example.com")
        await users.get(uuid4())

    assert "uq_users_email " in await plan(session, *seen[0])
    assert "pk_users " in await plan(session, *seen[1])


async def test_a_filtered_page_costs_two_statements(
    database: Database, session: AsyncSession
) -> None:
    await add_many(database, 1000)

    with statements(database) as seen:
        found = await UserRepository(session).page(UserQuery(email="1", is_active=True))

    assert len(seen) == 2
    assert len(found.rows) == 20
    assert 20 < found.matching < 1000


async def test_counting_stops_just_beyond_reach(database: Database, session: AsyncSession) -> None:
    await add_many(database, REACH + 5)

    assert (await UserRepository(session).page(UserQuery())).matching == REACH + 1


async def test_rows_made_at_the_same_time_stand_still_from_page_to_page(
    database: Database, session: AsyncSession
) -> None:
    async with database.unit_of_work() as work:
        made = [await UserRepository(work.session).add(f"{n}@example.com", HASH) for n in range(6)]
    users = UserRepository(session)

    pages = [await users.page(UserQuery(page=page, limit=2)) for page in (1, 2, 3)]

    assert [row.id for page in pages for row in page.rows] == sorted(
        (row.id for row in made), reverse=True
    )


async def test_an_address_is_taken_once(database: Database) -> None:
    await add(database, "ada@example.com")

    with pytest.raises(EmailTaken):
        await add(database, "ada@example.com")


async def test_the_database_refuses_another_spelling_and_an_unknown_role(
    database: Database,
) -> None:
    with pytest.raises(IntegrityError, match="ck_users_email_lower"):
        await add(database, "Ada@example.com")
    async with database.unit_of_work() as work:
        with pytest.raises(IntegrityError, match="ck_users_role_known"):
            await work.session.execute(
                text("INSERT INTO users (id, email, role) VALUES (gen_random_uuid(), 'x', 'root')")
            )
        await work.session.rollback()


async def test_a_login_gets_what_it_compares_with(
    database: Database, session: AsyncSession
) -> None:
    boss = await add(database, "boss@example.com", Role.ADMIN)

    found = await UserRepository(session).by_email("boss@example.com")

    assert found is not None
    assert (found.id, found.password_hash, found.role, found.is_active) == (
        boss.id,
        HASH,
        Role.ADMIN,
        True,
    )
    assert await UserRepository(session).by_email("nobody@example.com") is None


async def test_a_verification_keeps_its_first_time(
    database: Database, session: AsyncSession
) -> None:
    ada = await add(database, "ada@example.com")
    times = set()

    for _ in range(2):
        async with database.unit_of_work() as work:
            await UserRepository(work.session).verify_email(ada.id)
        times.add(await session.scalar(text("SELECT email_verified_at FROM users")))

    assert len(times) == 1
    assert None not in times


async def test_an_erased_account_is_in_no_answer_and_its_address_is_free(
    database: Database, session: AsyncSession
) -> None:
    boss = await add(database, "boss@example.com", Role.ADMIN)
    async with database.unit_of_work() as work:
        await UserRepository(work.session).erase(boss.id)
    users = UserRepository(session)

    assert await users.get(boss.id) is None
    assert await users.lock(boss.id) is None
    assert await users.lock_admins() == set()
    assert await users.by_email("boss@example.com") is None
    assert await users.by_email(f"{boss.id}@erased.invalid") is None
    assert (await users.page(UserQuery())).matching == 0
    await add(database, "boss@example.com")


async def test_only_active_admins_count(database: Database, session: AsyncSession) -> None:
    boss = await add(database, "boss@example.com", Role.ADMIN)
    await a_person(database, role=Role.ADMIN, is_active=False)
    await a_person(database)

    assert await UserRepository(session).lock_admins() == {boss.id}


async def test_who_asks_for_the_admins_waits_until_none_of_them_is_leaving(
    database: Database,
) -> None:
    first = await add(database, "first@example.com", Role.ADMIN)
    second = await add(database, "second@example.com", Role.ADMIN)

    async def ask() -> set[UUID]:
        async with database.unit_of_work() as work:
            return await UserRepository(work.session).lock_admins()

    async with asyncio.TaskGroup() as tasks, database.unit_of_work() as leaving:
        users = UserRepository(leaving.session)
        await users.lock_admins()
        asked = tasks.create_task(ask())
        async with database.reading() as session, asyncio.timeout(5):
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not await session.scalar(waiting):
                pass
        await users.update(first.id, {"role": Role.USER})

    assert asked.result() == {second.id}
