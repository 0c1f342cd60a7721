"""A transaction says as whom and for whom it works, in the message that begins it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import opening
from app.core.database import Database, Work, url
from app.core.roles import CALLER, SYSTEM
from tests.callers import asking
from tests.queries import statements

WHO = text(
    "SELECT current_user, current_setting('app.user_id', true), current_setting('app.caller', true)"
)


@pytest.fixture
async def one(address: str) -> AsyncIterator[Database]:
    """A pool of a single connection: whatever outlives a transaction, the next one meets."""
    async with Database(address, pool_size=1) as database:
        yield database


async def who(session: AsyncSession) -> tuple[Any, ...]:
    return tuple((await session.execute(WHO)).one())


@asynccontextmanager
async def messages(database: Database) -> AsyncIterator[list[str]]:
    """What is sent on the only connection inside the block; whole after it."""
    sent: list[str] = []  # simple messages by the driver, prepared statements by SQLAlchemy
    async with database.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.add_query_logger(lambda record: sent.append(record.query))
    with statements(database) as prepared:
        yield sent
        await asyncio.sleep(0)  # the driver tells its loggers in the loop's next round
    sent[1:1] = [statement for statement, _ in prepared]


async def test_the_driver_begins_by_its_own_execute(address: str) -> None:
    """What all of this rests on, and no document promises."""
    seen: list[str] = []

    class Connection(asyncpg.Connection):  # type: ignore[misc] # asyncpg ships no types
        async def execute(self, query: str, *args: Any, **options: Any) -> Any:
            seen.append(query)
            return await super().execute(query, *args, **options)

    plain = url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain, connection_class=Connection)
    try:
        async with connection.transaction():
            async with connection.transaction():
                pass
            await connection.fetchval("SELECT 1")
    finally:
        await connection.close()

    assert [each.split()[0] for each in seen] == ["BEGIN;", "SAVEPOINT", "RELEASE", "COMMIT;"]


async def test_who_asks_goes_along_with_begin_in_one_message(one: Database) -> None:
    me = uuid4()
    with asking(me):
        async with messages(one) as sent, one.unit_of_work() as work:
            assert await who(work.session) == (CALLER, str(me), "")

    assert [each.split()[0] for each in sent] == ["BEGIN;", "SELECT", "COMMIT;"]


async def test_nobody_in_particular_is_told_as_such(one: Database) -> None:
    async with one.unit_of_work() as work:
        assert await who(work.session) == (CALLER, "", "")


async def test_each_transaction_of_a_connection_says_it_anew(one: Database) -> None:
    ada, bob = uuid4(), uuid4()
    seen: list[str] = []
    for each in (ada, None, bob, ada):
        with asking(each):
            async with one.unit_of_work() as work:
                seen.append((await who(work.session))[1])

    assert seen == [str(ada), "", str(bob), str(ada)]


async def test_nothing_of_it_outlives_the_transaction(one: Database) -> None:
    with asking(uuid4()):
        async with one.unit_of_work() as work:
            await work.as_system()
            await who(work.session)

    async with one.reading() as session:
        assert (await who(session))[1:] == ("", "")
        assert (await who(session))[0] not in {CALLER, SYSTEM}
    async with one.engine.begin() as connection:
        assert tuple((await connection.execute(WHO)).one())[1:] == ("", "")


async def test_a_transaction_that_is_no_unit_of_work_is_the_logins_own(one: Database) -> None:
    with asking(uuid4()):
        async with one.unit_of_work() as work:
            await work.session.connection()  # prepared, and never begun

    async with one.engine.begin() as connection:
        assert (await connection.execute(WHO)).one()[0] not in {CALLER, SYSTEM}


async def test_the_system_says_so_in_the_same_message(one: Database) -> None:
    async with messages(one) as sent, one.unit_of_work() as work:
        await work.as_system()
        assert await who(work.session) == (SYSTEM, "", "system")

    assert [each.split()[0] for each in sent] == ["BEGIN;", "SELECT", "COMMIT;"]


async def test_a_transaction_may_turn_into_the_systems(one: Database) -> None:
    me = uuid4()
    with asking(me):
        async with one.unit_of_work() as work:
            assert (await who(work.session))[0] == CALLER
            await work.as_system()
            assert await who(work.session) == (SYSTEM, str(me), "system")
        async with one.unit_of_work() as work:
            assert await who(work.session) == (CALLER, str(me), "")


async def test_a_savepoint_changes_nothing_of_it(one: Database) -> None:
    me = uuid4()
    with asking(me):
        async with one.unit_of_work() as work:
            async with work.session.begin_nested() as savepoint:
                assert await who(work.session) == (CALLER, str(me), "")
                await savepoint.rollback()
            assert await who(work.session) == (CALLER, str(me), "")


async def test_transactions_at_the_same_time_keep_their_callers_apart(database: Database) -> None:
    async def asked(me: UUID) -> bool:
        with asking(me):
            async with database.unit_of_work() as work:
                before = await who(work.session)
                await work.session.execute(text("SELECT pg_sleep(0.01)"))
                return before == await who(work.session) == (CALLER, str(me), "")

    assert all(await asyncio.gather(*(asked(uuid4()) for _ in range(40))))


async def test_in_a_request_it_is_the_requests_caller(database: Database) -> None:
    app = FastAPI()
    app.state.database = database

    @app.get("/{me}")
    async def get(me: UUID, work: Work) -> str:
        with asking(me):
            return str((await who(work.session))[1])

    me = uuid4()
    async with AsyncClient(transport=ASGITransport(app), base_url="http://t") as client:
        assert (await client.get(f"/{me}")).json() == str(me)


@contextmanager
def a_role_that_is_missing() -> Iterator[None]:
    """As before the first migration, on a server that has never seen one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "CALLER", "nobody has made this one")
        yield


async def test_a_transaction_that_could_not_open_leaves_the_pool_clean(one: Database) -> None:
    with a_role_that_is_missing(), pytest.raises(DBAPIError, match="does not exist"):
        async with one.unit_of_work() as work:
            await who(work.session)

    async with one.reading() as session:
        await who(session)
    async with one.unit_of_work() as work:
        assert (await who(work.session))[0] == CALLER


async def test_a_lock_is_not_waited_for_longer_than_the_driver_would(database: Database) -> None:
    async with database.unit_of_work() as work:
        patience = await work.session.scalar(text("SHOW lock_timeout"))

    assert patience == f"{opening.LOCK_TIMEOUT}ms"
