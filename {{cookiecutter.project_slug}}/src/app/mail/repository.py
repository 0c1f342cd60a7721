"""The queries of messages to send."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.mail.messages import Message
from app.mail.models import OutgoingMessage

_PENDING = (OutgoingMessage.sent_at.is_(None), OutgoingMessage.failed_at.is_(None))
_EMPTIED = {"text": "", "html": ""}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send; `attempts` counts this one."""

    id: UUID
    recipient: str
    message: Message
    attempts: int


class MailRepository:
    """Messages in PostgreSQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, recipient: str, message: Message) -> None:
        """Due at once."""
        await self._session.execute(
            insert(OutgoingMessage).values(
                recipient=recipient,
                subject=message.subject,
                text=message.text,
                html=message.html,
            )
        )

    async def claim(self, first_delay: timedelta, longest_delay: timedelta) -> Claimed | None:
        """The message that has been due longest, which nobody else gets meanwhile.

        The time of the next attempt is written before this one: whoever dies while sending has
        already arranged for the next. The delay doubles with each attempt.
        """
        due = (
            select(OutgoingMessage.id)
            .where(*_PENDING, OutgoingMessage.next_attempt_at <= func.now())
            .order_by(OutgoingMessage.next_attempt_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        doubled = first_delay * func.power(2, func.least(OutgoingMessage.attempts, 30))
        rows = await self._session.execute(
            update(OutgoingMessage)
            .where(OutgoingMessage.id == due.scalar_subquery())
            .values(
                attempts=OutgoingMessage.attempts + 1,
                next_attempt_at=func.now() + func.least(doubled, longest_delay),
            )
            .returning(
                OutgoingMessage.id,
                OutgoingMessage.recipient,
                OutgoingMessage.subject,
                OutgoingMessage.text,
                OutgoingMessage.html,
                OutgoingMessage.attempts,
            )
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return Claimed(
            row.id, row.recipient, Message(row.subject, row.text, row.html), row.attempts
        )

    async def mark_sent(self, message_id: UUID) -> None:
        """Its content goes: it may hold a token."""
        await self._finish(message_id, OutgoingMessage.sent_at.key)

    async def mark_failed(self, message_id: UUID) -> None:
        """Given up; its content goes as well."""
        await self._finish(message_id, OutgoingMessage.failed_at.key)

    async def delete_to(self, recipient: str) -> None:
        """Every message to this address, sent or not."""
        await self._session.execute(
            delete(OutgoingMessage).where(OutgoingMessage.recipient == recipient)
        )

    async def delete_finished(self, older_than: timedelta, limit: int) -> int:
        """Sent or given up and last touched so long ago; how many, at most `limit`."""
        over = (
            select(OutgoingMessage.id)
            .where(
                or_(OutgoingMessage.sent_at.is_not(None), OutgoingMessage.failed_at.is_not(None)),
                OutgoingMessage.updated_at < func.now() - older_than,
            )
            .limit(limit)
        )
        deleted = await self._session.scalars(
            delete(OutgoingMessage)
            .where(OutgoingMessage.id.in_(over))
            .returning(OutgoingMessage.id)
        )
        return len(deleted.all())

    async def _finish(self, message_id: UUID, when: str) -> None:
        await self._session.execute(
            update(OutgoingMessage)
            .where(OutgoingMessage.id == message_id)
            .values({**_EMPTIED, when: func.now()})
        )
