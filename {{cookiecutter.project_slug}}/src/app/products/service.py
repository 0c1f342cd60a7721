"""The rules of the catalogue."""

from functools import partial
from uuid import UUID

from app.core.cache import Look
from app.core.concurrency import Tags
from app.core.pagination import Page
from app.core.sights import Cached
from app.products import cached
from app.products.errors import ProductNotFound
from app.products.repository import ProductRepository
from app.products.schemas import ProductCreate, ProductQuery, ProductRead, ProductUpdate


class CatalogueService:
    """What everybody may see, from the cache wherever it holds."""

    def __init__(self, products: ProductRepository, cache: Cached) -> None:
        self._products = products
        self._cache = cache

    async def page(self, query: ProductQuery, kept: Look[Page[ProductRead]]) -> Page[ProductRead]:
        """One page of the products on sale that match; `kept` is where the cache keeps it."""

        async def load() -> Page[ProductRead]:
            return Page[ProductRead].of(await self._products.page(query), query)

        return await self._cache.get(kept, load)

    async def get(self, product_id: UUID) -> ProductRead:
        """Raises ProductNotFound."""
        load = partial(self._products.get, product_id)
        product = await self._cache.get(cached.one(product_id), load)
        if product is None:
            raise ProductNotFound
        return product


class ProductService:
    """What may be done with products, by those who may."""

    def __init__(self, products: ProductRepository) -> None:
        self._products = products

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
