"""One catalogue over two processes that share a cache: loaded once, and never out of date."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.core.database import Database
from app.users.models import Role
from tests.people import a_person, signed_in
from tests.products.factories import product
from tests.system.storm import storm
from tests.system.twins import Twin, twins

pytestmark = pytest.mark.system

PRODUCTS = "/api/v1/products"
MISSES = 500
UPDATES = 60
READERS = 6


@pytest.fixture(scope="module")
async def both(
    servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Sequence[Twin]]:
    async with twins(servers, tmp_path_factory.mktemp("both")) as started:
        yield started


@pytest.fixture
async def processes(
    both: Sequence[Twin], application: FastAPI, database: Database
) -> Sequence[httpx2.AsyncClient]:
    """Two of them; whoever talks to them is an admin."""
    clients = [each.client for each in both]
    async with signed_in(application, await a_person(database, role=Role.ADMIN)) as admin:
        for client in clients:
            client.headers["Authorization"] = admin.headers["Authorization"]
    return clients


async def created(client: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await client.post(PRODUCTS, json=product())
    made: dict[str, Any] = answer.raise_for_status().json()
    return made


async def waiting(database: Database) -> int:
    """Queries that wait for a lock."""
    async with database.reading() as session:
        return int(
            await session.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database()"
                )
            )
            or 0
        )


async def test_of_many_misses_at_once_one_query_per_process_waits_for_the_table(
    processes: Sequence[httpx2.AsyncClient], database: Database
) -> None:
    made = await created(processes[0])
    path = f"{PRODUCTS}/{made['id']}"
    async with database.unit_of_work() as work:
        await work.session.execute(text("LOCK TABLE products IN ACCESS EXCLUSIVE MODE"))
        share = MISSES // len(processes)
        misses = [
            asyncio.ensure_future(storm(process, path, {}, requests=share, at_once=share))
            for process in processes
        ]
        seen = {await waiting(database)}
        while max(seen) < len(processes):
            seen.add(await waiting(database))
        for _ in range(20):
            await asyncio.sleep(0.02)
            seen.add(await waiting(database))
        assert max(seen) == len(processes)

    for answers in await asyncio.gather(*misses):
        ((status, body),) = answers
        assert (status, json.loads(body), answers.total()) == (200, made, share)


async def test_no_reader_sees_less_than_the_last_answered_update(
    processes: Sequence[httpx2.AsyncClient],
) -> None:
    path = f"{PRODUCTS}/{(await created(processes[0]))['id']}"
    answered, done = 1, False
    reads: list[tuple[int, int, int]] = []

    async def read(number: int) -> None:
        while not done:
            least = answered
            one, page = await asyncio.gather(
                processes[number % 2].get(path), processes[(number + 1) % 2].get(PRODUCTS)
            )
            reads.append((least, one.json()["version"], page.json()["data"][0]["version"]))

    readers = [asyncio.ensure_future(read(number)) for number in range(READERS)]
    for number in range(UPDATES):
        update = await processes[number % 2].patch(path, json={"stock": number})
        answered = update.raise_for_status().json()["version"]
    done = True
    await asyncio.gather(*readers)

    assert answered == UPDATES + 1
    assert len(reads) > UPDATES
    assert [read for read in reads if min(read[1:]) < read[0]] == []


async def test_what_was_rolled_back_shows_nowhere_and_what_was_deleted_is_gone_everywhere(
    processes: Sequence[httpx2.AsyncClient],
) -> None:
    for number in range(10):
        one, other = (processes[(number + turn) % 2] for turn in (0, 1))
        taken, made = await created(one), await created(one)
        path = f"{PRODUCTS}/{made['id']}"
        for process in processes:
            assert (await process.get(path)).json() == made

        refused = await one.patch(path, json={"name": "Never", "sku": taken["sku"]})
        assert refused.status_code == 409
        assert [(await each.get(path)).json() for each in processes] == [made, made]

        (await other.delete(path)).raise_for_status()
        assert [(await each.get(path)).status_code for each in processes] == [404, 404]
        shown = [item["id"] for item in (await one.get(PRODUCTS)).json()["data"]]
        assert made["id"] not in shown
