"""The table of security events: rows are added and, past their time, purged; none is changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from app.core.models import Model


class AuditEvent(Model):
    """Who did what, from where; `ip` and `user_agent` are personal and may be emptied."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_created_at", "created_at", "id"),
        Index("ix_audit_events_actor_id", "actor_id", "created_at", "id"),
        Index("ix_audit_events_type", "type", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    type: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[UUID | None]
    ip: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(400))
    request_id: Mapped[str | None] = mapped_column(String(128))
    # Of any JSON shape: each type of event has details of its own.
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
