"""How a request gets its service."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.api_keys.repository import ApiKeyRepository
from app.api_keys.service import ApiKeyService
from app.audit.dependencies import audit_log
from app.core.database import Reading, Work


def api_key_service(session: AsyncSession) -> ApiKeyService:
    """The service in the transaction of `session`."""
    return ApiKeyService(ApiKeyRepository(session), audit_log(session))


async def _reading(session: Reading) -> ApiKeyService:
    return api_key_service(session)


async def _changing(work: Work) -> ApiKeyService:
    return api_key_service(work.session)


ReadsKeys = Annotated[ApiKeyService, Depends(_reading)]
ChangesKeys = Annotated[ApiKeyService, Depends(_changing)]
