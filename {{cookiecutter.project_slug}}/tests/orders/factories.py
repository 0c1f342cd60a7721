"""Orders for tests: what is asked for, and a client who asked."""

from typing import Any
from uuid import UUID

from httpx2 import AsyncClient

from app.products.schemas import ProductRead

ORDERS = "/api/v1/orders"


def wanting(*lines: tuple[ProductRead | UUID, int]) -> dict[str, Any]:
    """The body of `POST /orders` for so many of each product."""
    return {
        "items": [
            {"product_id": str(getattr(what, "id", what)), "quantity": number}
            for what, number in lines
        ]
    }


async def place(client: AsyncClient, *lines: tuple[ProductRead | UUID, int]) -> dict[str, Any]:
    """The order as it was answered."""
    answer = await client.post(ORDERS, json=wanting(*lines))
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order
