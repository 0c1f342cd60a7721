"""Orders past the routes, in a transaction of their owner as a request would have it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.unit_of_work import UnitOfWork
from app.orders.repository import OrderRepository
from app.products.schemas import ProductRead
from tests.callers import asking


class Unscoped(OrderRepository):
    """Forgot whose orders it is about: only row-level security still knows."""

    def __init__(self, session: AsyncSession, owner: UUID) -> None:
        super().__init__(session, owner)
        self._own = true()


@asynccontextmanager
async def working_for(database: Database, owner: UUID | None) -> AsyncIterator[UnitOfWork]:
    with asking(owner):
        async with database.unit_of_work() as work:
            yield work


@asynccontextmanager
async def orders_of(database: Database, owner: UUID) -> AsyncIterator[OrderRepository]:
    async with working_for(database, owner) as work:
        yield OrderRepository(work.session, owner)


async def add_many(database: Database, owner: UUID, product: ProductRead, number: int) -> None:
    """One a minute, every third of them cancelled."""
    placed = text(
        "INSERT INTO orders (id, user_id, status, total, created_at) SELECT gen_random_uuid(),"
        " :owner, CASE n % 3 WHEN 0 THEN 'cancelled' ELSE 'placed' END, 9.90,"
        " now() - n * interval '1 minute' FROM generate_series(1, :number) AS n"
    )
    lines = text(
        "INSERT INTO order_lines SELECT id, :product, user_id, 0, 'SKU', 1, 9.90 FROM orders"
    )
    async with working_for(database, owner) as work:
        await work.session.execute(placed, {"owner": owner, "number": number})
        await work.session.execute(lines, {"product": product.id})
    async with database.reading() as session:  # as the owner of the tables, which alone may
        await session.execute(text("ANALYZE"))
