"""How long orders are kept, and the products that they name."""

from pydantic import Field

from app.core.settings import Settings


class OrderSettings(Settings):
    """Days from placing an order, for ever where nobody says, and from taking a product off sale.

    A product stays as long as an order names it.
    """

    order_retention_days: int | None = Field(default=None, gt=0)
    product_retention_days: int = Field(default=365, gt=0)
