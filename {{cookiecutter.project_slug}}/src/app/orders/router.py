"""Orders over HTTP: everybody's own, by a session or by an API key of theirs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from app.auth.dependencies import requires
from app.core.concurrency import IfMatch, IfNoneMatch, etag
from app.core.feature import API
from app.core.idempotency import Idempotent
from app.core.pagination import CursorPage
from app.core.problems import documented
from app.gate.route import GatedRoute
from app.orders.confirmation import Confirm  # feature: background_jobs
from app.orders.dependencies import OwnOrders
from app.orders.schemas import OrderCreate, OrderQuery, OrderRead

PATH = f"{API}/orders"
router = APIRouter(prefix=PATH, tags=["orders"], route_class=GatedRoute)

_READS = [requires("orders:read")]
_WRITES = [requires("orders:write")]
_PRIVATE = {"Cache-Control": "no-store", "Vary": "Authorization, X-API-Key"}


@router.get("", dependencies=_READS)
async def list_orders(
    query: Annotated[OrderQuery, Query()], orders: OwnOrders, response: Response
) -> CursorPage[OrderRead]:
    """One's own orders, newest first."""
    response.headers.update(_PRIVATE)
    return await orders.page(query)


@router.get(
    "/{order_id}",
    response_model=OrderRead,
    dependencies=_READS,
    responses={304: {"description": "Not Modified"}, **documented(404)},
)
async def get_order(
    order_id: UUID, orders: OwnOrders, known: IfNoneMatch, response: Response
) -> OrderRead | Response:
    """One of one's own orders; a client that knows this version gets 304 and no body."""
    order = await orders.get(order_id)
    headers = {**_PRIVATE, "ETag": etag(order.version)}
    if known.include(order.version):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return order


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=_WRITES, responses=documented(409)
)
async def place_order(
    new: OrderCreate,
    orders: OwnOrders,
    attempt: Idempotent,
    response: Response,
    confirm: Confirm,  # feature: background_jobs
) -> OrderRead:
    """Takes every line from stock, or none; with an Idempotency-Key it is safe to repeat."""
    await attempt.claim(new)
    order = await orders.place(new)
    await confirm(order)  # feature: background_jobs
    response.headers.update(_PRIVATE)
    response.headers["Location"] = f"{PATH}/{order.id}"
    response.headers["ETag"] = etag(order.version)
    return order


@router.post("/{order_id}/cancel", dependencies=_WRITES, responses=documented(404, 409, 412))
async def cancel_order(
    order_id: UUID, orders: OwnOrders, known: IfMatch, response: Response
) -> OrderRead:
    """Puts everything back into stock; with If-Match only in the version that the client saw."""
    order = await orders.cancel(order_id, known)
    response.headers.update(_PRIVATE)
    response.headers["ETag"] = etag(order.version)
    return order
