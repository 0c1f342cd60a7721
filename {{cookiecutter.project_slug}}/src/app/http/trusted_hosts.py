"""Answers only for hosts that are ours, so that no link and no shared cache is built on others."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import BadRequest
from app.core.problems import refusal

# Orchestrators and load balancers ask these at the address of the process, which has no name.
# The answers are the same for every host, and nothing in them is worth a foreign one.
PROBED = {"/health", "/health/live", "/health/ready"}


class TrustedHosts:
    """Answers 400 to any other `Host`; `*.example.com` means everything below that name."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.names = {host for host in hosts if not host.startswith("*.")}
        self.endings = tuple(host.removeprefix("*") for host in hosts if host.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http" or scope["path"] in PROBED or self._is_ours(scope):
            await self.app(scope, receive, send)
            return
        foreign = BadRequest("The service does not answer for the host that `Host` names.")
        await refusal(scope, foreign)(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        named = Headers(scope=scope).getlist("host")
        if len(named) != 1:
            return False
        name = _without_port(named[0].lower())
        return name in self.names or name.endswith(self.endings)


def _without_port(host: str) -> str:
    """`api.example.com.:8000` -> `api.example.com`, `[::1]:8000` -> `[::1]`."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).removesuffix(".")
