"""How long each request took and how many are under way."""

from collections.abc import Iterable
from time import perf_counter
from typing import ClassVar

from opentelemetry.metrics import CallbackOptions, Observation
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.timings import Timings

DURATIONS = Timings(
    "http_server_request_duration_seconds", "Duration of requests.", "method", "route", "status"
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "_OTHER"
"""The route of a path that leads nowhere, and any method of a client's own: one series for all."""


class RequestMetrics:
    """One measurement for each request, by method, by the route's template, by class of status."""

    in_flight: ClassVar = 0

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        RequestMetrics.in_flight += 1
        started = perf_counter()
        try:
            await self._app(scope, receive, send)
        finally:
            RequestMetrics.in_flight -= 1
            DURATIONS.add(perf_counter() - started, *_labels(scope))


def _labels(scope: Scope) -> tuple[str, str, str]:
    """Nothing of it is a client's: a label that anybody can write fills memory."""
    method, route = scope["method"], scope.get("route")
    status = scope["state"]["status"]
    return (
        method if method in METHODS else OTHER,
        getattr(route, "path", OTHER),
        f"{status // 100}xx",
    )


def observe_in_flight(_: CallbackOptions) -> Iterable[Observation]:
    """For a gauge that is read at a scrape: counting up and down in one costs 17 us a request."""
    yield Observation(RequestMetrics.in_flight)
