"""A Redis that is killed, paused or restarted under load: short failures, and all well after it."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import pytest
from redis import Redis as Driver
from redis import RedisCluster
from redis.exceptions import RedisError

from app.core.redis import Read, Redis, RedisUnavailable, Set
from app.embedded.valkey import NOTHING_KEPT, binary
from tests import cluster
from tests.system.processes import free_port, within

pytestmark = pytest.mark.system

WORKERS = 20
SLOWEST = 0.5 + 0.2  # what is promised, and what a busy machine adds
RECOVERY = 2.5


class Server:
    """On a port, so that one that is started again is found where it was."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"redis://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        place: list[str | Path] = ["--port", str(self.port), "--bind", "127.0.0.1"]
        command = [binary(), *place, "--dir", self.folder, *NOTHING_KEPT]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
        assert within(self._answers)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with Driver(port=self.port) as driver:
            try:
                return bool(driver.ping())
            except RedisError:
                return False


class Outcome(NamedTuple):
    began: float
    seconds: float
    good: bool


class Load:
    """Questions without a pause, and how each of them went."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.outcomes: list[Outcome] = []

    async def ask_again_and_again(self) -> None:
        while True:
            began, good = monotonic(), True
            try:
                await self.redis.ask(Set("a", "1", ttl=60), Read(("a", "b")))
            except RedisUnavailable:
                good = False
                await asyncio.sleep(0.005)  # what the work without Redis would take
            self.outcomes.append(Outcome(began, monotonic() - began, good))

    def since(self, moment: float) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.began >= moment]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.kill()


@asynccontextmanager
async def load(address: str) -> AsyncIterator[Load]:
    async with Redis(address) as redis, asyncio.TaskGroup() as tasks:
        load = Load(redis)
        workers = [tasks.create_task(load.ask_again_and_again()) for _ in range(WORKERS)]
        await until(lambda: len(load.outcomes) > 10 * WORKERS)
        yield load
        for worker in workers:
            worker.cancel()


async def until(condition: Callable[[], bool], seconds: float = 10) -> float:
    """The moment at which it comes true; fails when it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - of another process there is no event
            await asyncio.sleep(0.01)
    return monotonic()


async def recovered(load: Load) -> float:
    """The moment at which Redis was believed again."""
    return await until(lambda: not load.redis.breaker.is_open, RECOVERY)


@pytest.mark.parametrize(
    ("fault", "repair"),
    [(Server.kill, Server.start), (Server.pause, Server.resume)],
    ids=["killed", "paused"],
)
async def test_a_server_that_is_away_costs_little_and_is_found_when_it_is_back(
    server: Server, fault: Callable[[Server], None], repair: Callable[[Server], None]
) -> None:
    async with load(server.address) as under:
        fault(server)
        gone = await until(lambda: under.redis.breaker.is_open)
        await until(lambda: monotonic() > gone + 1.5)  # long enough for a trial to fail
        repair(server)
        back = await recovered(under)
        await until(lambda: len(under.since(back)) > 100 * WORKERS)

    assert all(outcome.good for outcome in under.since(back))
    assert max(outcome.seconds for outcome in under.outcomes) < SLOWEST


async def test_restarted_at_once_it_is_well_soon_and_stays_so(server: Server) -> None:
    async with load(server.address) as under:
        server.kill()
        server.start()
        started = monotonic()
        await until(lambda: len(under.since(started)) > WORKERS)
        back = await recovered(under)
        await until(lambda: len(under.since(back)) > 100 * WORKERS)

    assert all(outcome.good for outcome in under.since(back))


async def test_connections_that_died_in_the_pool_fail_one_question_at_most(
    redis_settings: dict[str, str],
) -> None:
    address, clustered = redis_settings["REDIS_URL"], redis_settings["REDIS_CLUSTER"] == "True"
    # In production, too, what one is given is seldom what the nodes of a cluster call themselves.
    other_name = address.replace("127.0.0.1", "0.0.0.0")  # noqa: S104 - to connect to
    question = Read(tuple(f"key {n}" for n in range(20)))
    async with Redis(other_name, cluster=clustered) as redis:
        await in_turn(redis, question)
        hang_up(address, clustered=clustered)

        failed = 0
        for _ in range(3 * WORKERS):
            failed += not await answered(redis, question)
    assert failed <= 1


async def test_a_cluster_that_lost_a_node_is_seen_as_it_is_now(tmp_path: Path) -> None:
    question = Read(tuple(f"key {n}" for n in range(20)))
    with cluster.serve(tmp_path) as address:
        async with Redis(address, cluster=True) as redis:
            await redis.ask(question)
            lose_a_node(address)

            began = monotonic()
            while not await answered(redis, question):
                assert monotonic() < began + RECOVERY
                await asyncio.sleep(0.05)


async def in_turn(redis: Redis, question: Read) -> None:
    """Asks before the last question is answered, so that it takes another connection."""
    async with asyncio.TaskGroup() as asked:
        for _ in range(WORKERS):
            asked.create_task(redis.ask(question))
            await asyncio.sleep(0)
            await asyncio.sleep(0)


async def answered(redis: Redis, question: Read) -> bool:
    try:
        await redis.ask(question)
    except RedisUnavailable:
        return False
    return True


def lose_a_node(address: str) -> None:
    """Kills one and has the others agree that its slots are the next one's now."""
    lost, heir, other = primaries(address)
    last = cluster.SLOTS // cluster.NODES - 1
    with lost, heir, other:
        os.kill(lost.info("server")["process_id"], signal.SIGKILL)
        for node in (heir, other):
            cluster.asked(node, "DELSLOTSRANGE", 0, last)
        cluster.asked(heir, "ADDSLOTSRANGE", 0, last)
        cluster.asked(heir, "BUMPEPOCH")


def hang_up(address: str, *, clustered: bool) -> None:
    """Has every node close the connections of all others."""
    for node in primaries(address) if clustered else [Driver.from_url(address)]:
        with node:
            node.client_kill_filter(_type="normal")


def primaries(address: str) -> list[Driver]:
    """In the order of their slots."""
    with RedisCluster.from_url(address) as driver:
        slots = driver.nodes_manager.slots_cache
        owners = dict.fromkeys(slots[slot][0] for slot in range(cluster.SLOTS))
    return [Driver(node.host, node.port) for node in owners]
