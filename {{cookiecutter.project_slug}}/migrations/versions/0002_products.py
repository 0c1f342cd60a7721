"""Products."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002_products"
down_revision: str | Sequence[str] | None = "0001_core"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ON_SALE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.String(2000), server_default="", nullable=False),
        sa.Column("price", sa.Numeric(12, 2), nullable=False),
        sa.Column("stock", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.CheckConstraint("price >= 0", name="price_not_negative"),
        sa.CheckConstraint("stock >= 0", name="stock_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
    )
    op.create_index("uq_products_sku", "products", ["sku"], unique=True, postgresql_where=ON_SALE)
    for column in ("created_at", "name", "price"):
        op.create_index(
            f"ix_products_{column}", "products", [column, "id"], postgresql_where=ON_SALE
        )
    op.create_index(
        "ix_products_name_prefix",
        "products",
        [sa.func.lower(sa.text("name")).label("name_lower")],
        postgresql_ops={"name_lower": "text_pattern_ops"},
        postgresql_where=ON_SALE,
    )
    for name, condition in (("in_stock", "stock > 0"), ("out_of_stock", "stock = 0")):
        op.create_index(
            f"ix_products_{name}",
            "products",
            ["created_at", "id"],
            postgresql_where=sa.text(f"deleted_at IS NULL AND {condition}"),
        )


def downgrade() -> None:
    op.drop_table("products")
