"""What an order takes from stock shows at once, in whatever process the product is read."""

from collections.abc import Sequence
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from app.core.database import Database
from tests.people import a_person, signed_in
from tests.products.factories import on_sale
from tests.system.twins import twins

pytestmark = pytest.mark.system

PRODUCTS, ORDERS = "/api/v1/products", "/api/v1/orders"


async def shown(processes: Sequence[httpx2.AsyncClient], product: str) -> list[tuple[int, int]]:
    """Stock as the product and as the list of the catalogue show it, in each process."""
    seen = []
    for process in processes:
        one, page = await process.get(f"{PRODUCTS}/{product}"), await process.get(PRODUCTS)
        seen.append((one.json()["stock"], page.json()["data"][0]["stock"]))
    return seen


async def test_an_order_in_one_process_is_seen_by_readers_of_the_other(
    servers: dict[str, str], application: FastAPI, database: Database, tmp_path: Path
) -> None:
    mug = str((await on_sale(database, stock=5)).id)
    async with (
        signed_in(application, await a_person(database)) as buyer,
        twins(servers, tmp_path) as both,
    ):
        processes = [each.client for each in both]
        for process in processes:
            process.headers["Authorization"] = buyer.headers["Authorization"]
        assert await shown(processes, mug) == [(5, 5)] * 2

        line = {"product_id": mug, "quantity": 2}
        placed = await processes[0].post(ORDERS, json={"items": [line]})
        assert await shown(processes, mug) == [(3, 3)] * 2

        refused = await processes[1].post(ORDERS, json={"items": [line | {"quantity": 4}]})
        assert refused.status_code == 409
        assert await shown(processes, mug) == [(3, 3)] * 2

        await processes[1].post(f"{placed.headers['Location']}/cancel")
        assert await shown(processes, mug) == [(5, 5)] * 2
