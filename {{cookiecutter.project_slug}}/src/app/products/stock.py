"""The queries that sell products and take them back: one statement each, and never below zero."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.unit_of_work import outdates
from app.products.cached import CATALOGUE, tag
from app.products.models import Product

_ON_SALE = Product.deleted_at.is_(None)


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
        rows = await self._session.execute(
            self._changed(product_id, -quantity)
            .where(_ON_SALE, Product.stock >= quantity)
            .returning(Product.sku, Product.price)
        )
        row = rows.one_or_none()
        return Sold(row.sku, row.price) if row else None

    async def sells(self, product_id: UUID) -> bool:
        """Whether it is on sale, in whatever quantity."""
        found = select(Product.id).where(Product.id == product_id, _ON_SALE)
        return await self._session.scalar(found) is not None

    async def give_back(self, product_id: UUID, quantity: int) -> None:
        """Also to a product that is off sale, so that its row goes on telling the truth."""
        await self._session.execute(self._changed(product_id, quantity))

    def _changed(self, product_id: UUID, by: int) -> Update:
        outdates(self._session, CATALOGUE, tag(product_id))
        return (
            update(Product)
            .where(Product.id == product_id)
            .values(stock=Product.stock + by, version=Product.version + 1, updated_at=func.now())
        )
