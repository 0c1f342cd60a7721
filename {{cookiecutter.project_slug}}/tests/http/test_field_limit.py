"""How many fields a request has is known before anybody takes it apart."""

import json
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any

import pytest
from fastapi import FastAPI, Request
from httpx2 import AsyncClient
from hypothesis import given
from hypothesis import strategies as some

from app.http.field_limit import fields

JSON = {"Content-Type": "application/json"}
TEXTS = some.text('{}[]:,"\\ \naé\u2028\U0001f600')
VALUES = some.recursive(
    some.none() | some.booleans() | some.floats(allow_nan=False) | TEXTS,
    lambda inner: some.lists(inner) | some.dictionaries(TEXTS, inner),
)


@pytest.fixture(autouse=True)
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_BODY_FIELDS", "10")


@pytest.fixture
def bakery(limit: None, small: FastAPI) -> FastAPI:
    @small.post("/cakes")
    async def bake(cakes: dict[str, Any]) -> int:
        return len(cakes)

    @small.post("/read")
    async def read(request: Request) -> int:
        return len(await request.body())

    return small


def entries(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return max(1, len(value)) + sum(map(entries, value)) if isinstance(value, list) else 0


@given(VALUES, some.sampled_from([{}, {"indent": 2}, {"ensure_ascii": False}]))
def test_every_field_and_item_counts_and_nothing_else(value: Any, style: dict[str, Any]) -> None:
    text = json.dumps(value, **style)

    assert fields(text.encode()) == entries(value)


@pytest.mark.parametrize("start", ["", '"', '{"a": "'])
@pytest.mark.parametrize("repeated", ['"', '\\"', "\\", ",", "x", "[", '",'])
def test_no_body_takes_long_to_count(start: str, repeated: str) -> None:
    body = (start + repeated * 262_144)[:262_144].encode()
    began = perf_counter()

    fields(body)

    assert perf_counter() - began < 0.5  # milliseconds when it is linear, minutes when it is not


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({str(number): 1 for number in range(10)}, 200),
        ({str(number): 1 for number in range(11)}, 413),
        ({"cakes": [1] * 9}, 200),
        ({"cakes": [1] * 10}, 413),
        ({"cakes": ",[{:" * 100}, 200),
    ],
)
async def test_a_body_may_have_so_many_fields_and_no_more(
    bakery: FastAPI, talk: AsyncClient, body: Any, status: int
) -> None:
    assert (await talk.post("/cakes", json=body)).status_code == status


async def test_it_is_told_which_limit_it_passed(bakery: FastAPI, talk: AsyncClient) -> None:
    answer = await talk.post("/cakes", json={"cakes": [1] * 10})

    assert answer.json()["code"] == "body_too_large"
    assert answer.json()["detail"] == "A body may have 10 fields at most."


async def test_however_small_its_pieces(bakery: FastAPI, talk: AsyncClient) -> None:
    async def letters() -> AsyncIterator[bytes]:
        for letter in '{"cakes": [1, 2, "a,b", 4, 5, 6, 7, 8, 9, 0]}':
            yield letter.encode()

    assert (await talk.post("/cakes", content=letters(), headers=JSON)).status_code == 413


async def test_what_is_no_json_is_not_counted(bakery: FastAPI, talk: AsyncClient) -> None:
    picture = {"Content-Type": "image/png"}

    assert (await talk.post("/read", content=b"," * 100, headers=picture)).json() == 100


@pytest.mark.parametrize(("number", "status"), [(10, 404), (11, 400)])
async def test_a_query_has_no_more_than_a_body(talk: AsyncClient, number: int, status: int) -> None:
    answer = await talk.get("/?" + "&".join(["a=1"] * number))

    assert answer.status_code == status
