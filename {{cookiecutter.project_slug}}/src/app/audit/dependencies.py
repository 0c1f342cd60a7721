"""How a request, or another room's service, gets the audit log."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.repository import AuditRepository
from app.audit.service import AuditLog
from app.core.database import Reading


def audit_log(session: AsyncSession) -> AuditLog:
    """The log in the transaction of `session`, so that an event stands or falls with its cause."""
    return AuditLog(AuditRepository(session))


async def _reading(session: Reading) -> AuditLog:
    return audit_log(session)


ReadsAuditLog = Annotated[AuditLog, Depends(_reading)]
