"""The queries of the catalogue: what they cost and what they leave to the database."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.pagination import REACH
from app.products.errors import SkuTaken
from app.products.repository import ProductRepository
from app.products.schemas import ProductCreate, ProductQuery, ProductRead
from tests.products.factories import product
from tests.queries import plan, statements

MANY = 10_000


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.reading() as session:
        yield session


async def add(database: Database, **fields: Any) -> ProductRead:
    async with database.unit_of_work() as work:
        new = ProductCreate.model_validate(product(**fields))
        return await ProductRepository(work.session).add(new)


async def add_many(database: Database, number: int) -> None:
    rows = text(
        "INSERT INTO products (id, sku, name, price, stock, created_at)"
        " SELECT gen_random_uuid(), 'SKU' || n, 'Product ' || n, n % 100, n % 2,"
        " now() - n * interval '1 minute' FROM generate_series(1, :number) AS n"
    )
    async with database.unit_of_work() as work:
        await work.session.execute(rows, {"number": number})


async def test_a_filtered_page_of_ten_thousand_costs_two_statements(
    database: Database, session: AsyncSession
) -> None:
    await add_many(database, MANY)
    query = ProductQuery(name="product 1", in_stock=True, sort="name", limit=20)

    with statements(database) as seen:
        found = await ProductRepository(session).page(query)

    assert len(seen) == 2
    assert len(found.rows) == 20
    assert 20 < found.matching < MANY


async def test_counting_stops_just_beyond_reach(database: Database, session: AsyncSession) -> None:
    await add_many(database, REACH)
    assert (await ProductRepository(session).page(ProductQuery())).matching == REACH

    await add(database)
    await add(database)

    assert (await ProductRepository(session).page(ProductQuery())).matching == REACH + 1


async def test_rows_alike_in_their_sort_key_stand_still_from_page_to_page(
    database: Database, session: AsyncSession
) -> None:
    made = [await add(database, price="5.00") for _ in range(6)]
    products = ProductRepository(session)

    for sort in ("price", "-price"):
        pages = [
            await products.page(
                ProductQuery.model_validate({"sort": sort, "page": page, "limit": 2})
            )
            for page in (1, 2, 3)
        ]
        ids = [row.id for page in pages for row in page.rows]
        assert ids == sorted((row.id for row in made), reverse=sort.startswith("-"))


@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("created_at", "ix_products_created_at"),
        ("-created_at", "ix_products_created_at"),
        ("name", "ix_products_name"),
        ("-name", "ix_products_name"),
        ("price", "ix_products_price"),
        ("-price", "ix_products_price"),
    ],
)
async def test_every_sort_reads_an_index_in_order(
    database: Database, session: AsyncSession, sort: str, index: str
) -> None:
    await add_many(database, 400)
    with statements(database) as seen:
        await ProductRepository(session).page(ProductQuery.model_validate({"sort": sort}))

    found = await plan(session, *seen[1])

    assert f"{index} " in found
    assert "Sort" not in found


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"name": "product 77"}, "ix_products_name_prefix"),
        ({"min_price": "99"}, "ix_products_price"),
        ({"max_price": "0"}, "ix_products_price"),
        ({"in_stock": True}, "ix_products_in_stock"),
        ({"in_stock": False}, "ix_products_out_of_stock"),
    ],
)
async def test_every_filter_has_an_index(
    database: Database, session: AsyncSession, filters: dict[str, Any], index: str
) -> None:
    await add_many(database, 400)
    with statements(database) as seen:
        await ProductRepository(session).page(ProductQuery.model_validate(filters))

    found = await plan(session, *seen[0])

    assert f"{index} " in found
    assert "Seq Scan" not in found


async def test_an_identifier_finds_its_row_by_the_primary_key(
    database: Database, session: AsyncSession
) -> None:
    await add_many(database, 400)
    with statements(database) as seen:
        await ProductRepository(session).get(uuid4())

    assert "pk_products" in await plan(session, *seen[0])


async def test_a_product_is_locked_until_the_transaction_ends(database: Database) -> None:
    mug = await add(database, name="Mug")
    order: list[str] = []

    async def rename(name: str, ready: asyncio.Event, go: asyncio.Event) -> None:
        async with database.unit_of_work() as work:
            products = ProductRepository(work.session)
            await products.lock(mug.id)
            order.append(name)
            ready.set()
            await go.wait()
            await products.update(mug.id, {"name": name})

    first, second, go = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(rename("first", first, go))
        await first.wait()
        tasks.create_task(rename("second", second, go))
        async with database.reading() as session, asyncio.timeout(5):
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not await session.scalar(waiting):
                pass
        assert order == ["first"]
        go.set()

    async with database.reading() as session:
        renamed = await ProductRepository(session).get(mug.id)
    assert renamed is not None
    assert (renamed.name, renamed.version) == ("second", 3)


async def test_a_sku_can_be_taken_once(database: Database) -> None:
    await add(database, sku="MUG")

    with pytest.raises(SkuTaken):
        await add(database, sku="MUG")


async def test_the_database_refuses_what_no_schema_saw(database: Database) -> None:
    with pytest.raises(IntegrityError, match="ck_products_price_not_negative"):
        async with database.unit_of_work() as work:
            await ProductRepository(work.session).add(
                ProductCreate(sku="MUG", name="Mug", price=Decimal(-1))
            )


async def test_a_deleted_row_is_kept(database: Database) -> None:
    mug = await add(database)
    async with database.unit_of_work() as work:
        await ProductRepository(work.session).delete(mug.id)

    async with database.reading() as session:
        kept = await session.execute(
            text("SELECT id, version FROM products WHERE deleted_at IS NOT NULL")
        )
        assert [tuple(row) for row in kept] == [(mug.id, 2)]
        assert await ProductRepository(session).lock(mug.id) is None
