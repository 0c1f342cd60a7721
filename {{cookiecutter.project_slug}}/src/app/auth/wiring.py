"""How a request gets the service that signs people in."""

from typing import Annotated

from fastapi import Depends, Request

from app.audit.dependencies import audit_log
from app.auth.lockout import Lockout
from app.auth.repository import FailureRepository, LoginRepository
from app.auth.service import AuthService
from app.core.database import Work, database
from app.sessions.dependencies import session_service
from app.users.repository import UserRepository


async def _auth(request: Request, work: Work) -> AuthService:
    """The unit of work takes a connection when it is first used: after the hashing."""
    return AuthService(
        LoginRepository(database(request), work.session),
        UserRepository(work.session),
        Lockout(FailureRepository(work.session)),
        session_service(work.session),
        audit_log(work.session),
    )


Auth = Annotated[AuthService, Depends(_auth)]
