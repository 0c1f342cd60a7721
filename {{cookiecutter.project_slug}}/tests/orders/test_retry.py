"""An order that is sent again with its key is placed once."""

import asyncio

from httpx2 import AsyncClient

from app.core.database import Database
from app.products.repository import ProductRepository
from tests.orders.factories import ORDERS, wanting
from tests.products.factories import on_sale

KEY = {"Idempotency-Key": "order-1"}


async def stock(client: AsyncClient, product_id: object) -> int:
    return int((await client.get(f"/api/v1/products/{product_id}")).json()["stock"])


async def test_an_order_that_is_sent_again_is_the_same_order(
    hers: AsyncClient, database: Database
) -> None:
    mug, cap = await on_sale(database), await on_sale(database)
    first = await hers.post(ORDERS, json=wanting((mug, 2), (cap, 1)), headers=KEY)

    again = await hers.post(ORDERS, json=wanting((mug, 2), (cap, 1)), headers=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for header in ("Location", "ETag", "Cache-Control", "Content-Type"):
        assert again.headers[header] == first.headers[header]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert await stock(hers, mug.id) == 8


async def test_a_key_names_one_order_and_each_person_has_keys_of_their_own(
    hers: AsyncClient, his: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database)
    await hers.post(ORDERS, json=wanting((mug, 2)), headers=KEY)

    other = await hers.post(ORDERS, json=wanting((mug, 3)), headers=KEY)
    somebody_elses = await his.post(ORDERS, json=wanting((mug, 3)), headers=KEY)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert somebody_elses.status_code == 201
    assert await stock(hers, mug.id) == 5


async def test_a_refused_order_frees_its_key(hers: AsyncClient, database: Database) -> None:
    mug = await on_sale(database, stock=1)
    body = wanting((mug, 2))
    assert (await hers.post(ORDERS, json=body, headers=KEY)).status_code == 409
    async with database.unit_of_work() as work:
        await ProductRepository(work.session).update(mug.id, {"stock": 2})

    answer = await hers.post(ORDERS, json=body, headers=KEY)

    assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False)


async def test_many_at_once_place_one_order(hers: AsyncClient, database: Database) -> None:
    mug = await on_sale(database)
    body = wanting((mug, 1))

    answers = await asyncio.gather(*[hers.post(ORDERS, json=body, headers=KEY) for _ in range(20)])

    placed = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    refused = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    assert len(placed) == 1
    assert refused <= {"request_in_progress"}
    assert await stock(hers, mug.id) == 9
