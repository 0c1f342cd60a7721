"""What crosses the boundary: products as clients write, ask for and read them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from app.core.pagination import PageQuery
from app.core.text import WHOLE, Input, Money, Text

Sku = Annotated[Text, Field(min_length=1, max_length=64, examples=["MUG-BLUE"])]
Name = Annotated[Text, Field(min_length=1, max_length=200, examples=["Blue mug"])]
Description = Annotated[Text, Field(max_length=2000)]
Stock = Annotated[int, Field(ge=0, le=1_000_000_000), WHOLE]


class ProductCreate(Input):
    """What a product needs to exist."""

    sku: Sku
    name: Name
    description: Description = ""
    price: Money
    stock: Stock = 0


class ProductUpdate(Input):
    """The fields to change; those left out stay as they are, and none can be emptied by null."""

    sku: Sku | MISSING = MISSING
    name: Name | MISSING = MISSING
    description: Description | MISSING = MISSING
    price: Money | MISSING = MISSING
    stock: Stock | MISSING = MISSING


class ProductRead(BaseModel):
    """A product as everyone sees it."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    sku: str
    name: str
    description: str
    price: Money
    stock: int
    version: int
    created_at: datetime
    updated_at: datetime


class ProductQuery(PageQuery):
    """`name` is a prefix in any case; the price bounds belong to the range."""

    name: Text | None = Field(default=None, max_length=200)
    min_price: Money | None = None
    max_price: Money | None = None
    in_stock: bool | None = None
    sort: Literal["created_at", "-created_at", "name", "-name", "price", "-price"] = "-created_at"
