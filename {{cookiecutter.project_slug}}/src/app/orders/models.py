"""The tables of orders; row-level security shows each only to whoever placed it."""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model, Resource
from app.core.roles import PROTECTED


class OrderStatus(StrEnum):
    """A cancelled order stays; what it took from stock went back."""

    PLACED = "placed"
    CANCELLED = "cancelled"


class Order(Resource, Model):
    """`total` has room for 50 lines of 1000 of the dearest product."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("status IN ('placed', 'cancelled')", name="status_known"),
        CheckConstraint("total >= 0", name="total_not_negative"),
        UniqueConstraint("id", "user_id"),
        Index("ix_orders_user_id", "user_id", "created_at", "id"),
        Index("ix_orders_user_id_status", "user_id", "status", "created_at", "id"),
        # For the purge alone: rows lie in the order of their time, so a few bytes per 128 pages do.
        Index("ix_orders_created_at", "created_at", postgresql_using="brin"),
        PROTECTED,
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    status: Mapped[str] = mapped_column(String(16), server_default=OrderStatus.PLACED)
    total: Mapped[Decimal] = mapped_column(Numeric(17, 2))
    version: Mapped[int] = mapped_column(server_default="1")


class OrderLine(Model):
    """What was sold at which price, whatever becomes of the product; `position` as it was asked.

    `user_id` is the order's own, so that a policy needs no look at another table.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
        ForeignKeyConstraint(
            ["order_id", "user_id"], ["orders.id", "orders.user_id"], ondelete="CASCADE"
        ),
        Index("ix_order_lines_product_id", "product_id"),
        PROTECTED,
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    user_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(SmallInteger)
    sku: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
