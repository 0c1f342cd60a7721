"""Joins the histories of the features that are there."""

from collections.abc import Sequence

revision: str = "0009_join"
down_revision: str | Sequence[str] | None = (
    # A line for each history that ends here.
    "0007_idempotency",
    "0008_orders",  # feature: example
)
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
