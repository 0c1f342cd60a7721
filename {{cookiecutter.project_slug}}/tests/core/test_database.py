"""One place commits: before the answer, only what succeeded, and what comes after it."""

import asyncio
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from app import http
from app.core.database import Database, Reading, Work, url
from app.core.errors import AppError, Conflict, Unavailable


class Kept(Conflict):
    keeps_writes: ClassVar[bool] = True


@pytest.fixture
async def scratch(database: Database) -> AsyncIterator[Database]:
    """A table whose foreign key is checked at the commit."""
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE scratch (id int PRIMARY KEY, parent int)"))
        await connection.execute(
            text(
                "ALTER TABLE scratch ADD CONSTRAINT fk_scratch_parent FOREIGN KEY (parent)"
                " REFERENCES scratch DEFERRABLE INITIALLY DEFERRED"
            )
        )
    yield database
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE scratch"))


async def written(database: Database) -> list[int]:
    async with database.reading() as session:
        return list(await session.scalars(text("SELECT id FROM scratch ORDER BY id")))


async def write(work: Work, number: int, parent: int | None = None) -> None:
    statement = text("INSERT INTO scratch VALUES (:id, :parent)")
    await work.session.execute(statement, {"id": number, "parent": parent})


async def test_work_that_succeeds_is_committed(scratch: Database) -> None:
    async with scratch.unit_of_work() as work:
        await write(work, 1)
        assert await written(scratch) == []

    assert await written(scratch) == [1]


async def test_any_exception_rolls_everything_back(scratch: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with scratch.unit_of_work() as work:
            await write(work, 1)
            _ = 1 / 0

    assert await written(scratch) == []


async def test_an_error_that_keeps_its_writes_is_committed_and_still_raised(
    scratch: Database,
) -> None:
    after: list[str] = []

    async def note() -> None:
        after.append("ran")

    with pytest.raises(Kept):
        async with scratch.unit_of_work() as work:
            await write(work, 1)
            work.after_commit(note)
            raise Kept

    assert (await written(scratch), after) == ([1], ["ran"])


async def test_what_comes_after_the_commit_sees_it(scratch: Database) -> None:
    seen: list[list[int]] = []

    async def look() -> None:
        seen.append(await written(scratch))

    async with scratch.unit_of_work() as work:
        work.after_commit(look)
        await write(work, 1)

    assert seen == [[1]]


async def test_nothing_comes_after_a_commit_that_failed(scratch: Database) -> None:
    after: list[str] = []

    async def note() -> None:
        after.append("ran")

    with pytest.raises(IntegrityError):
        async with scratch.unit_of_work() as work:
            work.after_commit(note)
            await write(work, 1, parent=99)

    assert (await written(scratch), after) == ([], [])


async def test_what_fails_after_the_commit_is_logged_and_stops_nobody(scratch: Database) -> None:
    after: list[str] = []

    async def fail() -> None:
        raise RuntimeError

    async def note() -> None:
        after.append("ran")

    with capture_logs() as logs:
        async with scratch.unit_of_work() as work:
            work.after_commit(fail)
            work.after_commit(note)
            await write(work, 1)

    assert (await written(scratch), after) == ([1], ["ran"])
    assert [line["event"] for line in logs] == ["after_commit_failed"]


async def test_a_reading_opens_no_transaction(database: Database) -> None:
    now = text("SELECT now()")
    async with database.reading() as session:
        assert await session.scalar(now) != await session.scalar(now)


def service(database: Database) -> FastAPI:
    app = FastAPI()
    app.state.database = database
    http.setup(app)

    @app.post("/numbers/{number}")
    async def post(work: Work, number: int, parent: int | None = None) -> int:
        await write(work, number, parent)
        if number == 13:
            raise AppError
        return number

    @app.get("/numbers")
    async def get(session: Reading) -> list[int]:
        return list(await session.scalars(text("SELECT id FROM scratch")))

    @app.get("/slow")
    async def slow(session: Reading) -> None:
        await session.execute(text("SELECT pg_sleep(60)"))

    return app


async def call(app: FastAPI, method: str, path: str) -> Response:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://t") as client:
        return await client.request(method, path)


async def test_the_answer_is_sent_after_the_commit(scratch: Database) -> None:
    """A deferred constraint fails at COMMIT: whoever answers first has promised too much."""
    answer = await call(service(scratch), "POST", "/numbers/1?parent=99")

    assert (answer.status_code, await written(scratch)) == (500, [])


async def test_a_request_that_fails_leaves_nothing_behind(scratch: Database) -> None:
    app = service(scratch)

    assert (await call(app, "POST", "/numbers/13")).status_code == 500
    assert (await call(app, "POST", "/numbers/1")).status_code == 200
    assert (await call(app, "GET", "/numbers")).json() == [1]


async def test_a_connection_that_was_ended_in_the_pool_costs_no_request(scratch: Database) -> None:
    async with scratch.engine.connect() as pooled, asyncio.timeout(5):
        driver = (await pooled.get_raw_connection()).driver_connection
        assert driver is not None
        async with scratch.reading() as other:
            end = text("SELECT pg_terminate_backend(:pid)")
            await other.execute(end, {"pid": driver.get_server_pid()})
        while not driver.is_closed():  # noqa: ASYNC110 - the driver has no event for it
            await asyncio.sleep(0)

    answers = [await call(service(scratch), "GET", "/numbers") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_a_server_that_cannot_be_reached_is_an_outage() -> None:
    gone = Database("postgresql://postgres@127.0.0.1:1/gone")

    with pytest.raises(Unavailable):
        async with gone.reading() as session:
            await session.execute(text("SELECT 1"))

    answer = await call(service(gone), "GET", "/numbers")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.system
async def test_a_pool_that_is_used_up_is_an_outage(address: str) -> None:
    async with Database(address, pool_size=1) as small, small.reading() as session:
        await session.execute(text("SELECT 1"))

        answer = await call(service(small), "GET", "/numbers")

    assert answer.status_code == 503


@pytest.mark.system
async def test_a_statement_that_takes_too_long_is_an_outage(scratch: Database) -> None:
    assert (await call(service(scratch), "GET", "/slow")).status_code == 503


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("postgresql://u:p@h:5/d", "postgresql+asyncpg://u:p@h:5/d"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
        ("postgresql://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
    ],
)
def test_an_address_may_be_spelled_as_hosts_do(given: str, understood: str) -> None:
    assert url(given).render_as_string(hide_password=False) == understood
