"""The queries of orders; each is bound to one owner, besides what row-level security forbids."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.pagination import newest_first
from app.orders.models import Order, OrderLine, OrderStatus
from app.orders.schemas import LineRead, OrderQuery, OrderRead

_COLUMNS = (
    Order.id,
    Order.created_at,
    Order.status,
    Order.total,
    Order.version,
    Order.updated_at,
)
_LINE = (OrderLine.product_id, OrderLine.sku, OrderLine.quantity, OrderLine.unit_price)


class OrderRepository:
    """The orders of `owner` in PostgreSQL, read as OrderRead; there are no others."""

    def __init__(self, session: AsyncSession, owner: UUID) -> None:
        self._session = session
        self._owner = owner
        self._own = Order.user_id == owner

    async def page(self, query: OrderQuery) -> Sequence[OrderRead]:
        """One order more than the limit, if there is one."""
        own = select(*_COLUMNS).where(self._own)
        if query.status is not None:
            own = own.where(Order.status == query.status)
        return await self._read(newest_first(own, (Order.created_at, Order.id), query))

    async def get(self, order_id: UUID) -> OrderRead | None:
        """The order, if it is the owner's."""
        found = await self._read(select(*_COLUMNS).where(Order.id == order_id, self._own))
        return found[0] if found else None

    async def lock(self, order_id: UUID) -> OrderRead | None:
        """Like `get`; whoever else wants to change it waits for the end of this transaction."""
        own = select(*_COLUMNS).where(Order.id == order_id, self._own).with_for_update()
        found = await self._read(own)
        return found[0] if found else None

    async def all(self) -> Sequence[OrderRead]:
        """Every order of the owner, newest first."""
        return await self._read(select(*_COLUMNS).where(self._own))

    async def add(self, total: Decimal, lines: Sequence[LineRead]) -> OrderRead:
        """Two statements, however many lines."""
        rows = await self._session.execute(
            insert(Order).values(user_id=self._owner, total=total).returning(*_COLUMNS)
        )
        order = rows.one()
        of_order = {"order_id": order.id, "user_id": self._owner}
        await self._session.execute(
            insert(OrderLine),
            [
                {**of_order, "position": position, **line.model_dump()}
                for position, line in enumerate(lines)
            ],
        )
        return _order(order, lines)

    async def cancel(self, order: OrderRead) -> OrderRead:
        """Marks a locked order."""
        rows = await self._session.execute(
            update(Order)
            .where(Order.id == order.id, self._own)
            .values(status=OrderStatus.CANCELLED, version=Order.version + 1, updated_at=func.now())
            .returning(*_COLUMNS)
        )
        return _order(rows.one(), order.items)

    async def _read[*Columns](self, orders: Select[*Columns]) -> Sequence[OrderRead]:
        """One statement: an order comes in as many rows as it has lines."""
        found = orders.subquery("found")
        rows = await self._session.execute(
            select(found, *_LINE)
            .join(OrderLine, OrderLine.order_id == found.c.id)
            .order_by(found.c.created_at.desc(), found.c.id.desc(), OrderLine.position)
        )
        by_order = [list(lines) for _, lines in groupby(rows, attrgetter("id"))]
        return [_order(lines[0], lines) for lines in by_order]


def _order[*Columns](row: Row[*Columns], lines: Sequence[object]) -> OrderRead:
    return OrderRead.model_validate({**row._asdict(), "items": lines})
