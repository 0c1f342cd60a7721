"""What the service remembers of security: who did what, when and from where (ASVS 5.0, 16.3)."""

from collections.abc import Sequence
from uuid import UUID

from app.audit.events import Event
from app.audit.repository import AuditRepository
from app.audit.schemas import EventQuery, EventRead
from app.core import caller
from app.core.pagination import CursorPage


class AuditLog:
    """Written in the transaction of what it tells: neither stands without the other."""

    def __init__(self, events: AuditRepository) -> None:
        self._events = events

    async def record(
        self, event: Event, *, actor: UUID | None = None, **details: str | int | bool | None
    ) -> None:
        """Adds an event of `actor`, or else of the caller, with the caller's whereabouts.

        `details` never hold a secret, nor what erasure would have to find again, such as an e-mail
        address: they stay when the person is gone.
        """
        await self._events.add(event, actor, caller.current(), details)

    async def page(self, query: EventQuery) -> CursorPage[EventRead]:
        """The events that match, newest first."""
        return CursorPage[EventRead].of(await self._events.page(query), query)

    async def export(self, user_id: UUID) -> Sequence[EventRead]:
        """All that this user did, oldest first."""
        return await self._events.of_actor(user_id)

    async def erase(self, user_id: UUID) -> None:
        """Empties the whereabouts of this user's events; needs `UnitOfWork.as_system()` before."""
        await self._events.forget(user_id)
