"""Orders, each for its owner alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.core.roles import protect

revision: str = "0008_orders"
down_revision: str | Sequence[str] | None = "0006_row_level_security"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _find_the_deleted()
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(16), server_default="placed", nullable=False),
        sa.Column("total", sa.Numeric(17, 2), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.CheckConstraint("status IN ('placed', 'cancelled')", name="status_known"),
        sa.CheckConstraint("total >= 0", name="total_not_negative"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_orders_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("id", "user_id", name="uq_orders_id_user_id"),
    )
    op.create_index("ix_orders_user_id", "orders", ["user_id", "created_at", "id"])
    op.create_index("ix_orders_user_id_status", "orders", ["user_id", "status", "created_at", "id"])
    op.create_index("ix_orders_created_at", "orders", ["created_at"], postgresql_using="brin")
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(12, 2), nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
        sa.ForeignKeyConstraint(
            ["order_id", "user_id"],
            ["orders.id", "orders.user_id"],
            name="fk_order_lines_order_id_user_id_orders",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name="fk_order_lines_product_id_products"
        ),
        sa.PrimaryKeyConstraint("order_id", "product_id", name="pk_order_lines"),
    )
    op.create_index("ix_order_lines_product_id", "order_lines", ["product_id"])
    for table in ("orders", "order_lines"):
        for statement in protect(table):
            op.execute(statement)


def _find_the_deleted() -> None:
    """On a table in use, so without stopping its writers; what a failed attempt left goes first."""
    name, table = "ix_products_deleted_at", "products"
    with op.get_context().autocommit_block():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            ["deleted_at"],
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index("ix_products_deleted_at", "products")
    op.drop_table("order_lines")
    op.drop_table("orders")
