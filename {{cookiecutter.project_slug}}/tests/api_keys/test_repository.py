"""Keys in the database: which ones count, whose use is noted when, and when they go."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update

from app import api_keys
from app.api_keys.models import ApiKey
from app.api_keys.repository import ApiKeyRepository
from app.api_keys.schemas import KeyHolder
from app.core.database import Database
from app.users.models import Role, User
from tests.people import a_person

HASH = b"k" * 32
SECOND = timedelta(seconds=1)


@pytest.fixture
async def ada(database: Database) -> UUID:
    return (await a_person(database, role=Role.ADMIN)).id


async def add(database: Database, user_id: UUID, hashed: bytes = HASH, **columns: Any) -> UUID:
    values = {"name": "import", "prefix": "ak_12345678", "scopes": ["users:read"], "hash": hashed}
    async with database.unit_of_work() as work:
        new = insert(ApiKey).values({**values, "user_id": user_id, **columns})
        return (await work.session.scalars(new.returning(ApiKey.id))).one()


async def holder(database: Database, hashed: bytes = HASH) -> KeyHolder | None:
    async with database.reading() as session:
        return await ApiKeyRepository(session).holder(hashed)


async def last_used(database: Database) -> datetime | None:
    async with database.reading() as session:
        return (await session.scalars(select(ApiKey.last_used_at))).one()


async def touch(database: Database, key_id: UUID) -> None:
    async with database.unit_of_work() as work:
        await ApiKeyRepository(work.session).touch(key_id)


async def test_a_key_tells_whom_it_speaks_for_as_of_now(database: Database, ada: UUID) -> None:
    key = await add(database, ada)
    made = await holder(database)
    async with database.unit_of_work() as work:
        change = update(User).where(User.id == ada).values(role=Role.USER, is_active=False)
        await work.session.execute(change)
    now = await holder(database)

    assert made == KeyHolder(key, ada, "admin", True, frozenset({"users:read"}), True)  # noqa: FBT003
    assert now is not None
    assert (now.role, now.is_active) == ("user", False)


@pytest.mark.parametrize(
    ("columns", "counts"),
    [
        ({}, True),
        ({"expires_at": func.now() + timedelta(minutes=1)}, True),
        ({"expires_at": func.now() - SECOND}, False),
        ({"revoked_at": func.now()}, False),
    ],
    ids=["unlimited", "in time", "expired", "revoked"],
)
async def test_a_key_counts_until_it_is_revoked_or_its_time_is_over(
    database: Database, ada: UUID, columns: dict[str, Any], *, counts: bool
) -> None:
    await add(database, ada, **columns)

    assert (await holder(database) is not None) is counts


async def test_a_use_is_written_at_most_once_a_minute(database: Database, ada: UUID) -> None:
    key = await add(database, ada)
    await touch(database, key)
    first, found = await last_used(database), await holder(database)
    await touch(database, key)

    assert first is not None
    assert await last_used(database) == first
    assert found is not None
    assert not found.is_stale

    async with database.unit_of_work() as work:
        earlier = func.now() - timedelta(minutes=1) - SECOND
        await work.session.execute(update(ApiKey).values(last_used_at=earlier))
    await touch(database, key)

    assert await last_used(database) > first  # type: ignore[operator] # there is one


async def test_keys_are_purged_a_month_after_their_end(database: Database, ada: UUID) -> None:
    recent, month = func.now() - timedelta(days=29), func.now() - timedelta(days=31)
    await add(database, ada, b"1" * 32)
    await add(database, ada, b"2" * 32, revoked_at=recent)
    await add(database, ada, b"3" * 32, expires_at=recent)
    await add(database, ada, b"4" * 32, revoked_at=month)
    await add(database, ada, b"5" * 32, expires_at=month)

    (purge,) = api_keys.PURGES
    assert [await purge.batch(database, 1) for _ in range(3)] == [1, 1, 0]

    async with database.reading() as session:
        left = await session.scalars(select(ApiKey.hash).order_by(ApiKey.hash))
        assert [each[:1] for each in left] == [b"1", b"2", b"3"]


async def test_an_export_holds_revoked_keys_too_and_erasure_leaves_none(
    database: Database, ada: UUID
) -> None:
    bob = (await a_person(database)).id
    kept = await add(database, bob, b"b" * 32)
    await add(database, ada, b"1" * 32)
    await add(database, ada, b"2" * 32, revoked_at=func.now())
    async with database.unit_of_work() as work:
        keys = ApiKeyRepository(work.session)
        assert len(await keys.of_user(ada)) == 2
        await keys.delete_of(ada)

    async with database.reading() as session:
        assert list(await session.scalars(select(ApiKey.id))) == [kept]
