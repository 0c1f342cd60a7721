"""Orders over HTTP, against the real database."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from app.core.database import Database
from app.products.models import Product
from app.products.repository import ProductRepository
from tests.orders.factories import ORDERS, place, wanting
from tests.products.factories import on_sale

PRODUCTS = "/api/v1/products"


async def stock(client: AsyncClient, product_id: UUID) -> int:
    answer = await client.get(f"{PRODUCTS}/{product_id}")
    return int(answer.json()["stock"])


async def test_a_placed_order_is_answered_whole_and_found_where_it_says(
    hers: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database, sku="MUG", price="12.50", stock=5)
    cap = await on_sale(database, sku="CAP", price="0.10", stock=3)

    answer = await hers.post(ORDERS, json=wanting((mug, 2), (cap, 3)))

    body = answer.json()
    assert answer.status_code == 201
    assert UUID(body["id"]).version == 7
    assert body["items"] == [
        {"product_id": str(mug.id), "sku": "MUG", "quantity": 2, "unit_price": "12.50"},
        {"product_id": str(cap.id), "sku": "CAP", "quantity": 3, "unit_price": "0.10"},
    ]
    assert (body["status"], body["total"], body["version"]) == ("placed", "25.30", 1)
    assert body["created_at"] == body["updated_at"]
    assert body.keys() == {
        *("id", "status", "total", "items", "version", "created_at", "updated_at")
    }
    found = await hers.get(answer.headers["Location"])
    assert found.json() == body
    assert found.headers["ETag"] == answer.headers["ETag"] == '"1"'
    assert found.headers["Cache-Control"] == answer.headers["Cache-Control"] == "no-store"


async def test_an_order_takes_stock_and_changes_the_product_that_everybody_sees(
    hers: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database, stock=5)

    await place(hers, (mug, 2))

    seen = (await hers.get(f"{PRODUCTS}/{mug.id}")).json()
    assert (seen["stock"], seen["version"]) == (3, 2)


async def test_an_order_that_asks_for_too_much_of_one_thing_takes_nothing_of_any(
    hers: AsyncClient, database: Database
) -> None:
    mug, cap = await on_sale(database, stock=5), await on_sale(database, stock=1)

    answer = await hers.post(ORDERS, json=wanting((mug, 2), (cap, 2)))

    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert answer.json()["item"] == 1
    assert (await stock(hers, mug.id), await stock(hers, cap.id)) == (5, 1)
    assert (await hers.get(ORDERS)).json()["data"] == []


async def test_an_order_for_what_is_not_on_sale_says_which_line(
    hers: AsyncClient, database: Database
) -> None:
    mug, gone = await on_sale(database), uuid4()

    answer = await hers.post(ORDERS, json=wanting((mug, 2), (gone, 1)))

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_product")
    (fault,) = answer.json()["errors"]
    assert (fault["loc"], fault["code"]) == (["body", "items", 1, "product_id"], "unknown_product")
    assert str(gone) not in answer.text
    assert await stock(hers, mug.id) == 10


async def test_a_deleted_product_cannot_be_ordered_but_stands_in_orders_and_takes_stock_back(
    hers: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database, sku="MUG", stock=5)
    order = await place(hers, (mug, 2))
    async with database.unit_of_work() as work:
        await ProductRepository(work.session).delete(mug.id)

    again = await hers.post(ORDERS, json=wanting((mug, 1)))
    assert (again.status_code, again.json()["code"]) == (422, "unknown_product")
    assert (await hers.get(f"{ORDERS}/{order['id']}")).json() == order
    assert (await hers.post(f"{ORDERS}/{order['id']}/cancel")).status_code == 200
    async with database.reading() as session:
        assert await session.scalar(select(Product.stock)) == 5


async def test_what_was_paid_stays_when_the_price_changes(
    hers: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database, price="12.50")
    order = await place(hers, (mug, 1))
    async with database.unit_of_work() as work:
        await ProductRepository(work.session).update(mug.id, {"price": Decimal(99), "sku": "NEW"})

    assert (await hers.get(f"{ORDERS}/{order['id']}")).json() == order
    assert (await place(hers, (mug, 1)))["total"] == "99.00"


async def test_a_cancelled_order_gives_its_stock_back_once(
    hers: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database, stock=5)
    order = await place(hers, (mug, 2))
    path = f"{ORDERS}/{order['id']}"

    answer = await hers.post(f"{path}/cancel")
    again = await hers.post(f"{path}/cancel")

    body = answer.json()
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.headers["Cache-Control"] == "no-store"
    changed = {"status": "cancelled", "version": 2, "updated_at": body["updated_at"]}
    assert body == order | changed
    assert body["updated_at"] > order["updated_at"]
    assert (again.status_code, again.json()["code"]) == (409, "not_cancellable")
    assert (await hers.get(path)).json() == body
    assert await stock(hers, mug.id) == 5


async def test_an_order_cancelled_by_many_at_once_is_cancelled_by_one(
    hers: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database, stock=5)
    order = await place(hers, (mug, 2))

    answers = await asyncio.gather(
        *[hers.post(f"{ORDERS}/{order['id']}/cancel") for _ in range(10)]
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert await stock(hers, mug.id) == 5


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 200),
        ('W/"1"', 200),
        ("*", 200),
        ('"0", "1"', 200),
        ('"2"', 412),
        ("", 412),
        ("1", 400),
    ],
)
async def test_a_cancellation_can_be_bound_to_the_version_that_was_read(
    hers: AsyncClient, database: Database, if_match: str, status: int
) -> None:
    mug = await on_sale(database, stock=5)
    order = await place(hers, (mug, 2))

    answer = await hers.post(f"{ORDERS}/{order['id']}/cancel", headers={"If-Match": if_match})

    assert answer.status_code == status
    assert await stock(hers, mug.id) == (5 if status == 200 else 3)
    if status == 412:
        assert answer.json()["code"] == "version_conflict"


async def test_a_version_that_is_no_more_is_told_before_that_nothing_is_left_to_cancel(
    hers: AsyncClient, database: Database
) -> None:
    order = await place(hers, (await on_sale(database), 1))
    path = f"{ORDERS}/{order['id']}/cancel"
    await hers.post(path)

    assert (await hers.post(path, headers={"If-Match": '"1"'})).status_code == 412
    assert (await hers.post(path, headers={"If-Match": '"2"'})).status_code == 409


@pytest.mark.parametrize("known", ['"1"', 'W/"1"', "*", '"7", "1"'])
async def test_a_client_that_knows_the_version_gets_no_body(
    hers: AsyncClient, database: Database, known: str
) -> None:
    order = await place(hers, (await on_sale(database), 1))
    path = f"{ORDERS}/{order['id']}"

    answer = await hers.get(path, headers={"If-None-Match": known})

    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["ETag"], answer.headers["Cache-Control"]) == ('"1"', "no-store")
    assert "Vary" in answer.headers
    other = await hers.get(path, headers={"If-None-Match": '"9"'})
    assert (other.status_code, other.json()) == (200, order)


async def test_a_list_is_walked_by_its_cursors_newest_first(
    hers: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database)
    placed = [await place(hers, (mug, 1)) for _ in range(5)]
    walked, query = [], {"limit": "2"}
    while True:
        answer = await hers.get(ORDERS, params=query)
        body = answer.json()
        walked.append(body["data"])
        assert (answer.headers["Cache-Control"], body["meta"]["limit"]) == ("no-store", 2)
        if body["meta"]["next_cursor"] is None:
            break
        query["cursor"] = body["meta"]["next_cursor"]

    assert [len(page) for page in walked] == [2, 2, 1]
    assert [order for page in walked for order in page] == placed[::-1]


async def test_a_list_is_filtered_by_status_and_a_cursor_belongs_to_its_filter(
    hers: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database)
    placed = [await place(hers, (mug, 1)) for _ in range(3)]
    await hers.post(f"{ORDERS}/{placed[1]['id']}/cancel")

    async def ids(**query: str) -> list[str]:
        answer = await hers.get(ORDERS, params=query)
        return [order["id"] for order in answer.json()["data"]]

    assert await ids(status="cancelled") == [placed[1]["id"]]
    assert await ids(status="placed") == [placed[2]["id"], placed[0]["id"]]
    first = await hers.get(ORDERS, params={"status": "placed", "limit": "1"})
    cursor = first.json()["meta"]["next_cursor"]
    assert await ids(status="placed", limit="1", cursor=cursor) == [placed[0]["id"]]
    other = await hers.get(ORDERS, params={"limit": "1", "cursor": cursor})
    assert (other.status_code, other.json()["code"]) == (422, "validation_failed")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "cursor=x", "status=lost", "status=", "page=2", "user_id=1"],
)
async def test_a_query_that_asks_for_something_else_is_refused(
    hers: AsyncClient, query: str
) -> None:
    answer = await hers.get(f"{ORDERS}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


LINE = {"product_id": str(uuid4()), "quantity": 1}


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({}, ["items"]),
        ({"items": []}, ["items"]),
        ({"items": None}, ["items"]),
        ({"items": [LINE, LINE]}, ["items"]),
        ({"items": [LINE | {"product_id": str(uuid4())} for _ in range(51)]}, ["items"]),
        ({"items": [LINE | {"quantity": 0}]}, ["items", 0, "quantity"]),
        ({"items": [LINE | {"quantity": 1001}]}, ["items", 0, "quantity"]),
        ({"items": [LINE | {"quantity": 1.5}]}, ["items", 0, "quantity"]),
        ({"items": [LINE | {"quantity": "1"}]}, ["items", 0, "quantity"]),
        ({"items": [LINE | {"quantity": True}]}, ["items", 0, "quantity"]),
        ({"items": [LINE | {"product_id": "1"}]}, ["items", 0, "product_id"]),
        ({"items": [LINE | {"unit_price": "0.01"}]}, ["items", 0, "unit_price"]),
        ({"items": [LINE], "total": "0.01"}, ["total"]),
        ({"items": [LINE], "user_id": str(uuid4())}, ["user_id"]),
        ({"items": [LINE], "status": "cancelled"}, ["status"]),
    ],
)
async def test_a_body_with_anything_wrong_in_it_is_refused(
    hers: AsyncClient, body: dict[str, Any], loc: list[str | int]
) -> None:
    answer = await hers.post(ORDERS, json=body)

    assert answer.status_code == 422, answer.text
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", *loc]]


async def test_the_largest_order_is_taken(hers: AsyncClient, database: Database) -> None:
    products = [await on_sale(database, price="9999999999.99", stock=1000) for _ in range(50)]

    order = await place(hers, *[(each, 1000) for each in products])

    assert order["total"] == "499999999999500.00"
    assert [item["product_id"] for item in order["items"]] == [str(each.id) for each in products]


async def test_a_program_does_for_its_owner_what_its_key_is_for(
    hers: AsyncClient, client: AsyncClient, database: Database
) -> None:
    body = wanting((await on_sale(database), 1))
    statuses = {}
    for scope in ("orders:read", "orders:write"):
        made = await hers.post("/api/v1/auth/api-keys", json={"name": "shop", "scopes": [scope]})
        key = {"X-API-Key": made.json()["key"]}
        written = await client.post(ORDERS, json=body, headers=key)
        read = await client.get(ORDERS, headers=key)
        statuses[scope] = (read.status_code, written.status_code)

    assert statuses == {"orders:read": (200, 403), "orders:write": (403, 201)}
    assert len((await hers.get(ORDERS)).json()["data"]) == 1
