"""Refuses more requests at once than a process can answer in time, before they cost anything."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.counts import Counts
from app.core.errors import Unavailable
from app.core.problems import refusal
from app.http.trusted_hosts import PROBED

REFUSED = Counts("http_server_refused_total", "Requests refused, for too many were under way.")
# In a crowd above all it has to be seen that the process lives, and what holds it up.
_ALWAYS = PROBED | {"/metrics"}


class ConcurrencyLimit:
    """Answers 503 beyond so many requests under way; probes and scrapes pass, and do not count."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit
        self.under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self.app(scope, receive, send)
            return
        if self.under_way >= self.limit:
            REFUSED.add()
            crowded = Unavailable("Too many requests are under way.")
            await refusal(scope, crowded)(scope, receive, send)
            return
        self.under_way += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.under_way -= 1
