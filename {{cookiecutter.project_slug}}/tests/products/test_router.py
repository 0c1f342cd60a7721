"""The catalogue over HTTP, against the real database."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI

from app.core.database import Database
from tests.people import a_person, signed_in
from tests.products.factories import product

PRODUCTS = "/api/v1/products"


async def create(client: httpx2.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(PRODUCTS, json=product(**fields))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def names(client: httpx2.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(PRODUCTS, params=query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["data"]]


async def test_a_created_product_is_answered_whole_and_found_where_it_says(
    admin: httpx2.AsyncClient,
) -> None:
    answer = await admin.post(
        PRODUCTS, json={"sku": "MUG", "name": "Mug", "price": "12.5", "stock": 3}
    )

    body = answer.json()
    assert answer.status_code == 201
    assert UUID(body["id"]).version == 7
    assert body | {"sku": "MUG", "name": "Mug", "description": "", "stock": 3} == body
    assert (body["price"], body["version"]) == ("12.50", 1)
    assert body["created_at"] == body["updated_at"]
    assert body["created_at"].endswith("Z")
    found = await admin.get(answer.headers["Location"])
    assert found.json() == body
    assert found.headers["ETag"] == answer.headers["ETag"] == '"1"'


WRITES = [
    ("POST", PRODUCTS),
    ("PATCH", f"{PRODUCTS}/{UUID(int=7)}"),
    ("DELETE", f"{PRODUCTS}/{UUID(int=7)}"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_a_stranger_changes_nothing(
    client: httpx2.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path, json=product())

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert await names(client) == []


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_a_user_changes_nothing(
    application: FastAPI, database: Database, method: str, path: str
) -> None:
    async with signed_in(application, await a_person(database)) as user:
        answer = await user.request(method, path, json=product())

        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert await names(user) == []


@pytest.mark.parametrize(("scope", "status"), [("products:write", 201), ("users:write", 403)])
async def test_a_program_changes_products_with_a_key_for_that(
    admin: httpx2.AsyncClient, client: httpx2.AsyncClient, scope: str, status: int
) -> None:
    made = await admin.post("/api/v1/auth/api-keys", json={"name": "import", "scopes": [scope]})

    key = {"X-API-Key": made.json()["key"]}
    answer = await client.post(PRODUCTS, json=product(), headers=key)

    assert answer.status_code == status


async def test_everybody_reads(admin: httpx2.AsyncClient, client: httpx2.AsyncClient) -> None:
    made = await create(admin, name="Mug")

    assert await names(client) == ["Mug"]
    assert (await client.get(f"{PRODUCTS}/{made['id']}")).json() == made


async def test_two_products_on_sale_cannot_share_a_sku(admin: httpx2.AsyncClient) -> None:
    await create(admin, sku="MUG")

    answer = await admin.post(PRODUCTS, json=product(sku="MUG"))

    assert (answer.status_code, answer.json()["code"]) == (409, "sku_taken")


async def test_a_deleted_product_is_gone_from_every_read_and_frees_its_sku(
    admin: httpx2.AsyncClient,
) -> None:
    gone = await create(admin, sku="MUG")
    path = f"{PRODUCTS}/{gone['id']}"

    assert (await admin.delete(path)).status_code == 204

    assert (await admin.get(path)).status_code == 404
    assert (await admin.patch(path, json={"name": "Ghost"})).status_code == 404
    assert (await admin.delete(path)).status_code == 404
    assert await names(admin) == []
    await create(admin, sku="MUG")


async def test_a_patch_changes_what_it_names_and_counts_the_version_up(
    admin: httpx2.AsyncClient,
) -> None:
    before = await create(admin, name="Mug", price="5.00", stock=2)

    answer = await admin.patch(f"{PRODUCTS}/{before['id']}", json={"price": "6.00"})

    after = answer.json()
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"2"'
    assert after == before | {"price": "6.00", "version": 2, "updated_at": after["updated_at"]}
    assert after["updated_at"] > before["updated_at"]


async def test_an_empty_patch_changes_nothing(admin: httpx2.AsyncClient) -> None:
    before = await create(admin)

    answer = await admin.patch(f"{PRODUCTS}/{before['id']}", json={})

    assert (answer.status_code, answer.json()) == (200, before)


async def test_a_patch_cannot_take_another_products_sku(admin: httpx2.AsyncClient) -> None:
    await create(admin, sku="MUG")
    other = await create(admin, sku="CAP")

    answer = await admin.patch(f"{PRODUCTS}/{other['id']}", json={"sku": "MUG"})

    assert (answer.status_code, answer.json()["code"]) == (409, "sku_taken")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"1"', None), ('W/"1"', None), ("*", None), ('"0", "1"', None), ('"2"', 412), ("1", 400)],
)
async def test_a_change_can_be_bound_to_the_version_that_was_read(
    admin: httpx2.AsyncClient, method: str, if_match: str, status: int | None
) -> None:
    read = await create(admin)

    answer = await admin.request(
        method,
        f"{PRODUCTS}/{read['id']}",
        json={"name": "New"} if method == "PATCH" else None,
        headers={"If-Match": if_match},
    )

    assert answer.status_code == (status or (200 if method == "PATCH" else 204))
    if status == 412:
        assert answer.json()["code"] == "version_conflict"


@pytest.mark.parametrize("known", ['"1"', 'W/"1"', "*", '"7", "1"'])
async def test_a_client_that_knows_the_version_gets_no_body(
    admin: httpx2.AsyncClient, known: str
) -> None:
    made = await create(admin)

    answer = await admin.get(f"{PRODUCTS}/{made['id']}", headers={"If-None-Match": known})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Vary" in answer.headers


async def test_a_client_that_knows_another_version_gets_the_product(
    admin: httpx2.AsyncClient,
) -> None:
    made = await create(admin)

    answer = await admin.get(f"{PRODUCTS}/{made['id']}", headers={"If-None-Match": '"9"'})

    assert (answer.status_code, answer.json()) == (200, made)


async def test_the_newest_product_comes_first(admin: httpx2.AsyncClient) -> None:
    for name in ("first", "second", "third"):
        await create(admin, name=name)

    assert await names(admin) == ["third", "second", "first"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("created_at", ["b", "c", "a"]),
        ("-created_at", ["a", "c", "b"]),
        ("name", ["a", "b", "c"]),
        ("-name", ["c", "b", "a"]),
        ("price", ["c", "a", "b"]),
        ("-price", ["b", "a", "c"]),
    ],
)
async def test_a_list_is_sorted_as_asked(
    admin: httpx2.AsyncClient, sort: str, expected: list[str]
) -> None:
    for name, price in (("b", "30.00"), ("c", "4.00"), ("a", "20.00")):
        await create(admin, name=name, price=price)

    assert await names(admin, sort=sort) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"name": "mug"}, ["Mug 50%", "mug blue"]),
        ({"name": "MUG 50%"}, ["Mug 50%"]),
        ({"name": "_ug"}, []),
        ({"name": "%"}, []),
        ({"name": "ÄRM"}, ["Ärmel"]),
        ({"min_price": "20.00"}, ["cap", "Ärmel"]),
        ({"max_price": "20.00"}, ["Mug 50%", "cap", "mug blue"]),
        ({"min_price": "15", "max_price": "25"}, ["cap"]),
        ({"in_stock": "true"}, ["mug blue"]),
        ({"in_stock": "false"}, ["Mug 50%", "cap", "Ärmel"]),
        ({"name": "mug", "in_stock": "true", "max_price": "11"}, ["mug blue"]),
    ],
)
async def test_a_list_is_filtered_as_asked(
    admin: httpx2.AsyncClient, query: dict[str, str], expected: list[str]
) -> None:
    await create(admin, name="mug blue", price="10.00", stock=1)
    await create(admin, name="Mug 50%", price="12.00")
    await create(admin, name="cap", price="20.00")
    await create(admin, name="Ärmel", price="30.00")

    assert sorted(await names(admin, **query)) == sorted(expected)


async def test_a_page_says_where_it_stands(admin: httpx2.AsyncClient) -> None:
    for _ in range(5):
        await create(admin)

    answer = await admin.get(PRODUCTS, params={"page": 2, "limit": 2, "sort": "created_at"})

    assert [item["version"] for item in answer.json()["data"]] == [1, 1]
    assert answer.json()["meta"] == {"page": 2, "limit": 2, "total": 5, "total_capped": False}
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "limit=0",
        "limit=101",
        "page=501&limit=20",
        "page=9223372036854775808",
        "sort=stock",
        "sort=name;drop",
        "min_price=NaN",
        "min_price=-1",
        "max_price=1e3",
        "in_stock=maybe",
        "name=%00",
        "colour=blue",
    ],
)
async def test_a_query_that_asks_for_something_else_is_refused(
    client: httpx2.AsyncClient, query: str
) -> None:
    answer = await client.get(f"{PRODUCTS}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_the_deepest_page_within_reach_is_answered(client: httpx2.AsyncClient) -> None:
    assert await names(client, page=100, limit=100) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"sku": ""},
        {"sku": "x" * 65},
        {"sku": "a\x00b"},
        {"name": ""},
        {"name": "x" * 201},
        {"name": None},
        {"description": "x" * 2001},
        {"price": "-1"},
        {"price": "1.999"},
        {"price": "1e3"},
        {"price": "NaN"},
        {"price": "99999999999"},
        {"price": 9.9},
        {"stock": -1},
        {"stock": 1_000_000_001},
        {"stock": 2**63},
        {"stock": 1.5},
        {"stock": "5"},
        {"stock": True},
        {"id": str(uuid4())},
        {"version": 7},
        {"created_at": "2020-01-01T00:00:00Z"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_body_with_anything_wrong_in_it_is_refused(
    admin: httpx2.AsyncClient, method: str, fields: dict[str, Any]
) -> None:
    made = await create(admin)
    path = PRODUCTS if method == "POST" else f"{PRODUCTS}/{made['id']}"

    answer = await admin.request(method, path, json=product(**fields))

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", *fields]]


async def test_a_whole_number_may_be_written_with_a_point(admin: httpx2.AsyncClient) -> None:
    assert (await create(admin, stock=5.0))["stock"] == 5


@pytest.mark.parametrize("identifier", ["1", "not-a-uuid", "%00", "a" * 5000])
async def test_an_identifier_that_is_none_is_refused(
    client: httpx2.AsyncClient, identifier: str
) -> None:
    answer = await client.get(f"{PRODUCTS}/{identifier}")

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error == {
        "loc": ["path", "product_id"],
        "code": "uuid_parsing",
        "message": "Input should be a valid UUID",
    }


async def test_prices_stay_exact_at_both_ends(admin: httpx2.AsyncClient) -> None:
    for price in ("0", "0.01", "9999999999.99"):
        made = await create(admin, price=price)
        assert Decimal(made["price"]) == Decimal(price)
