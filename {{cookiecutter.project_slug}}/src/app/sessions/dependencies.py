"""How sessions are wired: in a unit of work to change, outside any transaction to look."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.dependencies import audit_log
from app.core.database import Reading, Work
from app.sessions.repository import SessionRepository
from app.sessions.service import SessionService


def session_service(session: AsyncSession) -> SessionService:
    """For this connection; other rooms end sessions in transactions of their own."""
    return SessionService(SessionRepository(session), audit_log(session))


async def _reading(session: Reading) -> SessionService:
    return session_service(session)


async def _changing(work: Work) -> SessionService:
    return session_service(work.session)


ReadsSessions = Annotated[SessionService, Depends(_reading)]
ChangesSessions = Annotated[SessionService, Depends(_changing)]
