"""Orders at two processes at once: nothing is sold twice, and a key stands for one order."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from app.core.database import Database
from app.orders.models import Order
from app.products.models import Product
from tests.orders.factories import ORDERS, wanting
from tests.people import a_person
from tests.products.factories import on_sale
from tests.system.processes import PATIENCE
from tests.system.twins import Twin, twins

pytestmark = pytest.mark.system

BUYERS = 4
CROWD = 200

type Header = dict[str, str]


@pytest.fixture(scope="module")
async def both(
    servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Twin, Twin]]:
    async with twins(servers, tmp_path_factory.mktemp("both")) as started:
        yield started


@pytest.fixture
async def buyers(both: tuple[Twin, Twin], database: Database) -> list[Header]:
    """By what the service knows each of them."""
    return [await signed_in(both[0], database) for _ in range(BUYERS)]


async def signed_in(service: Twin, database: Database) -> Header:
    person = await a_person(database)
    body = {"email": person.email, "password": person.password}
    answer = await service.client.post("/api/v1/auth/login", json=body)
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


async def sent(service: Twin, body: dict[str, Any], header: Header) -> httpx2.Response:
    """The answer to a client that asks again, as it is told to, while too many others do."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await service.client.post(ORDERS, json=body, headers=header)
            if answer.status_code != 503:
                return answer
            await asyncio.sleep(int(answer.headers["Retry-After"]))


async def at_once(
    both: Sequence[Twin], bodies: Sequence[dict[str, Any]], buyers: Sequence[Header]
) -> list[httpx2.Response]:
    """Each body by another buyer at another process, all together."""
    return await asyncio.gather(
        *[sent(both[n % len(both)], body, buyers[n % len(buyers)]) for n, body in enumerate(bodies)]
    )


def failed_statements(both: Sequence[Twin]) -> list[str]:
    """What the logs tell of; a deadlock too is answered 503, but the pool's is no statement."""
    return [line for each in both for line in each.process.said().splitlines() if "DBAPI" in line]


def outcome(answer: httpx2.Response) -> str:
    """The order's status, or the code of the refusal."""
    told = answer.json()
    return str(told.get("status") if answer.status_code == 201 else told["code"])


async def kept(database: Database) -> tuple[set[int], int]:
    """What is left of the products, and how many orders there are."""
    async with database.unit_of_work() as work:
        await work.as_system()
        left = set(await work.session.scalars(select(Product.stock)))
        return left, await work.session.scalar(select(func.count()).select_from(Order)) or 0


async def test_of_two_hundred_at_once_fifty_get_one_of_fifty(
    both: tuple[Twin, Twin], buyers: list[Header], database: Database
) -> None:
    mug = await on_sale(database, stock=50)

    answers = await at_once(both, [wanting((mug, 1))] * CROWD, buyers)

    assert Counter(map(outcome, answers)) == {"placed": 50, "insufficient_stock": 150}
    assert await kept(database) == ({0}, 50)
    assert failed_statements(both) == []


async def test_orders_that_name_the_same_products_in_other_sequences_do_not_deadlock(
    both: tuple[Twin, Twin], buyers: list[Header], database: Database
) -> None:
    lines = [(await on_sale(database, stock=50), 1) for _ in range(4)]
    bodies = [wanting(*lines), wanting(*lines[::-1])] * (CROWD // 2)

    answers = await at_once(both, bodies, buyers)

    assert Counter(map(outcome, answers)) == {"placed": 50, "insufficient_stock": 150}
    assert await kept(database) == ({0}, 50)
    assert failed_statements(both) == []


async def test_an_order_sent_twenty_times_to_two_processes_is_placed_once(
    both: tuple[Twin, Twin], buyers: list[Header], database: Database
) -> None:
    mug = await on_sale(database, stock=50)
    same = buyers[0] | {"Idempotency-Key": "the-same"}

    answers = await at_once(both, [wanting((mug, 2))] * 20, [same])

    placed = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(placed) == 1
    assert set(map(outcome, answers)) <= {"placed", "request_in_progress"}
    assert await kept(database) == ({48}, 1)


async def test_orders_amid_which_their_process_is_killed_are_placed_once_when_sent_again(
    servers: dict[str, str], database: Database, tmp_path: Path
) -> None:
    body = wanting((await on_sale(database, stock=100), 1))
    async with twins(servers, tmp_path) as (one, other):
        buyer = await signed_in(one, database)
        keyed = [buyer | {"Idempotency-Key": f"order-{number}"} for number in range(60)]

        sending = [asyncio.ensure_future(sent(one, body, each)) for each in keyed]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        one.process.kill()
        first = await asyncio.gather(*sending, return_exceptions=True)
        again = [await until_known(other, body, each) for each in keyed]

    lost = [each for each in first if isinstance(each, httpx2.TransportError)]
    answered = {each.json()["id"] for each in first if isinstance(each, httpx2.Response)}
    assert lost
    assert answered
    assert answered < set(again)
    assert len(set(again)) == len(keyed)
    assert await kept(database) == ({100 - len(keyed)}, len(keyed))


async def until_known(service: Twin, body: dict[str, Any], header: Header) -> str:
    """The order's id, from a client that asks again while it is told that work is in progress."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await sent(service, body, header)
            if outcome(answer) != "request_in_progress":
                return str(answer.raise_for_status().json()["id"])
