"""Valid requests, to be made invalid or particular by the tests that need it."""

from itertools import count
from typing import Any

_numbers = count(1)


def product(**fields: Any) -> dict[str, Any]:  # JSON of any shape, also a wrong one
    """The body of `POST /products`; its sku is always new."""
    number = next(_numbers)
    return {"sku": f"SKU-{number}", "name": f"Product {number}", "price": "9.90"} | fields
