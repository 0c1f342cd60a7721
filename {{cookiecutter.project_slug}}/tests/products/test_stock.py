"""Stock is taken and given back in one statement each, by many at once, and never below zero."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import pytest

from app.core.database import Database
from app.products.models import Product
from app.products.repository import ProductRepository
from app.products.schemas import ProductRead
from app.products.stock import Sold, StockRepository
from tests.products.factories import on_sale
from tests.queries import statements


async def now(database: Database, before: ProductRead) -> ProductRead:
    async with database.reading() as session:
        found = await ProductRepository(session).get(before.id)
    assert found is not None
    return found


async def take(database: Database, of: ProductRead, quantity: int) -> Sold | None:
    async with database.unit_of_work() as work:
        return await StockRepository(work.session).take(of.id, quantity)


async def test_what_is_taken_is_gone_and_the_product_has_changed(database: Database) -> None:
    mug = await on_sale(database, sku="MUG", price="12.50", stock=5)

    with statements(database) as seen:
        assert await take(database, mug, 3) == Sold("MUG", Decimal("12.50"))

    assert len(seen) == 1
    after = await now(database, mug)
    assert (after.stock, after.version) == (2, 2)
    assert after.updated_at > mug.updated_at


async def test_the_last_one_can_be_taken_and_none_beyond_it(database: Database) -> None:
    mug = await on_sale(database, stock=2)

    assert await take(database, mug, 3) is None
    assert await take(database, mug, 2) is not None
    assert await take(database, mug, 1) is None

    assert ((await now(database, mug)).stock, (await now(database, mug)).version) == (0, 2)


async def test_what_is_off_sale_cannot_be_taken_but_given_back(database: Database) -> None:
    mug = await on_sale(database, stock=5)
    async with database.unit_of_work() as work:
        products, stock = ProductRepository(work.session), StockRepository(work.session)
        await products.delete(mug.id)

        assert await stock.take(mug.id, 1) is None
        assert not await stock.sells(mug.id)
        await stock.give_back(mug.id, 2)

        kept = await work.session.get_one(Product, mug.id)
    assert (kept.stock, kept.version) == (7, 3)


async def test_what_was_given_back_can_be_taken_again(database: Database) -> None:
    mug = await on_sale(database, stock=1)
    await take(database, mug, 1)
    async with database.unit_of_work() as work:
        await StockRepository(work.session).give_back(mug.id, 1)

    assert ((await now(database, mug)).stock, (await now(database, mug)).version) == (1, 3)
    assert await take(database, mug, 1) is not None


@pytest.mark.parametrize("stock", [0, 1])
async def test_what_is_sold_out_is_still_on_sale(database: Database, stock: int) -> None:
    mug = await on_sale(database, stock=stock)
    async with database.reading() as session:
        assert await StockRepository(session).sells(mug.id)
        assert not await StockRepository(session).sells(uuid4())


async def test_many_at_once_take_exactly_what_there_is(database: Database) -> None:
    mug = await on_sale(database, stock=7)

    taken = await asyncio.gather(*[take(database, mug, 1) for _ in range(20)])

    assert sum(each is not None for each in taken) == 7
    assert (await now(database, mug)).stock == 0
