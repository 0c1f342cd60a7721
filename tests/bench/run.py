"""Measures, round by round, what the requests cost the service and the limit apps."""

from __future__ import annotations

import asyncio
import math
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from statistics import median

from tests.bench.driver import asked, drive, encoded
from tests.bench.measured import Prepared, logins
from tests.bench.stage import Server, Stage

CONNECTIONS = 32
LOGINS = 8
EXCHANGES = re.compile(r"^(db_query|redis_exchange)_seconds_count(?:\{.*\})? (\S+)$", re.MULTILINE)


@dataclass
class Cost:
    """What one request cost, in each round."""

    cpu: list[float] = field(default_factory=list)
    """Microseconds of the server process, for each request."""
    rate: list[float] = field(default_factory=list)
    """Requests in a second."""
    seconds: list[float] = field(default_factory=list)
    """What each request took, of all rounds."""

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        return percentile(self.seconds, percent) * 1000


@dataclass
class Result:
    """A request beside its limit."""

    name: str
    limit: str
    at_most: float
    service: Cost = field(default_factory=Cost)
    least: Cost = field(default_factory=Cost)
    statements: float = 0.0
    exchanges: float = 0.0

    @property
    def ratio(self) -> float:
        """How many times the limit's CPU time the service took."""
        return median(self.service.cpu) / median(self.least.cpu)


def percentile(values: list[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]


async def measure(
    service: Server, limits: Server, wanted: Prepared, rounds: int, count: int
) -> tuple[list[Result], dict[str, Cost]]:
    """Every request in every round, the service and its limit in turns; a round before warms up."""
    results = [Result(each.name, each.limit, each.at_most) for each in wanted.beside_limits]
    alone = {name: Cost() for name in wanted.alone}
    for number in range(rounds + 1):
        if number == 1:
            wanted.settle()
        print(f"round {number} of {rounds} ..." if number else "warming up ...", flush=True)
        for each, result in zip(wanted.beside_limits, results, strict=True):
            service_cost, least = (result.service, result.least) if number else (Cost(), Cost())
            before = await exchanges(service)
            await load(service, islice(each.requests, count), count, service_cost)
            after = await exchanges(service)
            result.statements = (after["db_query"] - before["db_query"]) / count
            result.exchanges = (after["redis_exchange"] - before["redis_exchange"]) / count
            await load(limits, islice(each.least, count), count, least)
        for name, requests in wanted.alone.items():
            await load(limits, islice(requests, count), count, alone[name] if number else Cost())
    return results, alone


async def load(server: Server, requests: Iterator[bytes], count: int, cost: Cost) -> None:
    """Adds what these requests cost."""
    used, since = server.cpu_seconds(), time.perf_counter()
    cost.seconds += await drive(server.port, requests, CONNECTIONS)
    cost.rate.append(count / (time.perf_counter() - since))
    cost.cpu.append((server.cpu_seconds() - used) / count * 1e6)


async def exchanges(service: Server) -> dict[str, float]:
    """How many statements and exchanges with Redis the service has had, by its own metrics."""
    text = (await asked(service.port, encoded("GET", "/metrics"))).decode()
    counted = {"db_query": 0.0, "redis_exchange": 0.0}
    for name, value in EXCHANGES.findall(text):
        counted[name] += float(value)
    return counted


async def beside_logins(service: Server, bearer_request: Iterator[bytes], count: int) -> float:
    """How many times longer the current user's p95 is while clients log in."""
    idle = await drive(service.port, islice(bearer_request, count), LOGINS, pause=0.02)
    over = asyncio.Event()

    def until_over() -> Iterator[bytes]:
        for login in logins():
            if over.is_set():
                return
            yield login

    async with asyncio.TaskGroup() as group:
        group.create_task(drive(service.port, until_over(), LOGINS))
        busy = await drive(service.port, islice(bearer_request, count), LOGINS, pause=0.02)
        over.set()
    return percentile(busy, 95) / percentile(idle, 95)


def cold_start(stage: Stage) -> float:
    """Seconds from the command to the first 200."""
    since = time.perf_counter()
    with stage.service():
        return time.perf_counter() - since


@contextmanager
def apart(*servers: Server) -> Iterator[None]:
    """These servers keep to the first core, and we to the others."""
    if not sys.platform.startswith("linux") or len(cores := sorted(os.sched_getaffinity(0))) < 2:
        yield
        return
    for server in servers:
        server.pin(cores[:1])
    os.sched_setaffinity(0, cores[1:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
