"""Reads what the service has queued for somebody, as the owner of the mailbox would."""

import re

from sqlalchemy import select

from app.core.database import Database
from app.mail.models import OutgoingMessage


async def letters(database: Database, recipient: str) -> list[str]:
    """The texts of the mail to that address, oldest first."""
    async with database.reading() as session:
        texts = await session.scalars(
            select(OutgoingMessage.text)
            .where(OutgoingMessage.recipient == recipient)
            .order_by(OutgoingMessage.id)
        )
        return list(texts)


async def newest_token(database: Database, recipient: str) -> str:
    """The one-time token in the last mail to that address that carries one."""
    for letter in reversed(await letters(database, recipient)):
        if found := re.search(r"#token=(\S+)", letter):
            return found[1]
    raise AssertionError(f"no token was sent to {recipient}")
