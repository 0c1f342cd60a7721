"""The queries of orders; each is bound to one owner, besides what row-level security forbids."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.pagination import newest_first
from app.core.statements import Values, run
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
_NAMES, _LINE_NAMES = ([column.key for column in columns] for columns in (_COLUMNS, _LINE))
_ORDERS = TypeAdapter(list[OrderRead])

_OWN = Order.user_id == bindparam("owner")
_ADD = insert(Order).returning(*_COLUMNS)
_ADD_LINES = insert(OrderLine)


class OrderRepository:
    """The orders of `owner` in PostgreSQL, read as OrderRead; there are no others."""

    def __init__(self, session: AsyncSession, owner: UUID) -> None:
        self._session = session
        self._owner = owner
        self._own: ColumnElement[bool] = _OWN

    async def page(self, query: OrderQuery) -> Sequence[OrderRead]:
        """One order more than the limit, if there is one."""
        page = _page(self._own, of_status=query.status is not None, further=query.further)
        return await self._read(page, {"of_status": query.status, **query.place})

    async def get(self, order_id: UUID) -> OrderRead | None:
        """The order, if it is the owner's."""
        found = await self._read(_one(self._own, locked=False), {"order": order_id})
        return found[0] if found else None

    async def lock(self, order_id: UUID) -> OrderRead | None:
        """Like `get`; whoever else wants to change it waits for the end of this transaction."""
        found = await self._read(_one(self._own, locked=True), {"order": order_id})
        return found[0] if found else None

    async def all(self) -> Sequence[OrderRead]:
        """Every order of the owner, newest first."""
        return await self._read(_with_lines(select(*_COLUMNS).where(self._own)), {})

    async def add(self, total: Decimal, lines: Sequence[LineRead]) -> OrderRead:
        """Two statements, however many lines."""
        rows = await run(self._session, _ADD, {"user_id": self._owner, "total": total})
        order = rows.one()
        of_order = {"order_id": order.id, "user_id": self._owner}
        kept = [{**of_order, "position": at, **dict(line)} for at, line in enumerate(lines)]
        await run(self._session, _ADD_LINES, kept)
        return OrderRead.model_validate({**order._asdict(), "items": lines})

    async def cancel(self, order: OrderRead) -> OrderRead:
        """Marks a locked order."""
        rows = await self._session.execute(
            update(Order)
            .where(Order.id == order.id, self._own)
            .values(status=OrderStatus.CANCELLED, version=Order.version + 1, updated_at=func.now())
            .returning(*_COLUMNS),
            {"owner": self._owner},
        )
        return OrderRead.model_validate({**rows.one()._asdict(), "items": order.items})

    async def _read(self, orders: Select[*tuple[Any, ...]], values: Values) -> Sequence[OrderRead]:
        """One statement: an order comes in as many rows as it has lines."""
        rows = await run(self._session, orders, {"owner": self._owner, **values})
        by_order = groupby(rows, itemgetter(slice(len(_COLUMNS))))
        return _ORDERS.validate_python([_told(order, lines) for order, lines in by_order])


@cache
def _page(own: ColumnElement[bool], *, of_status: bool, further: bool) -> Select[*tuple[Any, ...]]:
    orders = select(*_COLUMNS).where(own)
    if of_status:
        orders = orders.where(Order.status == bindparam("of_status"))
    return _with_lines(newest_first(orders, (Order.created_at, Order.id), further=further))


@cache
def _one(own: ColumnElement[bool], *, locked: bool) -> Select[*tuple[Any, ...]]:
    order = select(*_COLUMNS).where(Order.id == bindparam("order"), own)
    return _with_lines(order.with_for_update() if locked else order)


def _with_lines(orders: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    found = orders.subquery("found")
    return (
        select(found, *_LINE)
        .join(OrderLine, OrderLine.order_id == found.c.id)
        .order_by(found.c.created_at.desc(), found.c.id.desc(), OrderLine.position)
    )


def _told(order: Sequence[Any], rows: Iterable[Sequence[Any]]) -> dict[str, object]:
    """As OrderRead wants it: dicts, of which pydantic reads twice as fast as of rows."""
    lines = [dict(zip(_LINE_NAMES, row[len(_COLUMNS) :], strict=True)) for row in rows]
    return dict(zip(_NAMES, order, strict=True), items=lines)
