"""The queries that sell products and take them back: one statement each, and never below zero."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.statements import run
from app.core.unit_of_work import outdates
from app.products.cached import CATALOGUE, tag
from app.products.models import Product

_ON_SALE = Product.deleted_at.is_(None)
_QUANTITY = bindparam("quantity", type_=Product.stock.type)
_CHANGE = (
    update(Product)
    .where(Product.id == bindparam("product"))
    .values(version=Product.version + 1, updated_at=func.now())
)
_TAKE = (
    _CHANGE.values(stock=Product.stock - _QUANTITY)
    .where(_ON_SALE, Product.stock >= _QUANTITY)
    .returning(Product.sku, Product.price)
)
_GIVE_BACK = _CHANGE.values(stock=Product.stock + _QUANTITY)


@dataclass(frozen=True, slots=True)
class Sold:
    """What a product was when it was sold."""

    sku: str
    price: Decimal


class StockRepository:
    """Stock in PostgreSQL. Whoever changes several products goes by their ids: no deadlocks."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, product_id: UUID, quantity: int) -> Sold | None:
        """None when the product is not on sale, or not in this quantity."""
        outdates(self._session, CATALOGUE, tag(product_id))
        rows = await run(self._session, _TAKE, {"product": product_id, "quantity": quantity})
        row = rows.one_or_none()
        return Sold(row.sku, row.price) if row else None

    async def sells(self, product_id: UUID) -> bool:
        """Whether it is on sale, in whatever quantity."""
        found = select(Product.id).where(Product.id == product_id, _ON_SALE)
        return await self._session.scalar(found) is not None

    async def give_back(self, product_id: UUID, quantity: int) -> None:
        """Also to a product that is off sale, so that its row goes on telling the truth."""
        outdates(self._session, CATALOGUE, tag(product_id))
        await run(self._session, _GIVE_BACK, {"product": product_id, "quantity": quantity})
