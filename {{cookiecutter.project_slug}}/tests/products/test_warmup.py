"""After the warm-up the first visitors cause no query."""

from fastapi import FastAPI
from httpx2 import AsyncClient

from app.core.database import Database
from app.products.warmup import warm
from tests.products.factories import on_sale
from tests.products.test_router import PRODUCTS
from tests.queries import statements


async def test_the_first_page_and_its_products_are_there(
    application: FastAPI, database: Database, client: AsyncClient
) -> None:
    made = [await on_sale(database) for _ in range(3)]

    assert await warm(database, application.state.cache) == 4

    with statements(database) as sent:
        assert len((await client.get(PRODUCTS)).json()["data"]) == 3
        for product in made:
            assert (await client.get(f"{PRODUCTS}/{product.id}")).status_code == 200
    assert sent == []
