"""Turns a bug into an honest 500 that still passes the other middleware."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.error_handlers import unexpected
from app.http.edge import has_begun


class Unexpected:
    """Starlette's own handler stands outside: its answers carry neither id nor headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http" or has_begun(scope):
                raise
            await unexpected(scope, error)(scope, receive, send)
