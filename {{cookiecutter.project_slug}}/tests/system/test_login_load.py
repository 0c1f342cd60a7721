"""What logins cost everybody else, and what their duration tells of an account."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import httpx2
import pytest

from app.core.database import Database
from app.core.migrations import ROOT
from tests.conftest import JWT_KEY
from tests.people import Person, a_person
from tests.system.processes import APP, PATIENCE, free_port, ready, running

pytestmark = [pytest.mark.system, pytest.mark.measured]

CLIENTS = 8
RATE = 50  # requests a second
SAMPLES = 250
ROUNDS = 3
BOUND = 2.0
ATTEMPTS = 60
LOGIN, ME = "/api/v1/auth/login", "/api/v1/users/me"


@asynccontextmanager
async def serving(
    servers: dict[str, str], folder: Path, **settings: str
) -> AsyncIterator[httpx2.AsyncClient]:
    port = free_port()
    settings |= {**servers, "JWT_KEYS": json.dumps([JWT_KEY])}
    command = [*APP, "serve", "--port", str(port)]
    with running(command, ROOT, folder / "log", **settings) as process:
        ready(process, port)
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE
        ) as client:
            yield client


async def login(client: httpx2.AsyncClient, person: Person) -> str:
    body = {"email": person.email, "password": person.password}
    answer = await client.post(LOGIN, json=body)
    return str(answer.raise_for_status().json()["access_token"])


async def p95(client: httpx2.AsyncClient, token: str) -> float:
    """Of requests that come at their rate, however long those before them take; in seconds."""
    started = perf_counter()
    bearer = {"Authorization": f"Bearer {token}"}

    async def request(number: int) -> float:
        due = started + number / RATE
        await asyncio.sleep(due - perf_counter())
        answer = await client.get(ME, headers=bearer)
        assert answer.status_code == 200
        return perf_counter() - due

    return quantiles(await asyncio.gather(*map(request, range(SAMPLES))), n=20)[-1]


async def test_logins_without_pause_do_not_hold_up_other_requests(
    servers: dict[str, str], database: Database, tmp_path: Path
) -> None:
    people = [await a_person(database) for _ in range(CLIENTS)]
    logins = count()
    async with serving(servers, tmp_path) as client:
        token = await login(client, people[0])
        async with without_pause(client, people, logins):
            await p95(client, token)  # opens every connection that will be needed
        ratios: list[float] = []
        # What else runs on the machine only ever adds to a ratio.
        while len(ratios) < ROUNDS and min(ratios, default=BOUND) >= BOUND:
            ratios.append(await ratio(client, token, people, logins))

    assert next(logins) > CLIENTS * len(ratios) * 10, "too few logins to be a load"
    assert min(ratios) < BOUND, f"with logins the p95 is {ratios} times what it is without"


async def ratio(
    client: httpx2.AsyncClient, token: str, people: Sequence[Person], logins: "count[int]"
) -> float:
    idle = await p95(client, token)
    async with without_pause(client, people, logins):
        loaded = await p95(client, token)
    return loaded / idle


@asynccontextmanager
async def without_pause(
    client: httpx2.AsyncClient, people: Sequence[Person], logins: "count[int]"
) -> AsyncIterator[None]:
    """All of these people sign in again and again, and are counted."""

    async def again_and_again(person: Person) -> None:
        while True:
            await login(client, person)
            next(logins)

    async with asyncio.TaskGroup() as tasks:
        started = [tasks.create_task(again_and_again(person)) for person in people]
        yield
        for task in started:
            task.cancel()


async def test_the_duration_of_a_login_does_not_tell_whether_there_is_an_account(
    servers: dict[str, str], database: Database, tmp_path: Path
) -> None:
    known = await a_person(database)
    unlimited = {"LOCKOUT_FAILURES": "1000000", "LOCKOUT_ACCOUNT_FAILURES": "1000000"}

    async def duration(client: httpx2.AsyncClient, email: str) -> float:
        started = perf_counter()
        answer = await client.post(LOGIN, json={"email": email, "password": "wrong"})
        assert answer.status_code == 401
        return perf_counter() - started

    async with serving(servers, tmp_path, **unlimited) as client:
        await duration(client, "first@example.com")  # warm
        pairs = [
            (await duration(client, known.email), await duration(client, f"x{n}@example.com"))
            for n in range(ATTEMPTS)
        ]

    with_account, without = (median(times) for times in zip(*pairs, strict=True))
    assert without == pytest.approx(with_account, rel=0.1)
