"""One line for each request, written when it is over."""

import structlog
from starlette.types import Scope

from app.core import caller

log = structlog.get_logger()


def write(scope: Scope, status: int, seconds: float) -> None:
    """Says who asked for what, what they got and how many milliseconds it took."""
    user = caller.current().id
    log.info(
        "request",
        user_id=str(user) if user else None,
        method=scope["method"],
        path=scope["path"],
        status_code=status,
        duration_ms=round(seconds * 1000, 2),
    )
