"""A PostgreSQL that fails under load: every answer in time, no 500, and all well soon after."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import NamedTuple

import asyncpg
import pytest
from httpx2 import AsyncClient

from app.core.database import Database, url
from tests import databases
from tests.observability.scrapes import scrape, value
from tests.people import Person, a_person
from tests.system import postgresql
from tests.system.postgresql import Server
from tests.system.twins import single

pytestmark = pytest.mark.system

RATE = 40  # requests a second
CROWD = 120
WRITERS = 5  # no row is written by two at once
DEADLINE = 5
SLOWEST = DEADLINE + 0.5  # what a busy machine adds
RECOVERY = 4
API = "/api/v1"
ALIVE = "/health/live"
CACHED = f"{API}/users/me"
ASKED = [("PATCH", CACHED), ("GET", ALIVE), ("GET", CACHED), ("GET", f"{API}/auth/sessions")]

OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Outcome(NamedTuple):
    path: str
    began: float
    seconds: float
    status: int


class Load:
    """Requests at their rate, however long those before them take, and how each of them went."""

    def __init__(self, client: AsyncClient, reader: str, *writers: str) -> None:
        self.client = client
        self.bearers = {"GET": cycle([reader]), "PATCH": cycle(writers)}
        self.outcomes: list[Outcome] = []
        self.over = False

    async def ask(self, method: str, path: str) -> None:
        body = {"display_name": "Ada"} if method == "PATCH" else None
        headers = {"Authorization": f"Bearer {next(self.bearers[method])}"}
        began = monotonic()
        answer = await self.client.request(method, path, json=body, headers=headers)
        self.outcomes.append(Outcome(path, began, monotonic() - began, answer.status_code))
        assert answer.is_success or answer.headers.get("Retry-After")

    async def ask_again_and_again(self) -> None:
        async with asyncio.TaskGroup() as asked:
            for method, path in cycle(ASKED):
                if self.over:
                    break
                asked.create_task(self.ask(method, path))
                await asyncio.sleep(1 / RATE)

    async def for_seconds(self, seconds: float) -> list[Outcome]:
        """What was begun in that time."""
        began, before = monotonic(), len(self.outcomes)
        await asyncio.sleep(seconds)
        return [outcome for outcome in self.outcomes[before:] if outcome.began >= began]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with postgresql.serving(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="module")
def own(server: Server) -> Iterator[str]:
    with databases.migrated(server.address) as address:
        yield address


async def token(client: AsyncClient, person: Person) -> str:
    body = {"email": person.email, "password": person.password}
    answer = await client.post(f"{API}/auth/login", json=body)
    return str(answer.raise_for_status().json()["access_token"])


@asynccontextmanager
async def load(client: AsyncClient, address: str) -> AsyncIterator[Load]:
    async with Database(address) as database:
        people = [await a_person(database) for _ in range(1 + WRITERS)]
    load = Load(client, *[await token(client, person) for person in people])
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(load.ask_again_and_again())
        yield load
        load.over = True


async def killed(server: Server, _: Load, __: str) -> None:
    server.kill()
    await asyncio.sleep(2)
    await asyncio.to_thread(server.start)


async def paused(server: Server, _: Load, __: str) -> None:
    server.pause()
    await asyncio.sleep(5)
    server.resume()


async def disconnected(_: Server, __: Load, address: str) -> None:
    async with connected(address) as connection:
        for _number in range(10):
            await connection.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")
            await asyncio.sleep(0.1)


async def locked(_: Server, load: Load, address: str) -> None:
    async with connected(address) as connection, connection.transaction():
        await connection.execute("LOCK TABLE users")
        await asyncio.gather(*[load.ask("PATCH", CACHED) for _ in range(CROWD)])
        await asyncio.sleep(DEADLINE)


@asynccontextmanager
async def connected(address: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    plain = url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    yield connection
    await connection.close()


@pytest.mark.parametrize("fault", [killed, paused, disconnected, locked])
async def test_a_fault_costs_503_in_time_and_heals_without_a_restart(
    fault: Callable[[Server, Load, str], Awaitable[None]],
    server: Server,
    own: str,
    redis_settings: dict[str, str],
    tmp_path: Path,
) -> None:
    settings = {"DATABASE_URL": own, **redis_settings}
    async with single(settings, tmp_path) as service:
        async with load(service.client, own) as under:
            before = await under.for_seconds(2)
            await fault(server, under, own)
            await asyncio.sleep(RECOVERY)
            after = await under.for_seconds(2)

        assert service.process.poll() is None
        series = await scrape(service.client)
        assert value(series, "db_pool_connections", state="used") == 0
        assert await open_transactions(own) == 0
    assert {each.status for each in before} == {each.status for each in after} == {200}
    assert {each.status for each in under.outcomes} <= {200, 503}
    assert fault is disconnected or any(each.status == 503 for each in under.outcomes)
    assert max(each.seconds for each in under.outcomes) < SLOWEST
    alive = [each.seconds for each in under.outcomes if each.path == ALIVE]
    assert quantiles(alive, n=20)[-1] < 0.2


async def open_transactions(address: str) -> int:
    async with connected(address) as connection:
        begun = f"SELECT count(xact_start) {OTHERS}"
        return int(await connection.fetchval(begun))
