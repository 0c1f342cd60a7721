"""Somebody else's order is not there: by the queries, and without them by the database alone."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from httpx2 import AsyncClient, Response

from app.core.database import Database
from app.orders import dependencies
from app.orders.repository import OrderRepository
from app.orders.router import router
from tests.orders.factories import ORDERS, place, wanting
from tests.orders.owners import Unscoped
from tests.products.factories import on_sale

VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PATHS = sorted({route.path for route in router.routes if isinstance(route, APIRoute)} - {ORDERS})
CONDITIONS: list[dict[str, str]] = [{}, {"If-Match": '"1"'}, {"If-None-Match": '"1"'}]


@pytest.fixture(params=[OrderRepository, Unscoped], ids=["scoped", "unscoped"])
def _repository(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "OrderRepository", request.param)


def told(answer: Response, order_id: str) -> tuple[int, dict[str, str], str]:
    """All that the answer says, but for the ids of the request and of the order."""
    own = (answer.headers["X-Request-ID"], order_id)
    headers = {name: text for name, text in answer.headers.items() if name != "x-request-id"}
    body = answer.text
    for each in own:
        body = body.replace(each, "")
    return answer.status_code, headers, body


def test_there_are_routes_to_one_order() -> None:
    assert [path.removeprefix(ORDERS) for path in PATHS] == ["/{order_id}", "/{order_id}/cancel"]


@pytest.mark.usefixtures("_repository")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("verb", VERBS)
async def test_somebody_elses_order_answers_like_one_that_never_was(
    hers: AsyncClient, his: AsyncClient, database: Database, verb: str, path: str
) -> None:
    order = await place(hers, (await on_sale(database), 1))
    missing = str(uuid4())

    for condition in CONDITIONS:
        asked = {
            each: await his.request(verb, path.format(order_id=each), headers=condition)
            for each in (order["id"], missing)
        }
        foreign, never = (told(answer, each) for each, answer in asked.items())
        assert foreign == never
        assert foreign[0] in {404, 405}

    assert (await hers.get(f"{ORDERS}/{order['id']}")).json() == order


@pytest.mark.usefixtures("_repository")
async def test_nobody_finds_somebody_elses_order_in_a_list(
    hers: AsyncClient, his: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database)
    theirs = [await place(hers, (mug, 1)) for _ in range(3)]
    mine = await place(his, (mug, 1))
    cursor = (await hers.get(ORDERS, params={"limit": 1})).json()["meta"]["next_cursor"]

    async def seen(client: AsyncClient, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await client.get(ORDERS, params=query)).json()["data"]
        return found

    assert await seen(his) == await seen(his, status="placed") == [mine]
    assert await seen(his, cursor=cursor) == []  # signed or not, a cursor opens nothing
    assert await seen(hers) == theirs[::-1]


@pytest.mark.usefixtures("_repository")
async def test_everybody_does_everything_with_their_own(
    hers: AsyncClient, database: Database
) -> None:
    order = await place(hers, (await on_sale(database), 1))
    path = f"{ORDERS}/{order['id']}"

    statuses = [
        (await hers.get(path)).status_code,
        (await hers.get(ORDERS)).status_code,
        (await hers.post(f"{path}/cancel")).status_code,
        (await hers.post(ORDERS, json=wanting())).status_code,
    ]

    assert statuses == [200, 200, 200, 422]
