"""The catalogue as the cache shows it: never older than the last answered change."""

from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from app.core.database import Database
from tests.products.factories import product
from tests.products.test_router import PRODUCTS, create, names
from tests.queries import statements


async def test_what_was_read_once_needs_no_query(
    admin: AsyncClient, client: AsyncClient, database: Database
) -> None:
    path = f"{PRODUCTS}/{(await create(admin))['id']}"
    first, page = await client.get(path), await client.get(PRODUCTS)

    with statements(database) as sent:
        assert (await client.get(path)).content == first.content
        assert (await client.get(PRODUCTS)).content == page.content

    assert sent == []


async def test_a_changed_product_is_shown_at_once_and_in_every_list(
    admin: AsyncClient, client: AsyncClient
) -> None:
    path = f"{PRODUCTS}/{(await create(admin, name='Mug'))['id']}"
    await client.get(path)
    assert await names(client) == await names(client, name="mug") == ["Mug"]

    changed = await admin.patch(path, json={"name": "Cup"})

    shown = await client.get(path)
    assert (shown.json(), shown.headers["ETag"]) == (changed.json(), '"2"')
    assert await names(client) == await names(client, name="cup") == ["Cup"]
    assert await names(client, name="mug") == []


async def test_a_refused_change_leaves_what_is_kept(
    admin: AsyncClient, client: AsyncClient, database: Database
) -> None:
    taken = await create(admin)
    path = f"{PRODUCTS}/{(await create(admin))['id']}"
    before = await client.get(path)

    refused = await admin.patch(path, json={"name": "Never", "sku": taken["sku"]})

    assert refused.status_code == 409
    with statements(database) as sent:
        assert (await client.get(path)).content == before.content
    assert sent == []


async def test_a_deleted_product_is_gone_at_once(admin: AsyncClient, client: AsyncClient) -> None:
    path = f"{PRODUCTS}/{(await create(admin))['id']}"
    await client.get(path)
    await names(client)

    await admin.delete(path)

    assert (await client.get(path)).status_code == 404
    assert await names(client) == []


async def test_a_new_product_is_in_the_list_at_once(
    admin: AsyncClient, client: AsyncClient
) -> None:
    assert await names(client) == []

    await admin.post(PRODUCTS, json=product(name="Mug"))

    assert await names(client) == ["Mug"]


async def test_that_there_is_none_is_kept_too(client: AsyncClient, database: Database) -> None:
    path = f"{PRODUCTS}/{uuid4()}"
    assert (await client.get(path)).status_code == 404

    with statements(database) as sent:
        assert (await client.get(path)).status_code == 404

    assert sent == []


@pytest.mark.parametrize("query", ["limit=5", "name=a", "sort=name", "page=2", "in_stock=false"])
async def test_another_query_is_kept_apart(
    admin: AsyncClient, client: AsyncClient, query: str
) -> None:
    for name in ("Bag", "Mug"):
        await admin.post(PRODUCTS, json=product(name=name, stock=1))
    await client.get(PRODUCTS)

    first = await client.get(f"{PRODUCTS}?{query}")
    again = await client.get(f"{PRODUCTS}?{query}")

    assert first.content == again.content != (await client.get(PRODUCTS)).content


async def test_a_kept_page_has_the_headers_of_a_loaded_one(client: AsyncClient) -> None:
    loaded, kept = [await client.get(PRODUCTS) for _ in range(2)]

    assert kept.headers["Cache-Control"] == loaded.headers["Cache-Control"] == "no-cache"
    assert "ETag" not in kept.headers


async def test_a_query_that_was_refused_is_refused_again(client: AsyncClient) -> None:
    answers = [await client.get(f"{PRODUCTS}?limit=0") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [422, 422]
