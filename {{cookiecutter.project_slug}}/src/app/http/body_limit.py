"""Refuses bodies over the limit however they are framed, without collecting them first."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import BodyTooLarge
from app.core.problems import refusal


class BodyLimit:
    """Answers 413 to an announced size and counts what arrives, which may be more."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self.limit:
            await refusal(scope, self._refused())(scope, receive, send)
            return
        received = 0

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                # The only kind of exception that FastAPI lets through while it reads a body.
                raise HTTPException(413) from self._refused()
            return message

        await self.app(scope, receive_some, send)

    def _refused(self) -> BodyTooLarge:
        detail = f"A body may have {self.limit} bytes at most."
        return BodyTooLarge(detail, {"Connection": "close"})  # nobody reads the rest
