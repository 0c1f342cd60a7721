"""Told to stop, the process says so for a while before the server hears of it."""

import asyncio
import signal
from collections.abc import Iterator
from time import monotonic

import pytest
from httpx2 import AsyncClient

from app.core.database import Database
from app.core.settings import read
from app.observability.draining import DELAYED

SECONDS = 0.2


@pytest.fixture
def stopped() -> Iterator[asyncio.Event]:
    """What the server would do."""
    told = asyncio.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: told.set())
    yield told
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    read.cache_clear()
    yield monkeypatch
    read.cache_clear()


async def test_readiness_turns_and_then_the_server_stops(
    seconds: pytest.MonkeyPatch, stopped: asyncio.Event, client: AsyncClient, database: Database
) -> None:
    seconds.setenv("DRAIN_SECONDS", str(SECONDS))
    async with DELAYED.run(database), asyncio.timeout(5):
        told = monotonic()
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0)

        answer = await client.get("/health/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert (await client.get("/health/live")).status_code == 200

        await stopped.wait()
        assert monotonic() - told >= SECONDS
    assert (await client.get("/health/ready")).status_code == 200


async def test_with_nothing_to_wait_for_the_server_hears_at_once(
    seconds: pytest.MonkeyPatch, stopped: asyncio.Event, database: Database
) -> None:
    seconds.delenv("DRAIN_SECONDS", raising=False)
    async with DELAYED.run(database):
        signal.raise_signal(signal.SIGTERM)

        assert stopped.is_set()
