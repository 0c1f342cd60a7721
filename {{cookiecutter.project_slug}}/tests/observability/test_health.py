"""Alive whatever the dependencies do; ready only with those that are required."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app import http, observability
from app.core.database import Database
from app.core.feature import Check
from app.observability.health import POSTGRESQL


async def fails(database: Database) -> None:
    raise RuntimeError("postgresql://root:hunter2@10.0.0.1/shop")


async def hangs(database: Database) -> None:
    await asyncio.sleep(60)


def watching(*checks: Check, database: Database | None = None) -> AsyncClient:
    app = FastAPI()
    http.setup(app)
    observability.setup(app)
    app.state.checks = list(checks)
    app.state.database = database
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


async def test_a_service_with_its_database_is_ready(client: AsyncClient) -> None:
    answer = await client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "dependencies": {"postgresql": "up"}}


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
