import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.load.wire import Answer, Connection


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[tuple[Connection, list[bytes]]]:
    """A connection to somebody who gives these answers, each once and on its own connection."""
    left, heads = list(answers), list[bytes]()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(left.pop(0))
        writer.close()

    async with await asyncio.start_server(one, "127.0.0.1", 0) as server:
        connection = Connection(server.sockets[0].getsockname()[1])
        yield connection, heads
        connection.close()


async def test_it_tells_status_and_body_and_sends_what_it_was_told() -> None:
    async with answering(b"HTTP/1.1 201 Created\r\ncontent-length: 7\r\n\r\n[1, 23]") as (
        wire,
        got,
    ):
        answer = await wire.send("POST", "/things", {"X-Name": "value"}, {"a": 1})

    assert (answer, answer.json()) == (Answer(201, b"[1, 23]"), [1, 23])
    assert got[0].startswith(b"POST /things HTTP/1.1\r\n")
    assert b"\r\nX-Name: value\r\n" in got[0]
    assert b"\r\nContent-Length: 8\r\n" in got[0]


async def test_a_connection_that_was_closed_is_opened_anew() -> None:
    empty = b"HTTP/1.1 204 No Content\r\n\r\n"
    async with answering(empty, empty) as (wire, _):
        assert await wire.send("GET", "/", {}) == Answer(204, b"")
        await asyncio.sleep(0.05)  # the end of a stream is no event that can be awaited
        assert await wire.send("GET", "/", {}) == Answer(204, b"")


async def test_an_answer_that_breaks_off_is_an_error() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n[1") as (wire, _):
        with pytest.raises(EOFError):
            await wire.send("GET", "/", {})
