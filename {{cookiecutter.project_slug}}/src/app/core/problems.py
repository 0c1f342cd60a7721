"""The document that tells a client of an error (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response
from starlette.types import Scope

from app.core.errors import AppError

MEDIA_TYPE = "application/problem+json"


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
    """An answer to the request of `scope`, for what is no domain error; see `refusal`."""
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


def refusal(scope: Scope, error: AppError) -> Response:
    """A domain error as it is told to the client of the request of `scope`."""
    return problem(scope, error.status, error.code, str(error), error.headers, **error.extensions)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:  # FastAPI's own type
    """For a route's `responses`: these errors, besides those that every route may give."""
    return {status: {"description": HTTPStatus(status).phrase} for status in statuses}
