"""Two processes of the service on the same servers, and a client for each."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from httpx2 import AsyncClient, Limits

from app.core.migrations import ROOT
from tests.conftest import JWT_KEY
from tests.system.processes import APP, PATIENCE, Process, free_port, ready, running


@dataclass(frozen=True)
class Twin:
    """One of them."""

    process: Process
    client: AsyncClient


@asynccontextmanager
async def twins(
    servers: Mapping[str, str], folder: Path, **settings: str
) -> AsyncIterator[tuple[Twin, Twin]]:
    """Both ready; gone after the block. They know the keys of the tests."""
    given = {**servers, "JWT_KEYS": json.dumps([JWT_KEY])} | settings
    async with AsyncExitStack() as started:
        yield await _twin(started, folder, given), await _twin(started, folder, given)


async def _twin(started: AsyncExitStack, folder: Path, settings: dict[str, str]) -> Twin:
    port = free_port()
    command = [*APP, "serve", "--port", str(port)]
    process = started.enter_context(running(command, ROOT, folder / str(port), **settings))
    ready(process, port)
    there = f"http://127.0.0.1:{port}"
    client = AsyncClient(
        base_url=there, trust_env=False, timeout=PATIENCE, limits=Limits(max_connections=None)
    )
    return Twin(process, await started.enter_async_context(client))
