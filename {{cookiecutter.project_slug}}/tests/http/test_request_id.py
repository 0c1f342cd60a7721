"""Each request has an id: the client's if it is harmless, else a new one."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from structlog.contextvars import get_contextvars


async def test_a_readable_id_is_kept(talk: AsyncClient) -> None:
    answer = await talk.get("/", headers={"X-Request-ID": "order-7_a.B"})

    assert answer.headers["X-Request-ID"] == "order-7_a.B"


@pytest.mark.parametrize("given", ["", "a b", "a\tb", "x" * 129, "é", "{}", 'a"b'])
async def test_any_other_is_replaced(talk: AsyncClient, given: str) -> None:
    answer = await talk.get("/", headers={b"X-Request-ID": given.encode()})

    assert answer.headers["X-Request-ID"] != given
    assert len(answer.headers["X-Request-ID"]) == 32


async def test_without_one_each_request_gets_its_own(talk: AsyncClient) -> None:
    first, second = [(await talk.get("/")).headers["X-Request-ID"] for _ in range(2)]

    assert first != second


async def test_every_log_line_of_the_request_carries_it(small: FastAPI, talk: AsyncClient) -> None:
    @small.get("/id")
    async def told() -> str:
        return str(get_contextvars()["request_id"])

    answer = await talk.get("/id")

    assert answer.json() == answer.headers["X-Request-ID"]
