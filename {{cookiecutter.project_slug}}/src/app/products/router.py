"""The catalogue over HTTP: everybody may read it, `products:write` changes it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from app.auth.dependencies import requires
from app.core.concurrency import IfMatch, IfNoneMatch, etag
from app.core.feature import API
from app.core.pagination import Page
from app.core.problems import documented
from app.gate.answers import answered_from_cache, by_id, by_query
from app.gate.route import GatedRoute
from app.products import cached
from app.products.dependencies import ChangesProducts, ReadsProducts
from app.products.schemas import ProductCreate, ProductQuery, ProductRead, ProductUpdate

PATH = f"{API}/products"
router = APIRouter(prefix=PATH, tags=["products"], route_class=GatedRoute)

_WRITES = [requires("products:write")]
# Anybody may keep a copy, but must ask whether it still holds.
_SHARED = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}


@router.get("", dependencies=[answered_from_cache(by_query(cached.page), _SHARED)])
async def list_products(
    query: Annotated[ProductQuery, Query()],
    products: ReadsProducts,
    request: Request,
    response: Response,
) -> Page[ProductRead]:
    """One page of the catalogue, filtered and sorted."""
    response.headers.update(_SHARED)
    return await products.page(query, cached.page(request.scope["query_string"]))


@router.get(
    "/{product_id}",
    response_model=ProductRead,
    dependencies=[answered_from_cache(by_id(cached.one), _SHARED)],
    responses={304: {"description": "Not Modified"}, **documented(404)},
)
async def get_product(
    product_id: UUID, products: ReadsProducts, known: IfNoneMatch, response: Response
) -> ProductRead | Response:
    """One product; a client that knows this version gets 304 and no body."""
    product = await products.get(product_id)
    headers = {**_SHARED, "ETag": etag(product.version)}
    if known.include(product.version):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return product


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=_WRITES,
    responses=documented(409),
)
async def create_product(
    new: ProductCreate, products: ChangesProducts, response: Response
) -> ProductRead:
    """Adds a product to the catalogue."""
    product = await products.create(new)
    response.headers["Location"] = f"{PATH}/{product.id}"
    response.headers["ETag"] = etag(product.version)
    return product


@router.patch("/{product_id}", dependencies=_WRITES, responses=documented(404, 409, 412))
async def update_product(
    product_id: UUID,
    change: ProductUpdate,
    products: ChangesProducts,
    known: IfMatch,
    response: Response,
) -> ProductRead:
    """Changes the fields that are given; with If-Match only the version that the client saw."""
    product = await products.update(product_id, change, known)
    response.headers["ETag"] = etag(product.version)
    return product


@router.delete(
    "/{product_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=_WRITES,
    responses=documented(404, 412),
)
async def delete_product(product_id: UUID, products: ChangesProducts, known: IfMatch) -> None:
    """Takes a product off sale."""
    await products.delete(product_id, known)
