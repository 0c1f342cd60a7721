"""One line for each request, written when it is over."""

from time import perf_counter

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import caller
from app.http.client_address import Networks, client_address

log = structlog.get_logger()

_NO_ANSWER = 499


class AccessLog:
    """Says who asked for what, what they got and how many milliseconds it took."""

    def __init__(self, app: ASGIApp, proxies: Networks = ()) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        status = _NO_ANSWER
        caller.identify(_stranger(scope, self.proxies))

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


def _stranger(scope: Scope, proxies: Networks) -> caller.Caller:
    """All that is known of a caller before anybody has looked at credentials."""
    return caller.Caller(
        address=client_address(scope, proxies),
        user_agent=Headers(scope=scope).get("user-agent", "")[:400],
        request_id=scope["state"]["request_id"],
    )
