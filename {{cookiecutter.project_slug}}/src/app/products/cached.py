"""What the cache keeps of the catalogue, and which changes end it."""

from hashlib import sha256
from uuid import UUID

from pydantic import TypeAdapter

from app.core.cache import Kind, Look
from app.core.pagination import Page
from app.products.schemas import ProductRead

CATALOGUE = "products"
"""The tag of every list: any change may alter any page."""

# The catalogue may be seen as it was an hour ago while PostgreSQL is away, rather than not at all.
_STALE = 3600
_PRODUCT = Kind[ProductRead | None](
    "product",
    TypeAdapter(ProductRead | None),
    stale=_STALE,
    version=lambda product: product.version if product else None,
)
_PAGE = Kind("product-page", TypeAdapter(Page[ProductRead]), stale=_STALE)


def tag(product_id: UUID) -> str:
    """Of everything that is kept about one product."""
    return f"product:{product_id}"


def one(product_id: UUID) -> Look[ProductRead | None]:
    """Where a product is kept, or that there is none."""
    return Look(_PRODUCT, str(product_id), (tag(product_id),))


def page(query: bytes) -> Look[Page[ProductRead]]:
    """Where the answer to a query is kept, as the client spelled it."""
    return Look(_PAGE, sha256(query).hexdigest(), (CATALOGUE,))
