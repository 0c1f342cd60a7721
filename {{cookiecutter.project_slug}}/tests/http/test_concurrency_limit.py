"""A crowd is turned away at the door, and whoever watches it is let in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from app.http.concurrency_limit import REFUSED

LIMIT = 2


@pytest.fixture(autouse=True)
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_CONCURRENT_REQUESTS", str(LIMIT))


@asynccontextmanager
async def crowd(small: FastAPI, talk: AsyncClient) -> AsyncIterator[list[Response]]:
    """As many under way as may be; answered after the block."""
    arrived, over = asyncio.Semaphore(0), asyncio.Event()
    answers: list[Response] = []

    @small.get("/slow")
    async def slow() -> None:
        arrived.release()
        await over.wait()

    async def ask() -> None:
        answers.append(await talk.get("/slow"))

    async with asyncio.TaskGroup() as asked:
        for _ in range(LIMIT):
            asked.create_task(ask())
            await arrived.acquire()
        yield answers
        over.set()


async def test_one_more_than_may_be_is_answered_503_at_once(
    limit: None, small: FastAPI, talk: AsyncClient
) -> None:
    counted = REFUSED.values().get((), 0)
    async with crowd(small, talk) as answers:
        refused = await talk.get("/slow")

    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-Request-ID"] == refused.json()["request_id"]
    assert [answer.status_code for answer in answers] == [200] * LIMIT
    assert REFUSED.values()[()] == counted + 1


async def test_who_was_answered_or_failed_makes_room_for_the_next(
    limit: None, small: FastAPI, talk: AsyncClient
) -> None:
    @small.get("/bug")
    async def bug() -> None:
        raise RuntimeError

    seen = [(await talk.get(path)).status_code for path in ("/bug", "/nothing") * LIMIT]

    assert seen == [500, 404] * LIMIT


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/metrics"])
async def test_probes_and_scrapes_are_answered_in_any_crowd(
    limit: None, small: FastAPI, talk: AsyncClient, path: str
) -> None:
    small.get(path)(lambda: 0)

    async with crowd(small, talk):
        assert (await talk.get(path)).status_code == 200
