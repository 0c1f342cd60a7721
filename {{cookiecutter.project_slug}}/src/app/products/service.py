"""The rules of the catalogue."""

from uuid import UUID

from app.core.concurrency import Tags
from app.core.pagination import Page
from app.products.errors import ProductNotFound
from app.products.repository import ProductRepository
from app.products.schemas import ProductCreate, ProductQuery, ProductRead, ProductUpdate


class ProductService:
    """Everything that can be done with products, whoever asks."""

    def __init__(self, products: ProductRepository) -> None:
        self._products = products

    async def page(self, query: ProductQuery) -> Page[ProductRead]:
        """One page of the products on sale that match."""
        return Page[ProductRead].of(await self._products.page(query), query)

    async def get(self, product_id: UUID) -> ProductRead:
        """Raises ProductNotFound."""
        product = await self._products.get(product_id)
        if product is None:
            raise ProductNotFound
        return product

    async def create(self, new: ProductCreate) -> ProductRead:
        """Raises SkuTaken."""
        return await self._products.add(new)

    async def update(self, product_id: UUID, change: ProductUpdate, known: Tags) -> ProductRead:
        """Changes what `change` names. Raises ProductNotFound, VersionConflict, SkuTaken."""
        product = await self._locked(product_id, known)
        values = change.model_dump()
        if not values:
            return product
        return await self._products.update(product_id, values)

    async def delete(self, product_id: UUID, known: Tags) -> None:
        """Takes it off every list. Raises ProductNotFound, VersionConflict."""
        await self._locked(product_id, known)
        await self._products.delete(product_id)

    async def _locked(self, product_id: UUID, known: Tags) -> ProductRead:
        """Nobody else changes it between the comparison of versions and our change."""
        product = await self._products.lock(product_id)
        if product is None:
            raise ProductNotFound
        known.require(product.version)
        return product
