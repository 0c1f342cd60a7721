"""One line for each request, written when it is over."""

from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import caller

log = structlog.get_logger()

_NO_ANSWER = 499


class AccessLog:
    """Says who asked for what, what they got and how many milliseconds it took."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        status = _NO_ANSWER
        client = scope.get("client")
        caller.identify(caller.Caller(address=client[0] if client else None))

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            user = caller.current().id
            log.info(
                "request",
                user_id=str(user) if user else None,
                method=scope["method"],
                path=scope["path"],
                status_code=status,
                duration_ms=round((perf_counter() - started) * 1000, 2),
            )
