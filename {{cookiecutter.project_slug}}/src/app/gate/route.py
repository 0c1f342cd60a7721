"""The route class of everything under /api/v1."""

from functools import cached_property

from fastapi import Request
from starlette.types import Receive, Scope, Send

from app.core.idempotency import KeepsAnswers
from app.gate.answers import KeptAnswers
from app.gate.gate import gate
from app.throttling.dependencies import Throttled
from app.throttling.policies import DEFAULT, Policy


class GatedRoute(KeepsAnswers):
    """Passes the gate before parameters, bodies or dependencies are looked at.

    So what is refused costs least, and what is kept is answered without the rest.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Starlette's way in, once the path has led here."""
        if scope["method"] in (self.methods or ()):
            request = Request(scope, receive)
            answer = await gate(request).admit(request, self._policy, self._kept)
            if answer:
                await answer(scope, receive, send)
                return
        await super().handle(scope, receive, send)

    @cached_property
    def _policy(self) -> Policy:
        throttled = self._mark(Throttled)
        return throttled.policy if throttled else DEFAULT

    @cached_property
    def _kept(self) -> KeptAnswers | None:
        return self._mark(KeptAnswers)

    def _mark[Mark](self, kind: type[Mark]) -> Mark | None:
        """What the route says of itself among its dependencies."""
        marks = (each.dependency for each in self.dependencies)
        return next((mark for mark in marks if isinstance(mark, kind)), None)
