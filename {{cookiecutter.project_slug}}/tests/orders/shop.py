"""A shop with a few customers, and what each of them believes about their orders."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, select

from app.core.database import Database
from app.orders.models import Order, OrderLine, OrderStatus
from app.products.models import Product
from app.users.models import Role
from tests.orders.factories import ORDERS, wanting
from tests.people import a_person, signed_in
from tests.products.factories import on_sale


@dataclass
class Attempt:
    """An order as somebody sends it, once or more; `told` are the ids it was placed under."""

    customer: AsyncClient
    wanted: dict[UUID, int]
    key: str = field(default_factory=lambda: str(uuid4()))
    told: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Books:
    """What the database says: what is left, what was sold and not given back, which orders."""

    stock: dict[UUID, int]
    sold: dict[UUID, int]
    orders: dict[str, OrderStatus]


class Shop:
    """Everything goes over HTTP; only the books are read from the database."""

    def __init__(
        self,
        database: Database,
        admin: AsyncClient,
        customers: Sequence[AsyncClient],
        supplied: dict[UUID, int],
    ) -> None:
        self._database = database
        self._admin = admin
        self.customers = customers
        self.supplied = supplied
        self.attempts: list[Attempt] = []
        self.cancelled: list[str] = []

    async def send(self, attempt: Attempt) -> None:
        """Placed, or refused for a reason that the customer can live with."""
        lines = wanting(*attempt.wanted.items())
        key = {"Idempotency-Key": attempt.key}
        answer = await attempt.customer.post(ORDERS, json=lines, headers=key)
        if answer.status_code == 201:
            attempt.told.add(answer.json()["id"])
        else:
            assert answer.json()["code"] in {"insufficient_stock", "request_in_progress"}

    async def cancel(self, attempt: Attempt) -> None:
        """Whatever was placed by this attempt."""
        for order in attempt.told:
            answer = await attempt.customer.post(f"{ORDERS}/{order}/cancel")
            if answer.status_code == 200:
                self.cancelled.append(order)
            else:
                assert answer.json()["code"] == "not_cancellable"

    async def restock(self, product: UUID, by: int) -> None:
        """As admins do: read, add, write, unless it was changed in between."""
        path = f"/api/v1/products/{product}"
        read = await self._admin.get(path)
        more = {"stock": read.json()["stock"] + by}
        seen = {"If-Match": read.headers["ETag"]}
        answer = await self._admin.patch(path, json=more, headers=seen)
        assert answer.status_code in {200, 412}
        self.supplied[product] += by if answer.status_code == 200 else 0

    async def books(self) -> Books:
        sold = (
            select(OrderLine.product_id, func.sum(OrderLine.quantity).label("sold"))
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.status == OrderStatus.PLACED)
            .group_by(OrderLine.product_id)
        )
        ours = Product.id.in_(self.supplied)
        placed = select(OrderLine.order_id).where(OrderLine.product_id.in_(self.supplied))
        async with self._database.unit_of_work() as work:
            await work.as_system()
            read = work.session.execute
            stock = await read(select(Product.id, Product.stock).where(ours))
            sums = await read(sold.where(OrderLine.product_id.in_(self.supplied)))
            orders = await read(select(Order.id, Order.status).where(Order.id.in_(placed)))
            return Books(
                stock={row.id: row.stock for row in stock},
                sold=dict.fromkeys(self.supplied, 0)
                | {line.product_id: line.sold for line in sums},
                orders={str(row.id): OrderStatus(row.status) for row in orders},
            )


@asynccontextmanager
async def opened(
    application: FastAPI, *, customers: int, products: int, stock: int
) -> AsyncIterator[Shop]:
    """A shop with products and customers of its own."""
    database: Database = application.state.database
    supplied = {(await on_sale(database, stock=stock)).id: stock for _ in range(products)}
    async with AsyncExitStack() as stack:
        admin, *others = [
            await stack.enter_async_context(
                signed_in(application, await a_person(database, role=role))
            )
            for role in [Role.ADMIN] + [Role.USER] * customers
        ]
        yield Shop(database, admin, others, supplied)
