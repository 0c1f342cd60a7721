"""What of the catalogue is loaded before anybody asks."""

from app.core.cache import Cache
from app.core.database import Database
from app.core.sights import Cached
from app.products import cached
from app.products.repository import ProductRepository
from app.products.schemas import ProductQuery
from app.products.service import CatalogueService


async def warm(database: Database, cache: Cache) -> int:
    """The page that everybody sees first and the products on it; how many entries that makes."""
    async with database.reading() as session:
        catalogue = CatalogueService(ProductRepository(session), Cached(cache, {}))
        page = await catalogue.page(ProductQuery(), cached.page(b""))
        for product in page.data:
            await catalogue.get(product.id)
    return 1 + len(page.data)
