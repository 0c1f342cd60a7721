"""The queries of what sessions and mail keep of a person, to be exported and to be erased."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.feature import PersonalData
from app.mail.models import OneTimeToken, OutgoingMessage
from app.sessions.models import Session
from app.users.export import ExportedMessage, ExportedSession


class TraceRepository:
    """Rows of other rooms by whose they are, whatever their state; oldest first."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def sessions(self, user_id: UUID) -> list[ExportedSession]:
        """Sign-ins, until they are purged."""
        rows = await self._session.execute(
            select(
                Session.id,
                Session.created_at,
                Session.last_used_at,
                Session.expires_at,
                Session.revoked_at,
                Session.user_agent,
                Session.ip,
            )
            .where(Session.user_id == user_id)
            .order_by(Session.created_at)
        )
        return [ExportedSession.model_validate(row) for row in rows]

    async def messages(self, email: str) -> list[ExportedMessage]:
        """Mail to that address, until it is purged."""
        rows = await self._session.execute(
            select(
                OutgoingMessage.id,
                OutgoingMessage.subject,
                OutgoingMessage.created_at,
                OutgoingMessage.sent_at,
            )
            .where(OutgoingMessage.recipient == email)
            .order_by(OutgoingMessage.created_at)
        )
        return [ExportedMessage.model_validate(row) for row in rows]

    async def erase(self, user_id: UUID) -> None:
        """Deletes the one-time tokens and empties what the sign-ins were made from."""
        await self._session.execute(delete(OneTimeToken).where(OneTimeToken.user_id == user_id))
        await self._session.execute(
            update(Session).where(Session.user_id == user_id).values(user_agent="", ip="")
        )


class OtherData:
    """What features say that they keep of a person; this room knows none of them."""

    def __init__(self, session: AsyncSession, kinds: Iterable[PersonalData]) -> None:
        self._session = session
        self._kinds = list(kinds)

    async def export(self, user_id: UUID) -> dict[str, Sequence[BaseModel]]:
        """By the name of each kind."""
        return {kind.name: await kind.export(self._session, user_id) for kind in self._kinds}

    async def erase(self, user_id: UUID) -> None:
        """Whatever may not outlive the account; what came later may refer to what was before."""
        for kind in reversed(self._kinds):
            if kind.erase:
                await kind.erase(self._session, user_id)
