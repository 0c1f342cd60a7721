"""What crosses the boundary: orders as clients place, ask for and read them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app.core.pagination import CursorQuery, Dated
from app.core.text import WHOLE, Amount, Input
from app.orders.models import OrderStatus

Quantity = Annotated[int, Field(ge=1, le=1000), WHOLE]
# Beyond what a price can be, so `Money` would describe it wrongly.
Total = Annotated[
    Decimal,
    WithJsonSchema(
        {"type": "string", "pattern": r"^[0-9]{1,15}\.[0-9]{2}$", "examples": ["39.80"]}
    ),
]


class LineCreate(Input):
    """So many of one product; its price is the server's business."""

    product_id: UUID
    quantity: Quantity


def _distinct(lines: list[LineCreate]) -> list[LineCreate]:
    if len({line.product_id for line in lines}) < len(lines):
        raise PydanticCustomError("product_repeated", "must name each product once")
    return lines


class OrderCreate(Input):
    """What somebody wants; whose order it is, the credential says."""

    items: Annotated[
        list[LineCreate], Field(min_length=1, max_length=50), AfterValidator(_distinct)
    ]


class LineRead(BaseModel):
    """What was sold: `sku` and `unit_price` are those of the moment it was."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    product_id: UUID
    sku: str
    quantity: int
    unit_price: Amount


class OrderRead(Dated):
    """An order as its owner sees it, its lines as they were asked for."""

    status: OrderStatus
    total: Total
    items: list[LineRead]  # of any Sequence, pydantic checks each item in Python
    version: int
    updated_at: datetime


class OrderQuery(CursorQuery):
    """Newest first, of one status or of any."""

    status: OrderStatus | None = None
