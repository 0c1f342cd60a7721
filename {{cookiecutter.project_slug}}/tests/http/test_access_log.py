"""One line a request, whatever becomes of it."""

from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from structlog.testing import capture_logs

from app.core import caller


async def test_a_line_says_who_asked_for_what_and_what_they_got(
    small: FastAPI, talk: AsyncClient
) -> None:
    ada = uuid4()

    @small.get("/cakes")
    async def cakes() -> None:
        caller.identify(caller.Caller(id=ada))

    with capture_logs() as logs:
        await talk.get("/cakes?token=hunter2")

    (line,) = logs
    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "user_id": str(ada),
        "method": "GET",
        "path": "/cakes",
        "status_code": 200,
    }


async def test_a_caller_is_not_remembered_for_the_next_request(
    small: FastAPI, talk: AsyncClient
) -> None:
    @small.get("/cakes")
    async def cakes() -> None:
        caller.identify(caller.Caller(id=uuid4()))

    with capture_logs() as logs:
        await talk.get("/cakes")
        await talk.get("/nowhere")

    assert (logs[1]["user_id"], logs[1]["status_code"]) == (None, 404)


async def test_the_address_is_known_to_the_request(small: FastAPI, talk: AsyncClient) -> None:
    @small.get("/address")
    async def address() -> str | None:
        return caller.current().address

    assert (await talk.get("/address")).json() == "127.0.0.1"


async def test_a_request_that_ends_without_an_answer_has_a_line_too(
    small: FastAPI, talk: AsyncClient
) -> None:
    @small.get("/gone")
    async def gone() -> None:
        raise KeyboardInterrupt

    with capture_logs() as logs, pytest.raises(KeyboardInterrupt):
        await talk.get("/gone")

    assert [line["status_code"] for line in logs] == [499]
