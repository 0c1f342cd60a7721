"""What can go wrong in the service's own words; `problems` tells it to clients."""

from collections.abc import Mapping
from typing import ClassVar


class AppError(Exception):
    """A refusal with a stable code; features name their own below one of these.

    `keeps_writes` commits the unit of work although the request fails: only for a security
    write that *is* the answer to the error, such as ending a stolen session. `extensions` are
    further members of the problem document.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    detail: ClassVar[str] = "Something went wrong on our side."
    keeps_writes: ClassVar[bool] = False

    def __init__(self, detail: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail or self.detail)
        self.headers = dict(headers or {})
        self.extensions: Mapping[str, object] = {}


class BadRequest(AppError):
    """The request cannot be read."""

    status = 400
    code = "bad_request"
    detail = "The request cannot be understood."


class NotFound(AppError):
    """Also the answer for somebody else's private resource."""

    status = 404
    code = "not_found"
    detail = "There is nothing here."


class Conflict(AppError):
    """The request is fine, the state of the resource is not."""

    status = 409
    code = "conflict"
    detail = "The resource is not in a state that allows this."


class BodyTooLarge(AppError):
    """More bytes, or more fields, than a request may have."""

    status = 413
    code = "body_too_large"
    detail = "The body is too large."


class Unavailable(AppError):
    """A dependency does not answer; the client may try again after `Retry-After` seconds."""

    status = 503
    code = "unavailable"
    detail = "The service cannot answer right now."

    def __init__(self, detail: str | None = None, retry_after: int = 1) -> None:
        super().__init__(detail, {"Retry-After": str(retry_after)})
