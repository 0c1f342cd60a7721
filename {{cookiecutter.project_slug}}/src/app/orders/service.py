"""The rules of orders."""

from decimal import Decimal
from operator import attrgetter
from uuid import UUID

from app.core.concurrency import Tags
from app.core.pagination import CursorPage
from app.orders.errors import InsufficientStock, NotCancellable, OrderNotFound, UnknownProduct
from app.orders.models import OrderStatus
from app.orders.repository import OrderRepository
from app.orders.schemas import LineCreate, LineRead, OrderCreate, OrderQuery, OrderRead
from app.products.stock import StockRepository

_PRODUCT = attrgetter("product_id")


class OrderService:
    """Everything that somebody can do with their own orders."""

    def __init__(self, orders: OrderRepository, stock: StockRepository) -> None:
        self._orders = orders
        self._stock = stock

    async def page(self, query: OrderQuery) -> CursorPage[OrderRead]:
        """The orders that match, newest first."""
        return CursorPage[OrderRead].of(await self._orders.page(query), query)

    async def get(self, order_id: UUID) -> OrderRead:
        """Raises OrderNotFound."""
        order = await self._orders.get(order_id)
        if order is None:
            raise OrderNotFound
        return order

    async def place(self, new: OrderCreate) -> OrderRead:
        """All lines or none, at the prices of now. Raises UnknownProduct, InsufficientStock."""
        # By product, not as asked: so no two orders wait for each other.
        sold = {
            line.product_id: await self._sell(line, new.items.index(line))
            for line in sorted(new.items, key=_PRODUCT)
        }
        lines = [sold[line.product_id] for line in new.items]
        total = sum((line.unit_price * line.quantity for line in lines), Decimal(0))
        return await self._orders.add(total, lines)

    async def cancel(self, order_id: UUID, known: Tags) -> OrderRead:
        """Gives the stock back, once. Raises OrderNotFound, VersionConflict, NotCancellable."""
        order = await self._orders.lock(order_id)
        if order is None:
            raise OrderNotFound
        known.require(order.version)
        if order.status is not OrderStatus.PLACED:
            raise NotCancellable
        for line in sorted(order.items, key=_PRODUCT):
            await self._stock.give_back(line.product_id, line.quantity)
        return await self._orders.cancel(order)

    async def _sell(self, line: LineCreate, item: int) -> LineRead:
        sold = await self._stock.take(line.product_id, line.quantity)
        if sold is None:
            known = await self._stock.sells(line.product_id)
            raise InsufficientStock(item) if known else UnknownProduct(item)
        return LineRead(
            product_id=line.product_id, sku=sold.sku, quantity=line.quantity, unit_price=sold.price
        )
