"""A few products to play with in development."""

from decimal import Decimal

from sqlalchemy import exists, select

from app.core.database import Database
from app.products.models import Product
from app.products.repository import ProductRepository
from app.products.schemas import ProductCreate

PRODUCTS = [
    ProductCreate(sku="MUG-BLUE", name="Blue mug", price=Decimal("12.50"), stock=40),
    ProductCreate(sku="MUG-RED", name="Red mug", price=Decimal("12.50"), stock=0),
    ProductCreate(sku="TEE-M", name="T-shirt, medium", price=Decimal("24.00"), stock=12),
    ProductCreate(sku="CAP", name="Cap", price=Decimal("18.90"), stock=7),
    ProductCreate(sku="BAG", name="Canvas bag", price=Decimal("9.00"), stock=100),
]


async def plant(database: Database) -> int:
    """Only into a table that never held a row: a deleted seed does not come back."""
    async with database.unit_of_work() as work:
        if await work.session.scalar(select(exists().select_from(Product))):
            return 0
        products = ProductRepository(work.session)
        for product in PRODUCTS:
            await products.add(product)
    return len(PRODUCTS)
