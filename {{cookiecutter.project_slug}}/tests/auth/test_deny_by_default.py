"""A route is public by name, in the list below, or it lets nobody in without a credential."""

import re
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from httpx2 import AsyncClient

from app.auth.permissions import HOLDERS
from app.main import create_app

PUBLIC = {
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
    "GET /.well-known/jwks.json",
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/token",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/logout",
    "POST /api/v1/auth/password/forgot",
    "POST /api/v1/auth/password/reset",
    "POST /api/v1/auth/email/verify",
    "GET /api/v1/products",  # feature: example
    "GET /api/v1/products/{product_id}",  # feature: example
}
APP = create_app()
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{method.upper()} {path}": operation
    for path, methods in APP.openapi()["paths"].items()
    for method, operation in methods.items()
}
PROTECTED = sorted(OPERATIONS.keys() - PUBLIC)


def test_what_is_public_by_name_is_there_and_asks_for_nothing() -> None:
    assert OPERATIONS.keys() >= PUBLIC
    assert [name for name in PUBLIC if "security" in OPERATIONS[name]] == []


def test_no_route_hides_from_the_document() -> None:
    routes = {
        f"{method} {route.path}"
        for route in APP.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }

    assert routes - {"GET /metrics"} == OPERATIONS.keys()  # Prometheus reads no document


@pytest.mark.parametrize("name", PROTECTED)
def test_what_is_not_public_says_who_may_come(name: str) -> None:
    schemes = [scheme for each in OPERATIONS[name]["security"] for scheme in each.items()]

    assert ("bearer", []) in schemes or dict(schemes).keys() == {"bearer", "api_key"}
    assert {scope for _, scopes in schemes for scope in scopes} <= HOLDERS.keys()


@pytest.mark.parametrize("name", PROTECTED)
async def test_what_is_not_public_lets_no_stranger_in(client: AsyncClient, name: str) -> None:
    method, path = name.split()

    answer = await client.request(method, re.sub(r"\{\w+\}", str(uuid4()), path))

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("name", [name for name in PROTECTED if "/auth/" in name])
async def test_api_keys_reach_nothing_under_auth(name: str) -> None:
    assert OPERATIONS[name]["security"] == [{"bearer": []}]
