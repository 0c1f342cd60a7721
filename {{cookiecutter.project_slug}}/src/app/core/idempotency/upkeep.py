"""What becomes of kept answers: deleted past their time, given to and erased with their owner."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.idempotency.models import IdempotencyKey
from app.core.idempotency.settings import IdempotencySettings
from app.core.purges import delete_batch
from app.core.settings import read

_NAME = (IdempotencyKey.user_id, IdempotencyKey.route, IdempotencyKey.key)


class ExportedAnswer(BaseModel):
    """What a request with a key was answered, as text."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    route: str
    key: str
    created_at: datetime
    status: int
    body: str


async def purge(database: Database, size: int) -> int:
    """Deletes at most `size` answers that are given to nobody any more."""
    over = IdempotencyKey.created_at < func.now() - read(IdempotencySettings).lifetime
    return await delete_batch(database, _NAME, select(*_NAME).where(over), size)


async def export(session: AsyncSession, user_id: UUID) -> Sequence[ExportedAnswer]:
    """Oldest first."""
    rows = await session.execute(
        select(
            IdempotencyKey.route,
            IdempotencyKey.key,
            IdempotencyKey.created_at,
            IdempotencyKey.status,
            IdempotencyKey.body,
        )
        .where(IdempotencyKey.user_id == user_id)
        .order_by(IdempotencyKey.created_at)
    )
    return [ExportedAnswer.model_validate(row) for row in rows]


async def erase(session: AsyncSession, user_id: UUID) -> None:
    """An answer may hold whatever its route says of a person."""
    await session.execute(delete(IdempotencyKey).where(IdempotencyKey.user_id == user_id))
