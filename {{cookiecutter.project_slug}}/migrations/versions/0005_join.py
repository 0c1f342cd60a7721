"""Joins the histories of the features that are there."""

from collections.abc import Sequence

revision: str = "0005_join"
down_revision: str | Sequence[str] | None = (
    "0003_identity",
    "0004_audit",
    "0002_products",  # feature: example
)
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
