"""How a request gets its service, and who is asking."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.api_keys.dependencies import api_key_service
from app.audit.dependencies import audit_log
from app.core.database import Reading, Work
from app.mail.dependencies import one_time_tokens, outbox
from app.passwords.dependencies import Connected, password_confirmation
from app.sessions.dependencies import session_service
from app.users.privacy import ErasureService, ExportService
from app.users.registration import RegistrationService
from app.users.repository import UserRepository
from app.users.service import UserService
from app.users.traces import OtherData, TraceRepository


async def _reading(session: Reading) -> UserService:
    return _users(session)


async def _changing(work: Work) -> UserService:
    return _users(work.session)


def _users(session: AsyncSession) -> UserService:
    return UserService(UserRepository(session), session_service(session), audit_log(session))


async def _registering(work: Work) -> RegistrationService:
    return RegistrationService(
        UserRepository(work.session),
        one_time_tokens(work.session),
        outbox(work.session),
        audit_log(work.session),
    )


async def _exporting(request: Request, work: Work) -> ExportService:
    await work.as_system()
    return ExportService(
        UserRepository(work.session),
        TraceRepository(work.session),
        api_key_service(work.session),
        audit_log(work.session),
        OtherData(work.session, request.app.state.personal_data),
    )


async def _erasing(request: Request, work: Work, database: Connected) -> ErasureService:
    return ErasureService(
        confirmation=password_confirmation(database, work.session),
        users=UserRepository(work.session),
        traces=TraceRepository(work.session),
        sessions=session_service(work.session),
        keys=api_key_service(work.session),
        outbox=outbox(work.session),
        audit=audit_log(work.session),
        others=OtherData(work.session, request.app.state.personal_data),
        as_system=work.as_system,
    )


ReadsUsers = Annotated[UserService, Depends(_reading)]
ChangesUsers = Annotated[UserService, Depends(_changing)]
Registers = Annotated[RegistrationService, Depends(_registering)]
Exports = Annotated[ExportService, Depends(_exporting)]
Erases = Annotated[ErasureService, Depends(_erasing)]
