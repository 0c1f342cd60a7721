"""Ends a request that takes too long, whatever it is waiting for."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import Unavailable
from app.core.problems import refusal
from app.http.edge import has_begun


class Deadline:
    """Answers 503 after so many seconds, unless an answer is already on its way."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        receiving = False

        async def receive_and_note() -> Message:
            nonlocal receiving
            receiving = True
            message = await receive()
            receiving = message.get("more_body", False)
            return message

        try:
            async with asyncio.timeout(self.seconds):
                await self.app(scope, receive_and_note, send)
        except TimeoutError:
            if has_begun(scope):
                raise
            late = Unavailable("The request took too long.")
            if receiving:  # nobody reads the rest: whoever drips it must not keep the connection
                late.headers["Connection"] = "close"
            await refusal(scope, late)(scope, receive, send)
