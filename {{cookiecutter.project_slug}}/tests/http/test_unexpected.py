"""A bug is a 500 that has passed all the middleware."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from starlette.responses import StreamingResponse


async def test_even_a_500_carries_its_id_and_the_security_headers(
    small: FastAPI, talk: AsyncClient
) -> None:
    @small.get("/bug")
    async def bug() -> None:
        raise RuntimeError

    answer = await talk.get("/bug", headers={"X-Request-ID": "seven"})

    assert (answer.status_code, answer.json()["request_id"]) == (500, "seven")
    assert answer.headers["X-Request-ID"] == "seven"
    assert answer.headers["X-Frame-Options"] == "DENY"


async def test_a_bug_in_the_middle_of_an_answer_breaks_it_off(
    small: FastAPI, talk: AsyncClient
) -> None:
    @small.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError

        return StreamingResponse(parts())

    with pytest.raises(RuntimeError):
        await talk.get("/stream")
