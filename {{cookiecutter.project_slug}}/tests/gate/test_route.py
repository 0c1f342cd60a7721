"""No route of the API is beside the gate; those that take passwords have their own limits."""

from fastapi.routing import APIRoute

from app.core.feature import API
from app.gate.route import GatedRoute
from app.main import create_app
from app.throttling.dependencies import Throttled
from app.throttling.policies import LOGIN

ROUTES = [
    route
    for route in create_app().routes
    if isinstance(route, APIRoute) and route.path.startswith(API)
]


def test_every_route_of_the_api_is_gated() -> None:
    assert ROUTES
    assert [route.path for route in ROUTES if not isinstance(route, GatedRoute)] == []


def test_whatever_proves_who_somebody_is_has_the_limits_of_a_login() -> None:
    limited = {
        route.path.removeprefix(API)
        for route in ROUTES
        for mark in route.dependencies
        if isinstance(mark.dependency, Throttled) and mark.dependency.policy is LOGIN
    }

    assert limited == {
        "/auth/login",
        "/auth/token",
        "/auth/register",
        "/auth/refresh",
        "/auth/password/change",
        "/auth/password/forgot",
        "/auth/password/reset",
    }
