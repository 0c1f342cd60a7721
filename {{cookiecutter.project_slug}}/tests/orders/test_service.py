"""The rules of orders, without a database."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from app.core.concurrency import Tags, VersionConflict
from app.orders.errors import InsufficientStock, NotCancellable, OrderNotFound, UnknownProduct
from app.orders.models import OrderStatus
from app.orders.repository import OrderRepository
from app.orders.schemas import LineCreate, LineRead, OrderCreate, OrderQuery, OrderRead
from app.orders.service import OrderService
from app.products.stock import Sold, StockRepository

CAP, MUG, TEE = (UUID(int=number) for number in (1, 2, 3))
PRICES = {CAP: Decimal("0.10"), MUG: Decimal("19.99"), TEE: Decimal("9999999999.99")}


class OrdersInMemory(OrderRepository):
    """Keeps orders in a dict; remembers which were locked."""

    def __init__(self) -> None:
        self.rows: dict[UUID, OrderRead] = {}
        self.locked: list[UUID] = []

    async def page(self, query: OrderQuery) -> Sequence[OrderRead]:
        return list(self.rows.values())[: query.limit + 1]

    async def get(self, order_id: UUID) -> OrderRead | None:
        return self.rows.get(order_id)

    async def lock(self, order_id: UUID) -> OrderRead | None:
        self.locked.append(order_id)
        return self.rows.get(order_id)

    async def add(self, total: Decimal, lines: Sequence[LineRead]) -> OrderRead:
        moment = datetime.now(UTC)
        made = OrderRead(
            id=uuid4(),
            status=OrderStatus.PLACED,
            total=total,
            items=lines,
            version=1,
            created_at=moment,
            updated_at=moment,
        )
        self.rows[made.id] = made
        return made

    async def cancel(self, order: OrderRead) -> OrderRead:
        change = {"status": OrderStatus.CANCELLED, "version": order.version + 1}
        self.rows[order.id] = order.model_copy(update=change)
        return self.rows[order.id]


class StockInMemory(StockRepository):
    """So many of each product; remembers who was asked for what, in this order."""

    def __init__(self) -> None:
        self.left = {CAP: 5, MUG: 5, TEE: 50_000}
        self.moved: list[tuple[UUID, int]] = []

    async def take(self, product_id: UUID, quantity: int) -> Sold | None:
        if self.left.get(product_id, 0) < quantity:
            return None
        self._move(product_id, -quantity)
        return Sold(f"SKU-{product_id.int}", PRICES[product_id])

    async def sells(self, product_id: UUID) -> bool:
        return product_id in self.left

    async def give_back(self, product_id: UUID, quantity: int) -> None:
        self._move(product_id, quantity)

    def _move(self, product_id: UUID, by: int) -> None:
        self.left[product_id] += by
        self.moved.append((product_id, by))


def wanting(*lines: tuple[UUID, int]) -> OrderCreate:
    return OrderCreate(items=[LineCreate(product_id=what, quantity=n) for what, n in lines])


@pytest.fixture
def orders() -> OrdersInMemory:
    return OrdersInMemory()


@pytest.fixture
def stock() -> StockInMemory:
    return StockInMemory()


@pytest.fixture
def service(orders: OrdersInMemory, stock: StockInMemory) -> OrderService:
    return OrderService(orders, stock)


async def test_an_order_keeps_what_each_line_was_sold_as_and_in_which_place(
    service: OrderService,
) -> None:
    order = await service.place(wanting((MUG, 2), (CAP, 3)))

    assert order.items == [
        LineRead(product_id=MUG, sku="SKU-2", quantity=2, unit_price=Decimal("19.99")),
        LineRead(product_id=CAP, sku="SKU-1", quantity=3, unit_price=Decimal("0.10")),
    ]
    assert await service.get(order.id) == order


async def test_the_total_is_exact_to_the_cent(service: OrderService) -> None:
    assert (await service.place(wanting((CAP, 3)))).total == Decimal("0.30")
    dearest = await service.place(wanting((TEE, 1000), (MUG, 1)))
    assert dearest.total == Decimal("9999999999990.00") + Decimal("19.99")


async def test_products_are_taken_and_given_back_in_one_order_whatever_the_lines_say(
    service: OrderService, stock: StockInMemory
) -> None:
    order = await service.place(wanting((TEE, 1), (CAP, 2), (MUG, 3)))
    await service.cancel(order.id, Tags())

    assert stock.moved == [(CAP, -2), (MUG, -3), (TEE, -1), (CAP, 2), (MUG, 3), (TEE, 1)]


async def test_the_line_that_asks_for_too_much_is_named(service: OrderService) -> None:
    with pytest.raises(InsufficientStock) as refused:
        await service.place(wanting((MUG, 1), (CAP, 6)))

    assert refused.value.extensions == {"item": 1}


async def test_the_line_that_names_no_product_on_sale_is_named(
    service: OrderService, orders: OrdersInMemory
) -> None:
    with pytest.raises(UnknownProduct) as refused:
        await service.place(wanting((MUG, 1), (CAP, 1), (uuid4(), 1)))

    place = ["body", "items", 2, "product_id"]
    fault = {"loc": place, "code": "unknown_product", "message": "is no product on sale"}
    assert refused.value.extensions == {"errors": [fault]}
    assert orders.rows == {}


async def test_an_order_is_cancelled_once(service: OrderService, stock: StockInMemory) -> None:
    order = await service.place(wanting((MUG, 2)))

    cancelled = await service.cancel(order.id, Tags())
    with pytest.raises(NotCancellable):
        await service.cancel(order.id, Tags())

    assert (cancelled.status, cancelled.version) == (OrderStatus.CANCELLED, 2)
    assert stock.left[MUG] == 5


async def test_an_order_that_is_not_there_is_not_found(service: OrderService) -> None:
    with pytest.raises(OrderNotFound):
        await service.get(uuid4())
    with pytest.raises(OrderNotFound):
        await service.cancel(uuid4(), Tags())


async def test_a_version_that_is_no_more_is_refused_before_anything_is_given_back(
    service: OrderService, orders: OrdersInMemory, stock: StockInMemory
) -> None:
    order = await service.place(wanting((MUG, 2)))

    with pytest.raises(VersionConflict):
        await service.cancel(order.id, Tags(frozenset({"9"})))

    assert (orders.rows[order.id], stock.left[MUG]) == (order, 3)
    assert orders.locked == [order.id]


async def test_a_page_leads_to_the_next(service: OrderService) -> None:
    for _ in range(3):
        await service.place(wanting((MUG, 1)))

    page = await service.page(OrderQuery(limit=2))

    assert len(page.data) == 2
    assert page.meta.next_cursor is not None
