"""The queries of passwords: whom to ask for one, and what a request costs that has no account."""

from uuid import UUID, uuid4

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.mail.messages import Message
from app.mail.models import OneTimeToken, OutgoingMessage
from app.users.repository import UserRepository


class AddressRepository:
    """On a connection that is not kept while a password is hashed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def email(self, user_id: UUID) -> str | None:
        """The address of an account."""
        async with self._database.reading() as session:
            user = await UserRepository(session).get(user_id)
        return user.email if user else None


class DecoyRepository:
    """Writes as much and as often as a reset, and leaves nothing that anybody would be sent."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def pretend(self, message: Message) -> None:
        """One update, two inserts and a commit: the rows are given up from the start."""
        await self._session.execute(
            update(OneTimeToken).where(OneTimeToken.user_id == uuid4()).values(used_at=func.now())
        )
        given_up = insert(OutgoingMessage).values(recipient="", subject="", failed_at=func.now())
        await self._session.execute(given_up.values(text="", html=""))
        await self._session.execute(given_up.values(text=message.text, html=message.html))
