"""The headers that tell browsers what not to do with an answer (OWASP ASVS 5.0, 3.4)."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.settings import Environment

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_HTTPS_ONLY = "max-age=31536000; includeSubDomains"
_NOTHING = "default-src 'none'; frame-ancestors 'none'"


class SecurityHeaders:
    """Adds them to every answer; Strict-Transport-Security outside development only.

    A page that needs more than nothing brings a Content-Security-Policy of its own.
    Along with them goes what has been noted for the request, as `headers` in its state.
    """

    def __init__(self, app: ASGIApp, environment: Environment) -> None:
        self.app = app
        self.headers = dict(_HEADERS)
        if environment is not Environment.DEVELOPMENT:
            self.headers["Strict-Transport-Security"] = _HTTPS_ONLY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                headers.setdefault("Content-Security-Policy", _NOTHING)
                message["headers"].extend(scope["state"].get("headers", ()))
            await send(message)

        await self.app(scope, receive, send_with_headers)
