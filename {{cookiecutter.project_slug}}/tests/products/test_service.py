"""The rules of the catalogue, without a database."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.cache import Look
from app.core.concurrency import Tags, VersionConflict
from app.core.pagination import Slice
from app.core.sights import Cached
from app.products import cached
from app.products.errors import ProductNotFound
from app.products.repository import ProductRepository
from app.products.schemas import ProductCreate, ProductQuery, ProductRead, ProductUpdate
from app.products.service import CatalogueService, ProductService
from tests.products.factories import product


class ProductsInMemory(ProductRepository):
    """Keeps products in a dict; remembers which were locked."""

    def __init__(self) -> None:
        self.rows: dict[UUID, ProductRead] = {}
        self.locked: list[UUID] = []

    async def page(self, query: ProductQuery) -> Slice[ProductRead]:
        return Slice(list(self.rows.values())[: query.limit], len(self.rows))

    async def get(self, product_id: UUID) -> ProductRead | None:
        return self.rows.get(product_id)

    async def lock(self, product_id: UUID) -> ProductRead | None:
        self.locked.append(product_id)
        return self.rows.get(product_id)

    async def add(self, new: ProductCreate) -> ProductRead:
        made = ProductRead(
            id=uuid4(),
            version=1,
            created_at=datetime.now(UTC),
            updated_at=datetime.now(UTC),
            **new.model_dump(),
        )
        self.rows[made.id] = made
        return made

    async def update(self, product_id: UUID, values: Mapping[str, Any]) -> ProductRead:
        row = self.rows[product_id]
        self.rows[product_id] = row.model_copy(update={**values, "version": row.version + 1})
        return self.rows[product_id]

    async def delete(self, product_id: UUID) -> None:
        del self.rows[product_id]


class KeptForEver(Cached):
    """Loads everything once."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    async def get[T](self, look: Look[T], load: Callable[[], Awaitable[T]]) -> T:
        if look.name not in self._kept:
            self._kept[look.name] = await load()
        found: T = self._kept[look.name]
        return found


@pytest.fixture
def products() -> ProductsInMemory:
    return ProductsInMemory()


@pytest.fixture
def service(products: ProductsInMemory) -> ProductService:
    return ProductService(products)


@pytest.fixture
def catalogue(products: ProductsInMemory) -> CatalogueService:
    return CatalogueService(products, KeptForEver())


@pytest.fixture
async def mug(service: ProductService) -> ProductRead:
    return await service.create(ProductCreate.model_validate(product(name="Mug")))


async def test_a_created_product_can_be_read(catalogue: CatalogueService, mug: ProductRead) -> None:
    assert await catalogue.get(mug.id) == mug


async def test_what_is_kept_is_not_looked_up_again(
    catalogue: CatalogueService, products: ProductsInMemory, mug: ProductRead
) -> None:
    page, nowhere = await catalogue.page(ProductQuery(limit=5), cached.page(b"limit=5")), uuid4()
    await catalogue.get(mug.id)
    with pytest.raises(ProductNotFound):
        await catalogue.get(nowhere)
    products.rows[nowhere] = products.rows.pop(mug.id)

    assert await catalogue.get(mug.id) == mug
    assert await catalogue.page(ProductQuery(limit=5), cached.page(b"limit=5")) == page
    with pytest.raises(ProductNotFound):
        await catalogue.get(nowhere)


async def test_a_product_that_is_not_there_is_not_found(
    catalogue: CatalogueService, service: ProductService
) -> None:
    nowhere = uuid4()

    with pytest.raises(ProductNotFound):
        await catalogue.get(nowhere)
    with pytest.raises(ProductNotFound):
        await service.update(nowhere, ProductUpdate(), Tags())
    with pytest.raises(ProductNotFound):
        await service.delete(nowhere, Tags())


async def test_a_page_tells_how_many_there_are(
    catalogue: CatalogueService, mug: ProductRead
) -> None:
    page = await catalogue.page(ProductQuery(limit=5), cached.page(b"limit=5"))

    assert list(page.data) == [mug]
    assert (page.meta.total, page.meta.limit) == (1, 5)


async def test_a_change_touches_only_what_it_names(
    service: ProductService, mug: ProductRead
) -> None:
    changed = await service.update(mug.id, ProductUpdate(name="Cup"), Tags())

    assert changed == mug.model_copy(update={"name": "Cup", "version": 2})


async def test_a_change_of_nothing_leaves_the_version_alone(
    service: ProductService, mug: ProductRead
) -> None:
    assert await service.update(mug.id, ProductUpdate(), Tags()) == mug


async def test_a_change_of_a_version_that_is_no_more_is_refused(
    service: ProductService, products: ProductsInMemory, mug: ProductRead
) -> None:
    seen = Tags(frozenset({"1"}))
    await service.update(mug.id, ProductUpdate(name="Cup"), seen)

    with pytest.raises(VersionConflict):
        await service.update(mug.id, ProductUpdate(name="Bowl"), seen)
    with pytest.raises(VersionConflict):
        await service.delete(mug.id, seen)

    assert products.rows[mug.id].name == "Cup"


async def test_versions_are_compared_on_a_locked_row(
    service: ProductService, products: ProductsInMemory, mug: ProductRead
) -> None:
    await service.update(mug.id, ProductUpdate(name="Cup"), Tags())
    await service.delete(mug.id, Tags())

    assert products.locked == [mug.id, mug.id]
    assert products.rows == {}
