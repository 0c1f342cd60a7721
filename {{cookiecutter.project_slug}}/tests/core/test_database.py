"""A request gets a connection to change or to look; the answer waits for the commit."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import text

from app import http
from app.core.database import Database, Reading, Work, url
from app.core.errors import AppError, Unavailable
from tests import databases
from tests.core.scratch import write, written


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


@pytest.fixture
def closed(server: str) -> Iterator[str]:
    with databases.made(server) as address:
        databases.run(server, f"ALTER DATABASE {url(address).database} ALLOW_CONNECTIONS false")
        yield address


async def test_a_database_that_lets_nobody_in_is_an_outage(closed: str) -> None:
    answer = await call(service(Database(closed)), "GET", "/numbers")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


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
        (
            "postgresql://h/d?sslmode=require",
            "postgresql+asyncpg://h/d?dsn=postgresql%3A%2F%2F%3Fsslmode%3Drequire",
        ),
    ],
)
def test_an_address_may_be_spelled_as_hosts_do(given: str, understood: str) -> None:
    assert url(given).render_as_string(hide_password=False) == understood
