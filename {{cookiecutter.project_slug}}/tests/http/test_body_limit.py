"""A body over the limit is refused however it is framed."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request
from httpx2 import AsyncClient


@pytest.fixture(autouse=True)
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_BODY_BYTES", "1000")


@pytest.fixture
def bakery(limit: None, small: FastAPI) -> FastAPI:
    @small.post("/read")
    async def read(request: Request) -> int:
        return len(await request.body())

    @small.post("/validated")
    async def validated(cake: dict[str, str]) -> int:
        return len(cake)

    @small.post("/unread")
    async def unread() -> int:
        return 0

    return small


async def chunks(number: int) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield b"x" * 100


async def test_a_body_at_the_limit_is_read(bakery: FastAPI, talk: AsyncClient) -> None:
    assert (await talk.post("/read", content=b"x" * 1000)).json() == 1000
    assert (await talk.post("/read", content=chunks(10))).json() == 1000


@pytest.mark.parametrize("path", ["/read", "/validated", "/unread", "/nowhere"])
async def test_an_announced_body_over_it_is_refused_unread(
    bakery: FastAPI, talk: AsyncClient, path: str
) -> None:
    answer = await talk.post(path, content=b"x" * 1001)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.json()["detail"] == "A body may have 1000 bytes at most."
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize("path", ["/read", "/validated"])
@pytest.mark.parametrize("headers", [{}, {"Content-Length": "10"}])
async def test_one_that_only_turns_out_to_be_over_it_is_refused_in_the_middle(
    bakery: FastAPI, talk: AsyncClient, path: str, headers: dict[str, str]
) -> None:
    headers = headers | {"Content-Type": "application/json"}
    answer = await talk.post(path, content=chunks(11), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.json()["detail"] == "A body may have 1000 bytes at most."
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "x", ""])
async def test_an_absurd_length_is_no_way_to_a_500(
    bakery: FastAPI, talk: AsyncClient, length: str
) -> None:
    answer = await talk.post("/read", content=b"x", headers={"Content-Length": length})

    assert answer.status_code in {200, 413}
