"""Refuses bodies and queries of more fields than anybody needs, before they are taken apart."""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import BadRequest, BodyTooLarge
from app.core.problems import refusal

# Ends with the input too: what never closes would otherwise be searched again from every quote.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)


class FieldLimit:
    """Counts the fields and list items of JSON at every depth, and so bounds the depth as well.

    Each may cost an entry in the list of faults: far more than the bytes that it came in. Python
    would also read UTF-16 and UTF-32, in which nothing could be counted; RFC 8259 (8.1) knows
    only UTF-8. Forms have Starlette's own limit.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["query_string"].count(b"&") >= self.limit:
            many = BadRequest(f"A query may have {self.limit} fields at most.")
            await refusal(scope, many)(scope, receive, send)
        elif "json" in Headers(scope=scope).get("content-type", "").lower():
            await self.app(scope, self._counting(receive), send)
        else:
            await self.app(scope, receive, send)

    def _counting(self, receive: Receive) -> Receive:
        parts: list[bytes] = []

        async def receive_some() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    self._judge(b"".join(parts))
            return message

        return receive_some

    def _judge(self, body: bytes) -> None:
        # FastAPI lets only this kind of exception through while it reads a body.
        if b"\x00" in body:
            raise HTTPException(400) from BadRequest("JSON is UTF-8, and holds no NUL.")
        if fields(body) > self.limit:
            many = BodyTooLarge(f"A body may have {self.limit} fields at most.")
            raise HTTPException(413) from many


def fields(body: bytes) -> int:
    """How many values the objects and lists in this JSON hold; an empty one counts as one."""
    bare = _STRING.sub(b"", body)
    return bare.count(b",") + bare.count(b"{") + bare.count(b"[")
