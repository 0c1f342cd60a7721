"""Very many requests at once, by a client that costs next to nothing."""

import asyncio
from collections import Counter
from collections.abc import Mapping

from httpx2 import AsyncClient

type Answer = tuple[int, bytes]


async def storm(
    client: AsyncClient,
    path: str,
    headers: Mapping[str, str],
    *,
    requests: int,
    at_once: int,
) -> Counter[Answer]:
    """How often each status came back with each body; `client` says only where to."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode()
    shares = [len(range(n, requests, at_once)) for n in range(at_once)]
    sent = (_sent(client.base_url.port or 80, request, share) for share in shares)
    return Counter(answer for share in await asyncio.gather(*sent) for answer in share)


async def _sent(port: int, request: bytes, times: int) -> list[Answer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    seen = []
    try:
        for _ in range(times):
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length:")[2].split()[0])
            seen.append((int(head.split()[1]), await reader.readexactly(length)))
    finally:
        writer.close()
    return seen
