"""Which answer each kind of exception becomes; no input is echoed, no cause is told."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from app.core.errors import AppError, Unavailable
from app.core.outages import is_outage
from app.core.problems import Fault, problem, refusal

log = structlog.get_logger()

_CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "validation_failed",
    429: "rate_limited",
    503: "unavailable",
}

# Of the faults in one request: who sends more is not going to read them all.
_NAMED = 100


def install(app: FastAPI) -> None:
    """Replaces FastAPI's handlers; theirs echo the input and die of a lone surrogate in it."""
    app.add_exception_handler(AppError, _refused)
    app.add_exception_handler(HTTPException, _refused_by_framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in (DBAPIError, PoolTimeout, TimeoutError):
        app.add_exception_handler(kind, _database_failed)


def unexpected(scope: Scope, error: Exception) -> Response:
    """Whatever nobody expected: the log gets the cause, the client none of it."""
    log.error("unexpected_error", exc_info=error)
    return refusal(scope, AppError())


async def _refused(request: Request, error: Exception) -> Response:
    return refusal(request.scope, cast(AppError, error))


async def _refused_by_framework(request: Request, error: Exception) -> Response:
    raised = cast(HTTPException, error)
    if isinstance(raised.__cause__, AppError):
        return refusal(request.scope, raised.__cause__)
    headers = dict(raised.headers or {})
    status = HTTPStatus(raised.status_code)
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    detail = status.description or status.phrase
    code = _CODES.get(status, "bad_request")
    return problem(request.scope, status.value, code, f"{detail.rstrip('.')}.", headers)


async def _invalid(request: Request, error: Exception) -> Response:
    invalid = cast(RequestValidationError, error)
    if isinstance(invalid.body, bytes) and invalid.body:
        return problem(
            request.scope, 415, _CODES[415], "The body must be JSON, sent as application/json."
        )
    faults = [_fault(item) for item in invalid.errors()[:_NAMED]]
    return problem(request.scope, 422, _CODES[422], "The request is not valid.", errors=faults)


async def _database_failed(request: Request, error: Exception) -> Response:
    if not is_outage(error):
        return unexpected(request.scope, error)
    log.warning("database_unavailable", error=type(error).__name__)
    return refusal(request.scope, Unavailable())


def _fault(item: Mapping[str, Any]) -> Fault:  # pydantic's error dict has values of any kind
    message = item["msg"]
    if item["type"] == "uuid_parsing":  # the second half quotes the input
        message = message.partition(",")[0]
    return Fault(loc=[_printable(part) for part in item["loc"]], code=item["type"], message=message)


def _printable(part: str | int) -> str | int:
    """A field's own name may be hostile too: a lone surrogate cannot be sent."""
    return part if isinstance(part, int) else part.encode("utf-8", "replace").decode()


def _allowed_methods(request: Request) -> list[str]:
    """Of every route with this path: the router itself names only the first (RFC 9110, 15.5.6)."""
    methods: set[str] = set()
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match is Match.PARTIAL:
            methods |= route.methods or set()
    return sorted(methods)
