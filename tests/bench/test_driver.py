"""The driver sends what it is told to, and takes nothing but success for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import repeat

import pytest

from tests.bench.driver import UnexpectedAnswerError, asked, drive, encoded

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that says the same to everybody; its port, and the requests that it got."""
    heard: list[bytes] = []
    serving: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        while head := await reader.read(2**16):
            heard.append(head)
            writer.write(answer)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        try:
            yield server.sockets[0].getsockname()[1], heard
        finally:
            await asyncio.wait(filter(None, serving))


def test_a_request_is_written_as_the_protocol_wants_it() -> None:
    request = encoded("POST", "/x", {"A": "b"}, b"{}")

    assert request == (
        b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b\r\n"
        b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    )


def test_every_request_is_sent_once_and_timed() -> None:
    async def run() -> tuple[list[float], list[bytes]]:
        async with answering(OK) as (port, heard):
            requests = iter([encoded("GET", f"/{number}") for number in range(20)])
            return await drive(port, requests, connections=3), heard

    taken, heard = asyncio.run(run())

    assert len(taken) == 20
    assert all(seconds > 0 for seconds in taken)
    assert len(set(heard)) == 20


def test_the_body_of_an_answer_can_be_had() -> None:
    async def run() -> bytes:
        async with answering(OK) as (port, _):
            return await asked(port, encoded("GET", "/"))

    assert asyncio.run(run()) == b"hi"


def test_a_failure_ends_the_measurement_with_what_was_said() -> None:
    async def run() -> None:
        async with answering(BUSY) as (port, _):
            await drive(port, repeat(encoded("GET", "/")), connections=2)

    with pytest.raises(UnexpectedAnswerError, match="busy"):
        asyncio.run(run())
