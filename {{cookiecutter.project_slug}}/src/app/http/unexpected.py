"""Turns a bug into an honest 500 that still passes the other middleware."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.error_handlers import unexpected


class Unexpected:
    """Starlette's own handler stands outside: its answers carry neither id nor headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        answering = False

        async def send_and_note(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if answering or scope["type"] != "http":
                raise
            await unexpected(scope, error)(scope, receive, send)
