"""Measurements are for those who run the service."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from prometheus_client.parser import text_string_to_metric_families

from app import http, observability
from app.core.database import Database
from app.core.settings import UnsafeSettings, read
from app.observability.scraping import PUBLISHED
from tests.observability.scrapes import parsed

LOOPBACK, PROXY, STRANGER = "127.0.0.1", "10.1.2.3", "203.0.113.9"


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("TRUSTED_PROXIES", '["10.0.0.0/8"]')


@asynccontextmanager
async def asking(peer: str) -> AsyncIterator[AsyncClient]:
    read.cache_clear()
    app = FastAPI()
    http.setup(app)
    observability.setup(app)
    transport = ASGITransport(app, client=(peer, 4711))
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
    read.cache_clear()


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("peer", [LOOPBACK, "::1", "::ffff:127.0.0.1", PROXY])
async def test_production_shows_them_to_whoever_is_near(peer: str) -> None:
    async with asking(peer) as client:
        answer = await client.get("/metrics")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("peer", [STRANGER, "2001:db8::1", "socket"])
async def test_for_a_stranger_there_is_nothing(peer: str) -> None:
    async with asking(peer) as client:
        answer = await client.get("/metrics")
        missing = await client.get("/nothing")

    assert answer.status_code == missing.status_code == 404
    assert answer.json().keys() == missing.json().keys()
    assert answer.json()["code"] == missing.json()["code"]


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("peer", [LOOPBACK, PROXY])
@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded"])
async def test_what_a_proxy_hands_on_comes_from_elsewhere(peer: str, name: str) -> None:
    async with asking(peer) as client:
        answer = await client.get("/metrics", headers={name: LOOPBACK})

    assert answer.status_code == 404


async def test_outside_production_anybody_may_look() -> None:
    async with asking(STRANGER) as client:
        assert (await client.get("/metrics")).status_code == 200


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    monkeypatch.setenv("METRICS_PORT", str(free))
    return free


async def test_with_a_port_of_their_own_they_are_nowhere_else(
    port: int, database: Database
) -> None:
    async with asking(LOOPBACK) as client, PUBLISHED.run(database):
        beside = await client.get("/metrics")
        async with AsyncClient(trust_env=False) as prometheus:
            answer = await prometheus.get(f"http://127.0.0.1:{port}/metrics")

    assert beside.status_code == 404
    assert any(name == "db_pool_size" for name, _ in parsed(answer.text))


async def test_prometheus_reads_what_these_tests_read(client: AsyncClient) -> None:
    shown = (await client.get("/metrics")).text

    assert parsed(shown) == {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(shown)
        for sample in family.samples
    }


async def test_a_port_that_is_taken_stops_the_start(port: int, database: Database) -> None:
    read.cache_clear()
    async with PUBLISHED.run(database):
        with pytest.raises(UnsafeSettings, match=f"METRICS_PORT: {port} cannot be opened"):
            async with PUBLISHED.run(database):
                pass
    read.cache_clear()
