"""What comes straight from the cache is what the route itself would have answered."""

from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.gate.conftest import THING, THINGS, Observed, Thing, a_thing

THINGS_PATH = "/api/v1/things"


async def test_the_first_and_every_later_answer_are_alike_but_for_the_tag(
    talk: AsyncClient,
) -> None:
    path = f"{THINGS_PATH}/{a_thing()}"

    loaded, kept = await talk.get(path), await talk.get(path)

    assert kept.status_code == loaded.status_code == 200
    assert kept.content == loaded.content
    assert kept.headers["Content-Type"] == loaded.headers["Content-Type"]
    assert (kept.headers["ETag"], kept.headers["Cache-Control"]) == ('"1"', "no-cache")


@pytest.mark.parametrize("known", ['"1"', 'W/"1"', '"0", "1"', "*"])
async def test_a_client_that_knows_the_version_is_told_so(talk: AsyncClient, known: str) -> None:
    path = f"{THINGS_PATH}/{a_thing()}"
    await talk.get(path)

    answer = await talk.get(path, headers={"If-None-Match": known})

    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["ETag"], answer.headers["Cache-Control"]) == ('"1"', "no-cache")
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("known", ['"2"', '""', "1", "no tag"])
async def test_a_client_that_knows_another_version_gets_this_one(
    talk: AsyncClient, known: str
) -> None:
    path = f"{THINGS_PATH}/{a_thing()}"
    await talk.get(path)

    assert (await talk.get(path, headers={"If-None-Match": known})).status_code == 200


async def test_an_id_in_another_spelling_finds_the_same_answer(
    talk: AsyncClient, redis: Observed
) -> None:
    thing = a_thing()
    await talk.get(f"{THINGS_PATH}/{thing}")
    redis.exchanges.clear()

    answer = await talk.get(f"{THINGS_PATH}/{str(thing).upper()}")

    assert answer.json()["id"] == str(thing)
    assert len(redis.exchanges) == 1


async def test_what_is_not_there_is_not_there_from_the_cache_either(talk: AsyncClient) -> None:
    path = f"{THINGS_PATH}/{uuid4()}"

    answers = [await talk.get(path) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_what_changed_is_answered_anew(talk: AsyncClient, small: FastAPI) -> None:
    thing = a_thing()
    path = f"{THINGS_PATH}/{thing}"
    await talk.get(path)

    THINGS[thing] = Thing(id=thing, version=2)
    await small.state.cache.outdate("things")

    answer = await talk.get(path, headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


def test_the_bytes_of_the_cache_are_those_of_the_route() -> None:
    thing = Thing(id=uuid4())

    assert THING.adapter.dump_json(thing) == thing.model_dump_json().encode()
