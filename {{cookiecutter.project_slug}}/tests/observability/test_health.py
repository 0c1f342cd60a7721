"""Alive whatever the dependencies do; ready only with those that are required."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app import http, observability
from app.core.database import Database
from app.core.feature import Check, Connections
from app.core.redis import Redis
from app.observability.health import POSTGRESQL, REDIS


async def fails(connections: Connections) -> None:
    raise RuntimeError("postgresql://root:hunter2@10.0.0.1/shop")


async def hangs(connections: Connections) -> None:
    await asyncio.sleep(60)


def watching(
    *checks: Check, database: Database | None = None, redis: Redis | None = None
) -> AsyncClient:
    app = FastAPI()
    http.setup(app)
    observability.setup(app)
    app.state.checks = list(checks)
    app.state.database = database
    app.state.redis = redis
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


async def test_a_service_with_all_it_depends_on_is_ready(client: AsyncClient) -> None:
    answer = await client.get("/health/ready")

    assert answer.status_code == 200
    dependencies = {"postgresql": "up", "redis": "up"}
    assert answer.json() == {"status": "ready", "dependencies": dependencies}


async def test_without_redis_it_is_degraded(database: Database) -> None:
    async with (
        Redis("redis://127.0.0.1:1") as gone,
        watching(POSTGRESQL, REDIS, database=database, redis=gone) as client,
    ):
        answer = await client.get("/health/ready")

    assert answer.status_code == 200
    dependencies = {"postgresql": "up", "redis": "down"}
    assert answer.json() == {"status": "degraded", "dependencies": dependencies}


async def test_without_its_database_it_is_not_ready_and_still_alive() -> None:
    gone = Database("postgresql://postgres:hunter2@127.0.0.1:1/gone")

    async with watching(POSTGRESQL, database=gone) as client:
        ready = await client.get("/health/ready")
        alive = [await client.get(path) for path in ("/health", "/health/live")]

    assert ready.status_code == 503
    assert ready.json()["code"] == "unavailable"
    assert ready.json()["dependencies"] == {"postgresql": "down"}
    assert "hunter2" not in ready.text
    assert [(answer.status_code, answer.json()) for answer in alive] == [
        (200, {"status": "ok"})
    ] * 2


async def test_a_dependency_it_can_do_without_leaves_it_degraded() -> None:
    async with watching(Check("oven", fails, required=False)) as client:
        answer = await client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "dependencies": {"oven": "down"}}


@pytest.mark.system
async def test_a_dependency_that_hangs_is_down_after_a_second() -> None:
    async with watching(Check("oven", hangs), Check("shelf", hangs)) as client, asyncio.timeout(2):
        answer = await client.get("/health/ready")

    assert answer.json()["dependencies"] == {"oven": "down", "shelf": "down"}
