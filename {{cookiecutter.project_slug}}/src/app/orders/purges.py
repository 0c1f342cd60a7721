"""What becomes of old orders, and of products off sale that none is left to name."""

from datetime import timedelta

from sqlalchemy import exists, func, select

from app.core.database import Database
from app.core.purges import delete_batch
from app.core.settings import read
from app.orders.models import Order, OrderLine
from app.orders.settings import OrderSettings
from app.products.models import Product


async def orders(database: Database, size: int) -> int:
    """Deletes at most `size` orders past their time, whatever their status, with their lines."""
    days = read(OrderSettings).order_retention_days
    if days is None:
        return 0
    ripe = select(Order.id).where(Order.created_at < func.now() - timedelta(days=days))
    return await delete_batch(database, Order.id, ripe, size)


async def products(database: Database, size: int) -> int:
    """Deletes at most `size` products that have been off sale so long and stand in no order."""
    then = func.now() - timedelta(days=read(OrderSettings).product_retention_days)
    named = exists().where(OrderLine.product_id == Product.id)
    ripe = select(Product.id).where(Product.deleted_at < then, ~named)
    return await delete_batch(database, Product.id, ripe, size)
