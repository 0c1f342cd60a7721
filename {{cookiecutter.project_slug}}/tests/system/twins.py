"""Two processes of the service on the same servers, and a client for each."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
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
    """Both ready, after one start's time; gone after the block. They know the keys of the tests."""
    with (
        _starting(servers, folder, settings) as one,
        _starting(servers, folder, settings) as other,
    ):
        async with _answering(*one) as one_ready, _answering(*other) as other_ready:
            yield one_ready, other_ready


@asynccontextmanager
async def single(servers: Mapping[str, str], folder: Path, **settings: str) -> AsyncIterator[Twin]:
    """The same without the other."""
    with _starting(servers, folder, settings) as one:
        async with _answering(*one) as ready_one:
            yield ready_one


@contextmanager
def _starting(
    servers: Mapping[str, str], folder: Path, settings: Mapping[str, str]
) -> Iterator[tuple[Process, int]]:
    port = free_port()
    command = [*APP, "serve", "--port", str(port)]
    given = {**servers, "JWT_KEYS": json.dumps([JWT_KEY]), **settings}
    with running(command, ROOT, folder / str(port), **given) as process:
        yield process, port


@asynccontextmanager
async def _answering(process: Process, port: int) -> AsyncIterator[Twin]:
    ready(process, port)
    async with AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        trust_env=False,
        timeout=PATIENCE,
        limits=Limits(max_connections=None),
    ) as client:
        yield Twin(process, client)
