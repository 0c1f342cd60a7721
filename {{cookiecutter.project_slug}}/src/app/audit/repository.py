"""The queries of the audit log; a trigger lets only the system caller change or delete a row."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.events import Event
from app.audit.models import AuditEvent
from app.audit.schemas import EventQuery, EventRead
from app.core.caller import Caller
from app.core.pagination import newest_first

_COLUMNS = (
    AuditEvent.id,
    AuditEvent.created_at,
    AuditEvent.type,
    AuditEvent.actor_id,
    AuditEvent.ip,
    AuditEvent.user_agent,
    AuditEvent.request_id,
    AuditEvent.details,
)
_NOWHERE = {"ip": None, "user_agent": None}
_LONGEST_ADDRESS = 45


class AuditRepository:
    """Events in PostgreSQL, read as EventRead."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        event: Event,
        actor: UUID | None,
        caller: Caller,
        details: Mapping[str, str | int | bool | None],
    ) -> None:
        """One row; the database says when."""
        await self._session.execute(
            insert(AuditEvent).values(
                type=event,
                actor_id=actor or caller.id,
                ip=caller.address[:_LONGEST_ADDRESS] if caller.address else None,
                user_agent=caller.user_agent,
                request_id=caller.request_id,
                details=dict(details),
            )
        )

    async def page(self, query: EventQuery) -> list[EventRead]:
        """One row more than the limit, if there is one: that is how the page knows."""
        page = newest_first(
            select(*_COLUMNS).where(*_filters(query)),
            (AuditEvent.created_at, AuditEvent.id),
            further=query.further,
        )
        rows = await self._session.execute(page, query.place)
        return [EventRead.model_validate(row) for row in rows]

    async def of_actor(self, user_id: UUID) -> Sequence[EventRead]:
        """All events of one user, oldest first."""
        rows = await self._session.execute(
            select(*_COLUMNS)
            .where(AuditEvent.actor_id == user_id)
            .order_by(AuditEvent.created_at, AuditEvent.id)
        )
        return [EventRead.model_validate(row) for row in rows]

    async def forget(self, user_id: UUID) -> None:
        """Empties where this user was seen."""
        await self._session.execute(
            update(AuditEvent).where(AuditEvent.actor_id == user_id).values(_NOWHERE)
        )

    async def forget_older_than(self, age: timedelta, limit: int) -> int:
        """Empties where anybody was seen so long ago; how many rows, at most `limit`."""
        due = (
            select(AuditEvent.id)
            .where(
                AuditEvent.created_at < func.now() - age,
                or_(AuditEvent.ip.is_not(None), AuditEvent.user_agent.is_not(None)),
            )
            .order_by(AuditEvent.created_at)
            .limit(limit)
        )
        emptied = await self._session.scalars(
            update(AuditEvent)
            .where(AuditEvent.id.in_(due))
            .values(_NOWHERE)
            .returning(AuditEvent.id)
        )
        return len(emptied.all())


def _filters(query: EventQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.actor_id is not None:
        conditions.append(AuditEvent.actor_id == query.actor_id)
    if query.type is not None:
        conditions.append(AuditEvent.type == query.type)
    if query.since is not None:
        conditions.append(AuditEvent.created_at >= query.since)
    if query.until is not None:
        conditions.append(AuditEvent.created_at < query.until)
    return conditions
