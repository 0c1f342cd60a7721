"""The Redis of this room's tests."""

from collections.abc import AsyncIterator

import pytest

from app.core.breaker import Breaker
from app.core.redis import Redis


def _client(settings: dict[str, str], breaker: Breaker | None = None) -> Redis:
    return Redis(
        settings["REDIS_URL"],
        cluster=settings["REDIS_CLUSTER"] == "True",
        prefix=settings["REDIS_KEY_PREFIX"],
        breaker=breaker,
    )


@pytest.fixture(scope="session")
async def redis(redis_settings: dict[str, str], anyio_backend: str) -> AsyncIterator[Redis]:
    """One for all examples of a property; each has subjects of its own."""
    async with _client(redis_settings) as client:
        yield client


@pytest.fixture
async def other_redis(redis_settings: dict[str, str]) -> AsyncIterator[Redis]:
    """The same server, as another process sees it; when its breaker opens, it stays open."""
    async with _client(redis_settings, Breaker(pause=3600)) as client:
        yield client
