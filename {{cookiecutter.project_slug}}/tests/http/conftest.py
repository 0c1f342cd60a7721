"""A small application behind the real middleware."""

from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app import http
from app.core.settings import read


@pytest.fixture
def small() -> Iterator[FastAPI]:
    """A test that sets variables does so before it asks for this."""
    read.cache_clear()
    app = FastAPI()
    http.setup(app)
    yield app
    read.cache_clear()


@pytest.fixture
async def talk(small: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(small), base_url="http://test") as client:
        yield client
