"""The queries of the catalogue; all but `add` see only products on sale."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Update, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.outages import constraint
from app.core.pagination import REACH, Slice
from app.core.unit_of_work import outdates
from app.products.cached import CATALOGUE, tag
from app.products.errors import SkuTaken
from app.products.models import Product
from app.products.schemas import ProductCreate, ProductQuery, ProductRead

_COLUMNS = (
    Product.id,
    Product.sku,
    Product.name,
    Product.description,
    Product.price,
    Product.stock,
    Product.version,
    Product.created_at,
    Product.updated_at,
)
_ON_SALE = Product.deleted_at.is_(None)
_SORTS = {"created_at": Product.created_at, "name": Product.name, "price": Product.price}


class ProductRepository:
    """Products in PostgreSQL, read as ProductRead."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, query: ProductQuery) -> Slice[ProductRead]:
        """Two statements, however many rows match: counting stops beyond REACH."""
        matching = [_ON_SALE, *_filters(query)]
        counted = select(Product.id).where(*matching).limit(REACH + 1).subquery()
        total = await self._session.scalar(select(func.count()).select_from(counted))
        rows = await self._session.execute(
            select(*_COLUMNS)
            .where(*matching)
            .order_by(*_order(query.sort))
            .limit(query.limit)
            .offset(query.offset)
        )
        return Slice([ProductRead.model_validate(row) for row in rows], total or 0)

    async def get(self, product_id: UUID) -> ProductRead | None:
        """The product, if it is on sale."""
        rows = await self._session.execute(
            select(*_COLUMNS).where(Product.id == product_id, _ON_SALE)
        )
        row = rows.one_or_none()
        return ProductRead.model_validate(row) if row else None

    async def lock(self, product_id: UUID) -> ProductRead | None:
        """Like `get`; whoever else wants to change it waits for the end of this transaction."""
        rows = await self._session.execute(
            select(*_COLUMNS).where(Product.id == product_id, _ON_SALE).with_for_update()
        )
        row = rows.one_or_none()
        return ProductRead.model_validate(row) if row else None

    async def add(self, new: ProductCreate) -> ProductRead:
        """Raises SkuTaken."""
        made = await self._written(insert(Product).values(new.model_dump()))
        outdates(self._session, CATALOGUE, tag(made.id))
        return made

    async def update(self, product_id: UUID, values: Mapping[str, Any]) -> ProductRead:
        """Sets columns of a locked product. Raises SkuTaken."""
        return await self._written(self._changed(product_id).values(values))

    async def delete(self, product_id: UUID) -> None:
        """Keeps the row of a locked product, out of every read."""
        await self._session.execute(self._changed(product_id).values(deleted_at=func.now()))

    async def _written(self, statement: Insert | Update) -> ProductRead:
        try:
            rows = await self._session.execute(statement.returning(*_COLUMNS))
        except IntegrityError as error:
            if constraint(error) == "uq_products_sku":
                raise SkuTaken from error
            raise
        return ProductRead.model_validate(rows.one())

    def _changed(self, product_id: UUID) -> Update:
        outdates(self._session, CATALOGUE, tag(product_id))
        return (
            update(Product)
            .where(Product.id == product_id, _ON_SALE)
            .values(version=Product.version + 1, updated_at=func.now())
        )


def _filters(query: ProductQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.name:
        conditions.append(func.lower(Product.name).like(func.lower(_prefix(query.name))))
    if query.min_price is not None:
        conditions.append(Product.price >= query.min_price)
    if query.max_price is not None:
        conditions.append(Product.price <= query.max_price)
    if query.in_stock is not None:
        conditions.append(Product.stock > 0 if query.in_stock else Product.stock == 0)
    return conditions


def _prefix(text: str) -> str:
    """A LIKE pattern in which whatever the client typed stands for itself."""
    return re.sub(r"([\\%_])", r"\\\1", text) + "%"


def _order(sort: str) -> list[ColumnElement[Any]]:
    """The id after the sort key, so that rows alike in it stand still from page to page."""
    keys = (_SORTS[sort.removeprefix("-")], Product.id)
    return [key.desc() if sort.startswith("-") else key.asc() for key in keys]
