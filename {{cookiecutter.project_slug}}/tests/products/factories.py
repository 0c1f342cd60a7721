"""Valid requests, to be made invalid or particular by the tests that need it."""

from itertools import count
from typing import Any

from app.core.database import Database
from app.products.repository import ProductRepository
from app.products.schemas import ProductCreate, ProductRead

_numbers = count(1)


def product(**fields: Any) -> dict[str, Any]:  # JSON of any shape, also a wrong one
    """The body of `POST /products`; its sku is always new."""
    number = next(_numbers)
    return {"sku": f"SKU-{number}", "name": f"Product {number}", "price": "9.90"} | fields


async def on_sale(database: Database, **fields: Any) -> ProductRead:
    """Adds a product past the routes; its stock is 10 unless said otherwise."""
    new = ProductCreate.model_validate(product(**({"stock": 10} | fields)))
    async with database.unit_of_work() as work:
        return await ProductRepository(work.session).add(new)
