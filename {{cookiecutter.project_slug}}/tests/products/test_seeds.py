"""Seeds are planted once."""

from sqlalchemy import text

from app.core.database import Database
from app.products.repository import ProductRepository
from app.products.schemas import ProductQuery
from app.products.seeds import PRODUCTS, plant


async def test_an_empty_table_gets_products(database: Database) -> None:
    assert await plant(database) == len(PRODUCTS)

    async with database.reading() as session:
        found = await ProductRepository(session).page(ProductQuery())
    assert {row.sku for row in found.rows} == {seed.sku for seed in PRODUCTS}


async def test_seeds_that_were_deleted_do_not_come_back(database: Database) -> None:
    await plant(database)
    async with database.unit_of_work() as work:
        await work.session.execute(text("UPDATE products SET deleted_at = now()"))

    assert await plant(database) == 0
