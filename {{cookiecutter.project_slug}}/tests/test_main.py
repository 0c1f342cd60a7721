"""The whole is composed of its features and starts only on settings that hold."""

import gc

import pytest
from fastapi.routing import APIRoute
from httpx2 import AsyncClient

from app.core.settings import UnsafeSettings, read
from app.main import create_app


async def test_production_starts_only_with_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    read.cache_clear()
    app = create_app()

    with pytest.raises(UnsafeSettings, match="DATABASE_URL: is not set"):
        async with app.router.lifespan_context(app):
            pass
    read.cache_clear()


def test_production_shows_no_docs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    read.cache_clear()

    paths = {getattr(route, "path", None) for route in create_app().routes}

    assert not paths & {"/docs", "/redoc", "/openapi.json"}
    read.cache_clear()


async def test_a_path_is_spelled_one_way_only(client: AsyncClient) -> None:
    answer = await client.get("/health/")

    assert answer.status_code == 404


def test_resources_live_under_the_versioned_prefix_and_nothing_else_does() -> None:
    routes = [route for route in create_app().routes if isinstance(route, APIRoute)]

    assert routes
    for route in routes:
        operational = "operations" in route.tags or route.path.startswith("/.well-known/")
        assert operational != route.path.startswith("/api/v1/"), route.path


def test_the_collector_does_not_go_over_the_application_again_and_again() -> None:
    assert gc.get_freeze_count() > 50_000
