"""The service under load while its Redis is killed, paused or emptied: nobody gets an error."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles
from time import monotonic

import httpx2
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from app.core.database import Database
from app.embedded.valkey import NOTHING_KEPT, binary
from app.users.models import Role
from tests.people import Person, a_person, signed_in
from tests.system.processes import free_port, running, within
from tests.system.twins import twins

pytestmark = pytest.mark.system

MINE, ADMINS = "/api/v1/users/me", "/api/v1/users"
PERIOD = 0.02  # seconds between the requests to one process
OUTAGE = 2.5
RECOVERY = 2.5


class Server:
    """A Valkey to be mistreated."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}"
        self._life = ExitStack()

    def start(self) -> None:
        log = self._folder / f"valkey-{monotonic()}.log"
        place = ["--bind", "127.0.0.1", "--port", str(self._port)]
        command = [str(binary()), *place, *NOTHING_KEPT]
        self.process = self._life.enter_context(running(command, self._folder, log))
        assert within(lambda: "Ready to accept connections" in self.process.said())

    def end(self) -> None:
        self._life.close()


async def killed(server: Server) -> None:
    server.process.kill()
    server.process.wait()
    await asyncio.sleep(OUTAGE)
    server.start()


async def paused(server: Server) -> None:
    server.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(OUTAGE)
    server.process.send_signal(signal.SIGCONT)


async def flushed(server: Server) -> None:
    async with Redis.from_url(server.url) as client:
        until = monotonic() + OUTAGE
        while monotonic() < until:
            await client.flushall()
            await asyncio.sleep(0.05)


@dataclass
class Load:
    """What one client of a process has seen so far."""

    client: httpx2.AsyncClient
    headers: dict[str, str]
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """A request every PERIOD, however long those before it take."""
        async with asyncio.TaskGroup() as requests:
            for due in count(monotonic(), PERIOD):
                await asyncio.sleep(due - monotonic())
                requests.create_task(self._request())

    async def _request(self) -> None:
        began = monotonic()
        answer = await self.client.get(MINE, headers=self.headers)
        self.statuses[answer.status_code] += 1
        self.seconds.append(monotonic() - began)


@asynccontextmanager
async def under_load(
    clients: Sequence[httpx2.AsyncClient], headers: dict[str, str]
) -> AsyncIterator[Sequence[Load]]:
    loads = [Load(client, headers) for client in clients]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(load.run()) for load in loads]
        yield loads
        for task in running:
            task.cancel()


async def recovered(clients: Sequence[httpx2.AsyncClient]) -> float:
    """Seconds until every process knows that its Redis is back."""
    began = monotonic()
    for client in clients:
        while (await client.get("/health/ready")).json()["status"] != "ready":
            assert monotonic() - began < 10
            await asyncio.sleep(0.05)
    return monotonic() - began


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start()
    yield server
    server.end()


@dataclass(frozen=True)
class Cast:
    """An admin, another who is about to be none any more, and somebody who is about to leave."""

    boss: dict[str, str]
    former: Person
    demoted: dict[str, str]
    leaver: dict[str, str]


@pytest.fixture
async def cast(application: FastAPI, database: Database) -> Cast:
    boss, former = [await a_person(database, role=Role.ADMIN) for _ in range(2)]
    leaver = await a_person(database)
    headers = [await bearer(application, each) for each in (boss, former, leaver)]
    return Cast(headers[0], former, *headers[1:])


async def bearer(application: FastAPI, person: Person) -> dict[str, str]:
    async with signed_in(application, person) as client:
        return {"Authorization": client.headers["Authorization"]}


@pytest.mark.parametrize("fault", [killed, paused, flushed])
async def test_a_fault_of_redis_costs_no_answer_and_leaves_nothing_stale(
    fault: Callable[[Server], Coroutine[None, None, None]],
    valkey: Server,
    address: str,
    cast: Cast,
    tmp_path: Path,
) -> None:
    async def outcomes(client: httpx2.AsyncClient) -> tuple[int, ...]:
        """Of the one who signs out, and of the one who ceases to be an admin."""
        asked = [client.get(MINE, headers=cast.leaver), client.get(ADMINS, headers=cast.demoted)]
        return tuple(answer.status_code for answer in await asyncio.gather(*asked))

    servers = {"DATABASE_URL": address, "REDIS_URL": valkey.url}
    async with twins(servers, tmp_path) as both:
        clients = [each.client for each in both]
        assert [await outcomes(client) for client in clients] == [(200, 200)] * 2
        async with under_load(clients, cast.boss) as loads:
            await asyncio.sleep(0.5)
            outage = asyncio.create_task(fault(valkey))
            await asyncio.sleep(OUTAGE / 2)
            left = await clients[0].post("/api/v1/auth/logout-all", headers=cast.leaver)
            changed = await clients[0].patch(
                f"{ADMINS}/{cast.former.id}", json={"role": "user"}, headers=cast.boss
            )
            assert (left.status_code, changed.status_code) == (204, 200)
            assert [await outcomes(client) for client in clients] == [(401, 403)] * 2
            await outage
            back = await recovered(clients)
            for _ in range(20):
                assert [await outcomes(client) for client in clients] == [(401, 403)] * 2
                await asyncio.sleep(0.05)

    assert [load.statuses.keys() for load in loads] == [{200}] * 2
    assert max(quantiles(load.seconds, n=100)[98] for load in loads) < 1
    assert back < RECOVERY
