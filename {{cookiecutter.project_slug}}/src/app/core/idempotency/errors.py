"""Why a request that names a key is not done, or not done again."""

from starlette.responses import Response

from app.core.errors import AppError, BadRequest, Conflict


class InvalidIdempotencyKey(BadRequest):
    """The header does not hold one key."""

    code = "invalid_idempotency_key"
    detail = "Idempotency-Key must be 1 to 255 letters, digits or any of . _ ~ : -"


class IdempotencyKeyReused(AppError):
    """The same key came with another request."""

    status = 422
    code = "idempotency_key_reused"
    detail = "This Idempotency-Key came with another request before; choose a new one."


class RequestInProgress(Conflict):
    """The first request with this key has not ended; the client asks again in a second."""

    code = "request_in_progress"
    detail = "The first request with this Idempotency-Key is still running."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class Replay(Exception):
    """No error: the work was done before, and this was the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response
