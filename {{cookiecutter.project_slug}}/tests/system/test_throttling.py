"""Limits over two processes: exact in a storm, honest about the wait, hard to walk around."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from time import monotonic

import httpx2
import pytest
from fastapi import FastAPI

from app.core.database import Database
from tests.effort import tries
from tests.people import a_person, signed_in
from tests.system.storm import storm
from tests.system.twins import twins

pytestmark = pytest.mark.system

ROUNDS = tries(10)
STORM = 3_000
LIMIT = 20
ME, STRANGER = "/api/v1/users/me", "/api/v1/auth/sessions"
LIMITS = {"THROTTLE_AUTHENTICATED": f"{LIMIT}/minute", "THROTTLE_ANONYMOUS": f"{LIMIT}/2seconds"}


@pytest.fixture(scope="module")
async def clients(
    servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Sequence[httpx2.AsyncClient]]:
    """Of two processes that share the limits."""
    async with twins(servers, tmp_path_factory.mktemp("both"), **LIMITS) as both:
        yield [each.client for each in both]


async def statuses(
    clients: Sequence[httpx2.AsyncClient], path: str, headers: dict[str, str], requests: int
) -> Counter[int]:
    share = requests // len(clients)
    seen = await asyncio.gather(
        *(storm(each, path, headers, requests=share, at_once=50) for each in clients)
    )
    return Counter(status for answers in seen for status, _ in answers.elements())


async def test_of_a_storm_over_two_processes_exactly_as_many_pass_as_may(
    clients: Sequence[httpx2.AsyncClient], application: FastAPI, database: Database
) -> None:
    for _ in range(ROUNDS):
        async with signed_in(application, await a_person(database)) as somebody:
            bearer = {"Authorization": somebody.headers["Authorization"]}

        assert await statuses(clients, ME, bearer, STORM) == {200: LIMIT, 429: STORM - LIMIT}


async def test_forwarding_headers_of_strangers_pass_nobody_and_retry_after_is_honest(
    clients: Sequence[httpx2.AsyncClient],
) -> None:
    one, other = clients
    spoofed = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(3 * LIMIT)]
    answers = [
        await (one, other)[n % 2].get(STRANGER, headers=each) for n, each in enumerate(spoofed)
    ]

    assert Counter(each.status_code for each in answers) == {401: LIMIT, 429: 2 * LIMIT}

    denied = await one.get(STRANGER)
    wait = monotonic() + int(denied.headers["Retry-After"])
    assert denied.status_code == 429
    waited = [denied.status_code]
    while (now := monotonic()) < wait:
        await asyncio.sleep(min(0.2, wait - now))
        waited.append((await other.get(STRANGER)).status_code)
    # A second at most was added by rounding up: until then everything was denied.
    assert waited[-1] == 401
    assert 401 not in waited[: len(waited) - 6]
