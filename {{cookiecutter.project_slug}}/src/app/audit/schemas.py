"""What crosses the boundary: events as admins ask for and read them."""

from typing import Any
from uuid import UUID

from app.audit.events import Event
from app.core.moments import Moment
from app.core.pagination import CursorQuery, Dated


class EventRead(Dated):
    """`ip` and `user_agent` are null once they were erased or their time was over."""

    type: str
    actor_id: UUID | None
    ip: str | None
    user_agent: str | None
    request_id: str | None
    details: dict[str, Any]  # of any JSON shape: each type of event has details of its own


class EventQuery(CursorQuery):
    """`since` belongs to the range, `until` does not."""

    actor_id: UUID | None = None
    type: Event | None = None
    since: Moment | None = None
    until: Moment | None = None
