"""A walk through all of one's orders by cursor: complete while more arrive, cheap to its end."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any

import pytest
from httpx2 import AsyncClient

from app.core.database import Database
from tests.orders.factories import ORDERS, place
from tests.orders.owners import add_many
from tests.people import Person
from tests.products.factories import on_sale

pytestmark = [pytest.mark.system, pytest.mark.measured]

PAGE = 20


async def pages(client: AsyncClient) -> AsyncIterator[tuple[dict[str, Any], list[str]]]:
    """The query of each page and the ids that it holds, from the newest on."""
    query: dict[str, Any] = {"limit": PAGE}
    while True:
        body = (await client.get(ORDERS, params=query)).raise_for_status().json()
        yield query, [order["id"] for order in body["data"]]
        if body["meta"]["next_cursor"] is None:
            return
        query = query | {"cursor": body["meta"]["next_cursor"]}


async def test_every_order_is_seen_once_while_two_hundred_arrive(
    hers: AsyncClient, ada: Person, database: Database
) -> None:
    mug = await on_sale(database, stock=1000)
    await add_many(database, ada.id, mug, 1000)
    there = {order async for _, page in pages(hers) for order in page}
    assert len(there) == 1000

    seen: Counter[str] = Counter()
    async for _, page in pages(hers):
        seen.update(page)
        await asyncio.gather(*[place(hers, (mug, 1)) for _ in range(200 * PAGE // 1000)])

    assert {order: seen[order] for order in there} == dict.fromkeys(there, 1)


async def test_page_five_hundred_costs_what_page_one_does(
    hers: AsyncClient, ada: Person, database: Database
) -> None:
    await add_many(database, ada.id, await on_sale(database), 500 * PAGE)
    walked = [query async for query, _ in pages(hers)]
    first, last = walked[0], walked[499]

    async def cost(query: dict[str, Any]) -> float:
        begun = perf_counter()
        await hers.get(ORDERS, params=query)
        return perf_counter() - begun

    costs = [(await cost(first), await cost(last)) for _ in range(300)]
    # The least of many: whatever else the machine does only ever adds to it.
    at_first, at_last = (min(each) for each in zip(*costs, strict=True))

    assert len(walked) == 500
    assert at_last == pytest.approx(at_first, rel=0.2)
