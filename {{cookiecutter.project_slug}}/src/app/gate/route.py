"""The route class of everything under /api/v1."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response

from app.core.idempotency import KeepsAnswers
from app.gate.answers import KeptAnswers
from app.gate.gate import gate
from app.throttling.dependencies import Throttled
from app.throttling.policies import DEFAULT


class GatedRoute(KeepsAnswers):
    """Passes the gate before parameters, bodies or dependencies are looked at.

    So what is refused costs least, and what is kept is answered without the rest.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's way in, asked for once, when the route is made."""
        handle = super().get_route_handler()
        throttled, kept = self._mark(Throttled), self._mark(KeptAnswers)
        policy = throttled.policy if throttled else DEFAULT

        async def gated(request: Request) -> Response:
            answer = await gate(request).admit(request, policy, kept)
            return answer or await handle(request)

        return gated

    def _mark[Mark](self, kind: type[Mark]) -> Mark | None:
        """What the route says of itself among its dependencies."""
        marks = (each.dependency for each in self.dependencies)
        return next((mark for mark in marks if isinstance(mark, kind)), None)
