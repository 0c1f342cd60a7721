"""How another room's service gets the outbox and the one-time tokens."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.mail.one_time import OneTimeTokens
from app.mail.one_time_repository import OneTimeTokenRepository
from app.mail.repository import MailRepository
from app.mail.service import Outbox


def outbox(session: AsyncSession) -> Outbox:
    """Queues in the transaction of `session`: no message without its cause."""
    return Outbox(MailRepository(session))


def one_time_tokens(session: AsyncSession) -> OneTimeTokens:
    """Issues and redeems in the transaction of `session`."""
    return OneTimeTokens(OneTimeTokenRepository(session))
