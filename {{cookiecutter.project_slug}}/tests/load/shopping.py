"""What visitors do with the example: most look around, a few buy."""

from decimal import Decimal
from random import Random
from uuid import uuid4

from app.core.database import Database
from app.products.repository import ProductRepository
from app.products.schemas import ProductCreate
from tests.load.visitor import Step, Visitor
from tests.load.wire import Answer

PRODUCTS = 200
PAGES = 5
_DICE = Random(0)  # noqa: S311 - nothing secret; every run begins alike
_STOCK = 1_000_000_000  # nobody's order may fail for want of it


async def fill(database: Database) -> None:
    """Puts products on sale."""
    async with database.unit_of_work() as work:
        repository = ProductRepository(work.session)
        for number in range(PRODUCTS):
            sku, price = f"LOAD-{number}", Decimal(number + 1)
            await repository.add(
                ProductCreate(sku=sku, name=f"Thing {number}", price=price, stock=_STOCK)
            )


async def browse(visitor: Visitor) -> Answer:
    """Opens a page of the catalogue, and remembers what is on it."""
    answer = await visitor.get(f"/products?limit=20&page={_DICE.randint(1, PAGES)}")
    visitor.seen = [each["id"] for each in answer.json().get("data", ())]
    return answer


async def look(visitor: Visitor) -> Answer:
    """Opens one product of that page; without a page, opens one."""
    if not visitor.seen:
        return await browse(visitor)
    return await visitor.get(f"/products/{_DICE.choice(visitor.seen)}")


async def order(visitor: Visitor) -> Answer:
    """Buys two things of that page."""
    if not visitor.seen:
        return await browse(visitor)
    items = [{"product_id": each, "quantity": 1} for each in _DICE.sample(visitor.seen, 2)]
    return await visitor.post("/orders", {"items": items}, **{"Idempotency-Key": uuid4().hex})


async def orders(visitor: Visitor) -> Answer:
    """Looks at the own orders."""
    return await visitor.get("/orders?limit=20")


SHOPPING = (
    Step("GET /products", 25, browse),
    Step("GET /products/{id}", 40, look),
    Step("POST /orders", 4, order),
    Step("GET /orders", 6, orders),
)
