"""Sends requests over a number of connections, each waiting for its answer, and times them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from time import perf_counter

Headers = Mapping[str, str]
NO_HEADERS: Headers = {}


class UnexpectedAnswerError(Exception):
    """An answer that is no success: what it costs is of no interest."""


def encoded(method: str, path: str, headers: Headers = NO_HEADERS, content: bytes = b"") -> bytes:
    """The request as it goes over the wire; `content` is JSON."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def drive(
    port: int, requests: Iterator[bytes], connections: int, pause: float = 0
) -> list[float]:
    """The seconds that each request took; a connection waits `pause` seconds between two.

    Raises UnexpectedAnswerError.
    """
    taken: list[float] = []
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(_client(port, requests, taken, pause))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return taken


async def _client(port: int, requests: Iterator[bytes], taken: list[float], pause: float) -> None:
    async with _connected(port) as (reader, writer):
        for request in requests:
            since = perf_counter()
            writer.write(request)
            await _answered(reader)
            taken.append(perf_counter() - since)
            if pause:
                await asyncio.sleep(pause)


@asynccontextmanager
async def _connected(
    port: int,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):  # the other side may have been faster
            await writer.wait_closed()


async def _answered(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, _, length = head.partition(b"content-length: ")
    body = await reader.readexactly(int(length.partition(b"\r\n")[0] or 0))
    if not head.startswith(b"http/1.1 2"):
        raise UnexpectedAnswerError((head + body).decode())
    return body


async def asked(port: int, request: bytes) -> bytes:
    """The body of the answer to a single request."""
    async with _connected(port) as (reader, writer):
        writer.write(request)
        return await _answered(reader)
