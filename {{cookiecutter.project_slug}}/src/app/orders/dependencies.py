"""How a request gets its service: in a unit of work also to read, as these rows are protected."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends

from app.auth.dependencies import Identified
from app.core.database import Work
from app.orders.repository import OrderRepository
from app.orders.service import OrderService
from app.products.stock import StockRepository


async def _orders(known: Identified, work: Work) -> OrderService:
    owner = cast(UUID, known.id)  # whoever was identified has one
    return OrderService(OrderRepository(work.session, owner), StockRepository(work.session))


OwnOrders = Annotated[OrderService, Depends(_orders)]
