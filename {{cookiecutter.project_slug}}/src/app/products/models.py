"""The table of products; a deleted one keeps its row and is gone from every read."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, DateTime, Index, Numeric, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model, Resource

_ALIVE = text("deleted_at IS NULL")


class Product(Resource, Model):
    """`version` counts the changes, for clients that must not overwrite each other's."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        Index("uq_products_sku", "sku", unique=True, postgresql_where=_ALIVE),
        Index("ix_products_created_at", "created_at", "id", postgresql_where=_ALIVE),
        Index("ix_products_name", "name", "id", postgresql_where=_ALIVE),
        Index("ix_products_price", "price", "id", postgresql_where=_ALIVE),
        Index(
            "ix_products_name_prefix",
            func.lower(text("name")).label("name"),
            postgresql_ops={"name": "text_pattern_ops"},
            postgresql_where=_ALIVE,
        ),
        Index(
            "ix_products_in_stock",
            "created_at",
            "id",
            postgresql_where=text("deleted_at IS NULL AND stock > 0"),
        ),
        Index(
            "ix_products_out_of_stock",
            "created_at",
            "id",
            postgresql_where=text("deleted_at IS NULL AND stock = 0"),
        ),
        Index(
            "ix_products_deleted_at", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")
        ),
    )

    sku: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(2000), server_default="")
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    stock: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {**Model.__mapper_args__, "version_id_col": version}  # noqa: RUF012 - SQLAlchemy's
