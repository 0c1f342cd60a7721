"""A request ends in time, and the service goes on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from starlette.responses import StreamingResponse


@pytest.fixture(autouse=True)
def deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUEST_TIMEOUT_SECONDS", "0.05")


async def test_a_request_over_it_is_answered_503(
    deadline: None, small: FastAPI, talk: AsyncClient
) -> None:
    cancelled = asyncio.Event()

    @small.post("/slow")
    async def slow(cake: dict[str, str]) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    answer = await talk.post("/slow", json={"cake": "x"})

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert "Connection" not in answer.headers
    assert cancelled.is_set()


async def test_a_body_that_never_ends_ends_the_request(
    deadline: None, small: FastAPI, talk: AsyncClient
) -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield b'{"cake": '
        await asyncio.sleep(60)

    @small.post("/cakes")
    async def bake(cake: dict[str, str]) -> int:
        return len(cake)

    json = {"Content-Type": "application/json"}
    answer = await talk.post("/cakes", content=stalling(), headers=json)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert (answer.headers["Retry-After"], answer.headers["Connection"]) == ("1", "close")


async def test_an_answer_under_way_cannot_be_taken_back(
    deadline: None, small: FastAPI, talk: AsyncClient
) -> None:
    @small.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            await asyncio.sleep(60)

        return StreamingResponse(parts())

    with pytest.raises(TimeoutError):
        await talk.get("/stream")
