"""What happens shows up in the measurements, and nothing that a client writes becomes a series."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import AsyncClient

from app.auth.service import LOGINS
from app.core import counts
from app.core.database import Database
from app.core.redis import Redis
from app.observability.requests import METHODS, OTHER
from tests.observability.scrapes import scrape, value

COUNT = "http_server_request_duration_seconds_count"


async def test_requests_are_told_apart_by_method_template_and_class(client: AsyncClient) -> None:
    before = await scrape(client)

    await client.get("/api/v1/users/00000000-0000-7000-8000-000000000000")
    await client.get("/api/v1/users/00000000-0000-7000-8000-000000000001")
    await client.get("/health/live")

    after = await scrape(client)
    unknown = {"method": "GET", "route": "/api/v1/users/{user_id}", "status": "4xx"}
    alive = {"method": "GET", "route": "/health/live", "status": "2xx"}
    for labels, times in ((unknown, 2), (alive, 1)):
        assert value(after, COUNT, **labels) - value(before, COUNT, **labels) == times


async def storm(client: AsyncClient, mark: str) -> None:
    """Everything that a client may write, with the mark in it."""
    await client.get(f"/{mark}")
    await client.get(f"/api/v1/users/{mark}", params={mark: mark})
    await client.request(mark.upper(), "/health/live")
    await client.request(mark.upper(), f"/{mark}")
    await client.options(f"/{mark}", headers={"origin": mark, "x-request-id": mark})
    await client.get("/health/live", headers={"host": mark, "user-agent": mark})
    await client.get("/api/v1/users/me", headers={"authorization": f"Bearer {mark}"})
    await client.get("/api/v1/users/me", headers={"x-api-key": mark, "traceparent": mark})
    await client.post("/api/v1/auth/login", json={"email": f"{mark}@example.com", "password": mark})
    await client.post("/api/v1/auth/login", json={mark: mark})


async def test_what_a_client_writes_makes_no_series(client: AsyncClient) -> None:
    async def added(mark: str) -> int:
        before = await scrape(client)
        await storm(client, mark)
        return len((await scrape(client)).keys() - before.keys())

    # The first storms add what nobody did before: the scrape itself, or a 5xx of a busy machine.
    storms = [await added(mark) for mark in ("first", "second", "third", "fourth")]

    assert 0 in storms


async def test_every_label_has_few_values(client: AsyncClient, application: FastAPI) -> None:
    await storm(client, "hostile")

    labels: dict[str, set[str]] = {}
    for name, pairs in await scrape(client):
        assert "hostile" not in str(pairs).lower(), name
        if name == COUNT:
            for label, given in pairs:
                labels.setdefault(label, set()).add(given)

    routes = {route.path for route in application.routes if isinstance(route, APIRoute)}
    assert labels["route"] <= routes | {OTHER}
    assert labels["method"] <= METHODS | {OTHER}
    assert labels["status"] <= {"2xx", "3xx", "4xx", "5xx"}


async def test_the_scrape_itself_is_the_request_under_way(client: AsyncClient) -> None:
    for _ in range(2):
        assert value(await scrape(client), "http_server_active_requests") == 1


async def test_a_connection_in_use_is_seen(client: AsyncClient, database: Database) -> None:
    async with database.engine.connect(), database.engine.connect():
        series = await scrape(client)

    scrapes_own = 1  # what a feature measures may be asked of the database
    assert 2 <= value(series, "db_pool_connections", state="used") <= 2 + scrapes_own
    assert value(series, "db_pool_size") >= 10
    assert value(await scrape(client), "db_pool_connections", state="used") <= scrapes_own


async def test_queries_and_exchanges_are_timed(client: AsyncClient, redis: Redis) -> None:
    first, before = await scrape(client), await scrape(client)

    await client.get("/health/ready")

    after = await scrape(client)
    for name in ("db_query_seconds", "redis_exchange_seconds"):
        scraping = value(before, f"{name}_count") - value(first, f"{name}_count")
        assert value(after, f"{name}_count") - value(before, f"{name}_count") == 1 + scraping
        assert value(after, f"{name}_sum") > value(before, f"{name}_sum")
        assert value(after, f"{name}_bucket", le="+Inf") == value(after, f"{name}_count")


async def test_the_plain_counts_are_published_by_their_names(client: AsyncClient) -> None:
    LOGINS.add("failed")
    before = {each: dict(each.values()) for each in counts.ALL}
    series = await scrape(client)

    for each, least in before.items():
        for values, count in least.items():
            labels = dict(zip(each.labels, values, strict=True))
            # A slow machine may lose Redis meanwhile, which is counted, too.
            assert count <= value(series, each.name, **labels) <= each.values()[values], each.name


async def test_a_failed_login_is_counted(client: AsyncClient) -> None:
    before = await scrape(client)

    login = {"email": "nobody@example.com", "password": "wrong-and-long-enough"}
    await client.post("/api/v1/auth/login", json=login)

    after = await scrape(client)
    counted = value(after, "logins_total", outcome="failed")
    assert counted - value(before, "logins_total", outcome="failed") == 1
