"""Whoever the service logs in as, a caller works with rows of their own and the system with all."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.core.database import Database
from app.core.idempotency.models import IdempotencyKey
from app.core.outages import sqlstate
from app.core.roles import grants
from tests import databases
from tests.callers import asking

HAND_OVER = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('ALTER TABLE %I OWNER TO {login}', each.tablename);
    END LOOP;
END $$
"""
ADA, BOB = uuid4(), uuid4()
ROWS = select(IdempotencyKey.user_id)


@contextmanager
def a_database_of(kind: str, server: str, template: str) -> Iterator[str]:
    """As a superuser, as the tables' owner, or as somebody who has the roles and nothing else."""
    with databases.login(server) as login, databases.made(server, template) as address:
        if kind == "superuser":
            yield address
            return
        databases.run(server, grants(str(login.username)))
        if kind == "owner":
            databases.run(address, HAND_OVER.format(login=login.username))
        yield databases.as_login(login, address)


@pytest.fixture(scope="module", params=["superuser", "owner", "plain"])
def somebody(request: pytest.FixtureRequest, server: str, template: str) -> Iterator[str]:
    with a_database_of(request.param, server, template) as address:
        yield address


@pytest.fixture(scope="module")
async def service(somebody: str, anyio_backend: str) -> AsyncIterator[Database]:
    """Logged in as one of them; Ada and Bob have a row each."""
    async with Database(somebody) as database:
        await fill(database)
        yield database


async def fill(database: Database) -> None:
    async with database.unit_of_work() as work:
        await work.as_system()
        for owner in (ADA, BOB):
            await work.session.execute(insert(IdempotencyKey).values(row_of(owner)))


def row_of(owner: UUID) -> dict[str, object]:
    return {"user_id": owner, "route": "POST /things", "key": "1", "body_hash": b""}


async def seen(database: Database, caller: UUID | None) -> set[UUID]:
    """With a query that forgot whose rows it is about."""
    with asking(caller):
        async with database.unit_of_work() as work:
            return set(await work.session.scalars(ROWS))


async def test_callers_see_their_own_rows_whatever_the_query_forgot(service: Database) -> None:
    assert await seen(service, ADA) == {ADA}
    assert await seen(service, BOB) == {BOB}


async def test_strangers_see_nothing(service: Database) -> None:
    assert await seen(service, None) == await seen(service, uuid4()) == set()


async def test_the_system_sees_every_row_also_on_behalf_of_somebody(service: Database) -> None:
    with asking(ADA):
        async with service.unit_of_work() as work:
            await work.as_system()
            assert set(await work.session.scalars(ROWS)) == {ADA, BOB}


@pytest.mark.parametrize("change", [update(IdempotencyKey).values(key="2"), delete(IdempotencyKey)])
async def test_callers_change_their_own_rows_alone(service: Database, change: Any) -> None:
    with asking(ADA), pytest.raises(ZeroDivisionError):
        async with service.unit_of_work() as work:
            changed = await work.session.execute(change.returning(IdempotencyKey.user_id))
            assert list(changed.scalars()) == [ADA]
            _ = 1 / 0  # for the next test


@pytest.mark.parametrize(
    "change",
    [
        insert(IdempotencyKey).values(row_of(uuid4())),
        update(IdempotencyKey).values(user_id=BOB, key="2"),
    ],
    ids=["add", "give away"],
)
async def test_callers_give_nobody_a_row(service: Database, change: Any) -> None:
    with asking(ADA), pytest.raises(DBAPIError) as refused:
        async with service.unit_of_work() as work:
            await work.session.execute(change)

    assert sqlstate(refused.value) == "42501"


@pytest.fixture
def plain(server: str, template: str) -> Iterator[str]:
    with a_database_of("plain", server, template) as address:
        yield address


async def test_a_plain_login_sees_no_protected_row_without_a_role(plain: str) -> None:
    async with Database(plain) as database:
        await fill(database)
        async with database.engine.connect() as connection:
            assert (await connection.execute(ROWS)).all() == []
            assert (await connection.execute(text("SELECT id FROM users"))).all() == []
