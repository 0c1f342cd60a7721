"""Every error as a problem document (RFC 9457), whoever raised it; no input is echoed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from app.core.errors import AppError, Unavailable
from app.core.outages import is_outage

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
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


class Fault(BaseModel):
    """One thing wrong with the input: where, a stable code, a sentence."""

    loc: list[str | int]
    code: str
    message: str


class Problem(BaseModel):
    """The body of every error; `errors` is there for 422 only."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[Fault] | None = None


def problem(
    scope: Scope,
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **extensions: Any,  # noqa: ANN401 - whatever a domain error has to add
) -> Response:
    """The answer to the request of `scope`; middleware may send it as well."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=quote(scope["path"]),
        code=code,
        request_id=scope.get("state", {}).get("request_id", ""),
        **extensions,
    )
    return Response(body.model_dump_json(exclude_none=True), status, headers, media_type=MEDIA_TYPE)


def unexpected(scope: Scope, error: Exception) -> Response:
    """Whatever nobody expected: the log gets the cause, the client none of it."""
    log.error("unexpected_error", exc_info=error)
    return problem(scope, AppError.status, AppError.code, AppError.detail)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:  # FastAPI's own type
    """For a route's `responses`: these errors, besides those that every route may give."""
    return {status: {"description": HTTPStatus(status).phrase} for status in statuses}


def install(app: FastAPI) -> None:
    """Replaces FastAPI's handlers; theirs echo the input and die of a lone surrogate in it."""
    app.add_exception_handler(AppError, _refused)
    app.add_exception_handler(HTTPException, _refused_by_framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in (DBAPIError, PoolTimeout, TimeoutError):
        app.add_exception_handler(kind, _database_failed)


async def _refused(request: Request, error: Exception) -> Response:
    refusal = cast(AppError, error)
    return problem(
        request.scope,
        refusal.status,
        refusal.code,
        str(refusal),
        refusal.headers,
        **refusal.extensions,
    )


async def _refused_by_framework(request: Request, error: Exception) -> Response:
    refusal = cast(HTTPException, error)
    headers = dict(refusal.headers or {})
    if refusal.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    status = HTTPStatus(refusal.status_code)
    detail = status.description or status.phrase
    code = _CODES.get(status, "bad_request")
    return problem(request.scope, status.value, code, f"{detail.rstrip('.')}.", headers)


async def _invalid(request: Request, error: Exception) -> Response:
    invalid = cast(RequestValidationError, error)
    if isinstance(invalid.body, bytes) and invalid.body:
        return problem(
            request.scope, 415, _CODES[415], "The body must be JSON, sent as application/json."
        )
    faults = [_fault(item) for item in invalid.errors()]
    return problem(request.scope, 422, _CODES[422], "The request is not valid.", errors=faults)


async def _database_failed(request: Request, error: Exception) -> Response:
    if not is_outage(error):
        return unexpected(request.scope, error)
    log.warning("database_unavailable", error=type(error).__name__)
    return await _refused(request, Unavailable())


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
