"""The service as several processes behind no proxy, and clients that talk to each of them."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path

import httpx2

from app.core.migrations import ROOT
from tests.conftest import JWT_KEY
from tests.system.processes import APP, PATIENCE, free_port, ready, running


@asynccontextmanager
async def serving(
    folder: Path, *, processes: int = 2, **settings: str
) -> AsyncIterator[Sequence[httpx2.AsyncClient]]:
    """So many processes that share the servers of these settings; a client for each."""
    settings = {"JWT_KEYS": json.dumps([JWT_KEY])} | settings
    ports = [free_port() for _ in range(processes)]
    with ExitStack() as started:
        servers = [
            started.enter_context(
                running([*APP, "serve", "--port", str(port)], ROOT, folder / str(port), **settings)
            )
            for port in ports
        ]
        for server, port in zip(servers, ports, strict=True):
            ready(server, port)
        async with AsyncExitStack() as connected:
            yield [await connected.enter_async_context(_client(port)) for port in ports]


def _client(port: int) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        trust_env=False,
        timeout=PATIENCE,
        limits=httpx2.Limits(max_connections=None),
    )


async def statuses(
    client: httpx2.AsyncClient,
    path: str,
    headers: Mapping[str, str],
    *,
    requests: int,
    at_once: int,
) -> Counter[int]:
    """How often each status came back, by a client that costs next to nothing."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode()
    shares = [len(range(n, requests, at_once)) for n in range(at_once)]
    sent = (_sent(client.base_url.port or 80, request, share) for share in shares)
    return Counter(status for share in await asyncio.gather(*sent) for status in share)


async def _sent(port: int, request: bytes, times: int) -> list[int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    seen = []
    try:
        for _ in range(times):
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length:")[2].split()[0])
            await reader.readexactly(length)
            seen.append(int(head.split()[1]))
    finally:
        writer.close()
    return seen
