"""Sessions and the audit log without a database, for the tests of services."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app.audit.events import Event
from app.audit.service import AuditLog
from app.core.caller import Caller
from app.core.pagination import PageQuery, Slice
from app.sessions.repository import SessionRepository
from app.sessions.schemas import Owned, SessionRead, Spent, Standing
from app.users.models import Role


class AuditInMemory(AuditLog):
    """Remembers events, and of whom they were."""

    def __init__(self) -> None:
        self.events: list[tuple[Event, UUID | None]] = []
        self.details: list[object] = []

    async def record(
        self, event: Event, *, actor: UUID | None = None, **details: str | int | bool | None
    ) -> None:
        self.events.append((event, actor))
        self.details.append(details)


@dataclass
class Row:
    """A session."""

    user_id: UUID
    device: Caller
    created: datetime
    used: datetime
    ends: datetime
    ended: bool = False


class SessionsInMemory(SessionRepository):
    """Keeps sessions in a dict; its clock stands still until a test moves `now`."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.rows: dict[UUID, Row] = {}
        self.tokens: dict[bytes, tuple[UUID, datetime | None]] = {}

    async def add(
        self, user_id: UUID, device: Caller, token: bytes, *, idle: timedelta, absolute: timedelta
    ) -> UUID:
        made = uuid4()
        ends = self.now + min(idle, absolute)
        self.rows[made] = Row(user_id, device, self.now, self.now, ends)
        self.tokens[token] = (made, None)
        return made

    async def rotate(self, used: bytes, fresh: bytes, *, idle: timedelta) -> Owned | None:
        session_id, used_at = self.tokens.get(used, (uuid4(), None))
        if used_at or not self._lives(session_id):
            return None
        self.tokens[used] = (session_id, self.now)
        self.tokens[fresh] = (session_id, None)
        row = self.rows[session_id]
        row.used, row.ends = self.now, self.now + idle
        return Owned(session_id, row.user_id)

    async def spent(self, token: bytes, leeway: timedelta) -> Spent | None:
        session_id, used_at = self.tokens.get(token, (uuid4(), None))
        if not used_at or not self._lives(session_id):
            return None
        last = max(at for of, at in self.tokens.values() if of == session_id and at)
        excused = used_at == last and used_at > self.now - leeway
        return Spent(session_id, self.rows[session_id].user_id, excused)

    async def end(self, session_id: UUID, user_id: UUID) -> bool:
        if not self._lives(session_id) or self.rows[session_id].user_id != user_id:
            return False
        self.rows[session_id].ended = True
        return True

    async def end_by_token(self, token: bytes) -> Owned | None:
        session_id, _ = self.tokens.get(token, (uuid4(), None))
        if not self._lives(session_id):
            return None
        self.rows[session_id].ended = True
        return Owned(session_id, self.rows[session_id].user_id)

    async def end_all(self, user_id: UUID, but: UUID | None) -> int:
        mine = [key for key, row in self.rows.items() if row.user_id == user_id and key != but]
        return sum([await self.end(key, user_id) for key in mine])

    async def page(
        self, user_id: UUID, current: UUID | None, query: PageQuery
    ) -> Slice[SessionRead]:
        mine = [
            SessionRead(
                id=key,
                created_at=row.created,
                last_used_at=row.used,
                expires_at=row.ends,
                user_agent=row.device.user_agent or "",
                ip=row.device.address or "",
                current=key == current,
            )
            for key, row in self.rows.items()
            if row.user_id == user_id and self._lives(key)
        ]
        return Slice(mine[: query.limit], len(mine))

    async def standing(self, session_id: UUID) -> Standing | None:
        if not self._lives(session_id):
            return None
        row = self.rows[session_id]
        return Standing(row.user_id, Role.USER, is_active=True, expires_at=row.ends)

    def _lives(self, session_id: UUID) -> bool:
        row = self.rows.get(session_id)
        return row is not None and not row.ended and row.ends > self.now
