"""Whoever repeats a request gets the answer to the first; the work is done once."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import text

from app.core import openapi
from app.core.database import Database
from app.core.opening import LOCK_TIMEOUT
from tests.core.idempotency.conftest import Things
from tests.queries import statements

SHELF = "/shelves/top"
NEW = {"words": "a lamp", "tags": {"red": 1, "old": 2}}
AGE = text("UPDATE idempotency_keys SET created_at = created_at - interval '1 day 1 second'")


async def post(
    talk: AsyncClient, key: str | None = "k", path: str = SHELF, **new: object
) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await talk.post(path, json=NEW | new, headers=headers)


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_without_a_key_each_request_does_the_work(
    talk: AsyncClient, things: Things, database: Database
) -> None:
    with statements(database) as sent:
        answers = [await post(talk, None) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert await things.made() == ["a lamp", "a lamp"]
    assert not [sql for sql, _ in sent if "idempotency_keys" in sql]


async def test_the_answer_to_a_repeated_request_is_the_first_one_to_the_byte(
    talk: AsyncClient, things: Things
) -> None:
    first, again = await post(talk), await post(talk)

    assert again.status_code == first.status_code == 201
    assert again.content == first.content
    for name in ("Content-Type", "Location", "ETag", "Cache-Control"):
        assert again.headers[name] == first.headers[name]
    assert (first.headers.get("Idempotency-Replayed"), await things.made()) == (None, ["a lamp"])
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_only_what_belongs_to_the_answer_is_kept_of_its_headers(talk: AsyncClient) -> None:
    first, again = await post(talk), await post(talk)

    assert first.headers["X-Request-Cost"] == "12"
    assert "X-Request-Cost" not in again.headers
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"tags": {"old": 2, "red": 1}, "words": "a lamp"}',
        b'{"words":"a lamp","tags":{"red":1,"old":2},"parent":null}',
        b'\n{"words": "\\u0061 lamp", "tags": {"red": 1, "old": 2}}',
    ],
    ids=["order", "default", "escape"],
)
async def test_the_same_values_in_another_spelling_are_the_same_request(
    talk: AsyncClient, things: Things, body: bytes
) -> None:
    await post(talk)

    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    again = await talk.post(SHELF, content=body, headers=headers)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert await things.made() == ["a lamp"]


async def test_a_key_is_for_one_request_alone(talk: AsyncClient, things: Things) -> None:
    await post(talk)

    for another in (
        await post(talk, words="a chair"),
        await post(talk, path="/shelves/bottom"),
        await post(talk, path=f"{SHELF}?color=red"),
    ):
        assert told(another) == (422, "idempotency_key_reused")
    assert await things.made() == ["a lamp"]


async def test_each_caller_and_each_route_has_keys_of_its_own(
    talk: AsyncClient, things: Things
) -> None:
    await post(talk)
    await post(talk, path="/empty")
    talk.headers["X-Caller"] = str(uuid4())
    await post(talk)

    assert await things.made() == ["a lamp", "emptied", "a lamp"]


async def test_a_route_without_a_body_takes_keys_too(talk: AsyncClient, things: Things) -> None:
    first, again = await post(talk, path="/empty"), await post(talk, path="/empty")

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert await things.made() == ["emptied"]


async def test_quotes_around_a_key_do_not_count(talk: AsyncClient, things: Things) -> None:
    await post(talk, "8e03978e-40d5-43dd-bc93-6894a57f9324")
    again = await post(talk, '"8e03978e-40d5-43dd-bc93-6894a57f9324"')

    assert again.headers["Idempotency-Replayed"] == "true"
    assert await things.made() == ["a lamp"]


@pytest.mark.parametrize("key", ["k" * 255, "A-z_0.9~:"])
async def test_a_key_may_be_long_and_of_many_kinds(talk: AsyncClient, key: str) -> None:
    assert (await post(talk, key)).status_code == 201


@pytest.mark.parametrize(
    "key", ["", "k" * 256, "two words", "k,l", '"k', 'k"', '""', "ключ".encode().decode("latin-1")]
)
async def test_what_is_no_key_is_refused(talk: AsyncClient, things: Things, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    answer = await talk.post(SHELF, json=NEW, headers=headers)

    assert told(answer) == (400, "invalid_idempotency_key")
    assert await things.made() == []


async def test_two_keys_are_none(talk: AsyncClient, things: Things) -> None:
    headers = [("Idempotency-Key", "k"), ("Idempotency-Key", "k")]
    answer = await talk.post(SHELF, json=NEW, headers=headers)

    assert told(answer) == (400, "invalid_idempotency_key")
    assert await things.made() == []


async def test_a_refusal_frees_the_key(talk: AsyncClient, things: Things) -> None:
    things.refuses_once = True
    assert (await post(talk)).status_code == 409

    answer = await post(talk)

    assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False)
    assert await things.made() == ["a lamp"]


async def test_a_commit_that_fails_frees_the_key(talk: AsyncClient, things: Things) -> None:
    assert (await post(talk, parent=99)).status_code == 500

    assert (await post(talk)).status_code == 201
    assert await things.made() == ["a lamp"]


async def test_an_error_that_is_returned_is_not_kept_either(
    talk: AsyncClient, things: Things
) -> None:
    for _ in range(2):
        assert (await talk.post("/returned", headers={"Idempotency-Key": "k"})).status_code == 400

    assert await things.made() == ["all the same"] * 2


@pytest.fixture
async def first(talk: AsyncClient, things: Things) -> AsyncIterator[asyncio.Task[Response]]:
    """A request that has done its work and not ended."""
    things.goes_on.clear()
    async with asyncio.TaskGroup() as requests:
        running = requests.create_task(post(talk))
        await things.begun.wait()
        yield running
        things.goes_on.set()


async def test_while_the_first_request_runs_the_next_is_told_so_in_a_moment(
    talk: AsyncClient, things: Things, first: asyncio.Task[Response]
) -> None:
    async with asyncio.timeout(1):
        meanwhile = await post(talk)
    things.goes_on.set()
    done = await first

    assert told(meanwhile) == (409, "request_in_progress")
    assert meanwhile.headers["Retry-After"] == "1"
    assert (await post(talk)).content == done.content
    assert await things.made() == ["a lamp"]


async def test_whoever_waits_does_the_work_when_the_first_request_comes_to_nothing(
    talk: AsyncClient, things: Things, first: asyncio.Task[Response], database: Database
) -> None:
    waiting = asyncio.create_task(post(talk))
    await somebody_waits(database)
    things.refuses_once = True
    things.goes_on.set()
    assert (await first).status_code == 409
    assert (await waiting).status_code == 201
    assert await things.made() == ["a lamp"]


async def somebody_waits(database: Database) -> None:
    question = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
    async with database.reading() as session, asyncio.timeout(1):
        while not await session.scalar(question):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)


async def test_of_many_at_once_one_does_the_work(talk: AsyncClient, things: Things) -> None:
    answers = await asyncio.gather(*(post(talk) for _ in range(20)))

    assert {told(answer) for answer in answers} <= {(201, ""), (409, "request_in_progress")}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert await things.made() == ["a lamp"]


async def test_a_key_past_its_time_does_the_work_again_once(
    talk: AsyncClient, things: Things, database: Database
) -> None:
    await post(talk)
    async with database.engine.begin() as connection:
        await connection.execute(AGE)

    answers = await asyncio.gather(*(post(talk, words="a chair") for _ in range(5)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert await things.made() == ["a lamp", "a chair"]


async def test_after_the_claim_locks_are_waited_for_as_ever(talk: AsyncClient) -> None:
    answer = await talk.post("/patience", headers={"Idempotency-Key": "k"})

    assert answer.json() == f"{LOCK_TIMEOUT}ms"


def test_the_document_describes_the_header_and_what_comes_of_it(service: FastAPI) -> None:
    operation = openapi.describe(service)["paths"]["/shelves/{shelf}"]["post"]

    header = next(each for each in operation["parameters"] if each["name"] == "Idempotency-Key")
    assert (header["in"], header["required"]) == ("header", False)
    assert header["schema"]["pattern"].startswith("^(")
    assert {"400", "409", "422"} <= operation["responses"].keys()
