"""Old orders go with their lines, and products off sale when no order names them any more."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select, update

from app.commands import purge
from app.core.database import Database
from app.core.settings import read
from app.orders import PURGES
from app.orders.models import Order, OrderLine
from app.products.models import Product
from app.products.repository import ProductRepository
from tests.orders.factories import place
from tests.products.factories import on_sale


@pytest.fixture
def _a_year(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Orders are kept for so long, as products are."""
    monkeypatch.setenv("ORDER_RETENTION_DAYS", "365")
    read.cache_clear()
    yield
    read.cache_clear()


async def age(database: Database, days: int) -> None:
    """All that is there, by so many days."""
    span = timedelta(days=days)
    async with database.unit_of_work() as work:
        await work.as_system()
        await work.session.execute(update(Order).values(created_at=Order.created_at - span))
        await work.session.execute(update(Product).values(deleted_at=Product.deleted_at - span))


async def take_off_sale(database: Database, *products: UUID) -> None:
    async with database.unit_of_work() as work:
        for each in products:
            await ProductRepository(work.session).delete(each)


async def left(database: Database) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """The ids of orders, of the orders that have lines, and of products."""
    async with database.unit_of_work() as work:
        await work.as_system()
        columns = (Order.id, OrderLine.order_id, Product.id)
        orders, lines, products = [set(await work.session.scalars(select(c))) for c in columns]
    return orders, lines, products


async def test_orders_are_kept_for_ever_unless_somebody_says_how_long(
    hers: AsyncClient, database: Database
) -> None:
    order = await place(hers, (await on_sale(database), 1))
    await age(database, 10_000)

    assert await purge.run(PURGES, database, 10) == {"orders": 0, "products": 0}

    assert (await left(database))[0] == {UUID(order["id"])}


@pytest.mark.usefixtures("_a_year")
async def test_old_orders_go_with_their_lines_in_batches_whosever_they_are(
    hers: AsyncClient, his: AsyncClient, database: Database
) -> None:
    mug, cap = await on_sale(database), await on_sale(database)
    for client in (hers, his, hers):
        await place(client, (mug, 1), (cap, 1))
    await age(database, 366)
    young = UUID((await place(his, (mug, 1)))["id"])

    assert await purge.run(PURGES, database, 2) == {"orders": 3, "products": 0}

    assert await left(database) == ({young}, {young}, {mug.id, cap.id})


async def test_a_product_goes_a_year_after_it_was_taken_off_sale_unless_an_order_names_it(
    hers: AsyncClient, database: Database
) -> None:
    named, unnamed, young, sold = [(await on_sale(database)).id for _ in range(4)]
    await place(hers, (named, 1))
    await take_off_sale(database, named, unnamed)
    await age(database, 364)
    await take_off_sale(database, young)
    assert await purge.run(PURGES, database, 10) == {"orders": 0, "products": 0}

    await age(database, 2)
    assert await purge.run(PURGES, database, 10) == {"orders": 0, "products": 1}

    assert (await left(database))[2] == {named, young, sold}


@pytest.mark.usefixtures("_a_year")
async def test_a_product_goes_with_the_last_order_that_named_it(
    hers: AsyncClient, database: Database
) -> None:
    mug = (await on_sale(database)).id
    await place(hers, (mug, 1))
    await take_off_sale(database, mug)
    await age(database, 366)

    assert await purge.run(PURGES, database, 10) == {"orders": 1, "products": 1}

    assert await left(database) == (set(), set(), set())
