"""How a request gets its service: from the cache to read, in a unit of work to change."""

from typing import Annotated

from fastapi import Depends

from app.core.database import Reading, Work
from app.core.sights import CachedReads
from app.products.repository import ProductRepository
from app.products.service import CatalogueService, ProductService


async def _reading(session: Reading, cache: CachedReads) -> CatalogueService:
    return CatalogueService(ProductRepository(session), cache)


async def _changing(work: Work) -> ProductService:
    return ProductService(ProductRepository(work.session))


ReadsProducts = Annotated[CatalogueService, Depends(_reading)]
ChangesProducts = Annotated[ProductService, Depends(_changing)]
