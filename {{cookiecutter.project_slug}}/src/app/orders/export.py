"""What orders tell of a person; once the account is emptied, they name nobody."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.orders.repository import OrderRepository
from app.orders.schemas import OrderRead


async def orders(session: AsyncSession, user_id: UUID) -> Sequence[OrderRead]:
    """Every order of that person, newest first."""
    return await OrderRepository(session, user_id).all()
