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

    @small.get("/slow")
    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    answer = await talk.get("/slow")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert cancelled.is_set()


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
