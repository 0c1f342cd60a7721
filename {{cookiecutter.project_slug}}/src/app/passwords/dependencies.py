"""How passwords are wired: always in a unit of work, as every route changes something."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.dependencies import audit_log
from app.auth.lockout import Lockout
from app.auth.repository import FailureRepository, LoginRepository
from app.core.database import Database, Work, database
from app.mail.dependencies import one_time_tokens, outbox
from app.passwords.confirmation import PasswordConfirmation
from app.passwords.repository import AddressRepository, DecoyRepository
from app.passwords.service import PasswordService
from app.sessions.dependencies import session_service
from app.users.repository import UserRepository


def password_confirmation(database: Database, session: AsyncSession) -> PasswordConfirmation:
    """Looks on connections of their own, and writes in `session` after the hashing."""
    return PasswordConfirmation(
        AddressRepository(database),
        LoginRepository(database, session),
        Lockout(FailureRepository(session)),
        audit_log(session),
    )


Connected = Annotated[Database, Depends(database)]


async def _changing(work: Work, database: Connected) -> PasswordService:
    return PasswordService(
        users=UserRepository(work.session),
        decoys=DecoyRepository(work.session),
        confirmation=password_confirmation(database, work.session),
        lockout=Lockout(FailureRepository(work.session)),
        tokens=one_time_tokens(work.session),
        outbox=outbox(work.session),
        sessions=session_service(work.session),
        audit=audit_log(work.session),
    )


ChangesPasswords = Annotated[PasswordService, Depends(_changing)]
