"""A real PostgreSQL for the whole run, a clone of one migrated database, real commits."""

import json
import os

os.environ["ENVIRONMENT"] = "test"  # before the first import that reads settings

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from app.core.database import Database
from app.core.models import Model
from app.core.settings import read
from app.embedded import postgres
from app.main import create_app
from tests import databases


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the system tests, which measure, from running beside each other."""
    for item in items:
        if item.get_closest_marker("system"):
            item.add_marker(pytest.mark.xdist_group("system"))


JWT_KEY = {"kid": "test", "alg": "HS256", "secret": token_urlsafe(48)}


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL in which databases may be created: the given one, or an embedded one."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with (
        TemporaryDirectory(prefix="test-postgres-") as folder,
        postgres.serve(Path(folder), durable=False) as address,
    ):
        yield address


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """Migrated once; whoever needs a database of its own clones it in 40 ms."""
    with databases.migrated(server) as address:
        yield address


@pytest.fixture(scope="session")
def address(server: str, template: str) -> Iterator[str]:
    """The database that the tests of this worker share."""
    with databases.made(server, template) as address:
        yield address


@pytest.fixture(scope="session")
async def application(address: str, anyio_backend: str) -> AsyncIterator[FastAPI]:
    """The whole service, started; it lives as long as the run."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", address)
        environment.setenv("JWT_KEYS", json.dumps([JWT_KEY]))
        read.cache_clear()
        app = create_app()
        async with app.router.lifespan_context(app):
            yield app
    read.cache_clear()


@pytest.fixture
async def database(application: FastAPI) -> AsyncIterator[Database]:
    """The service's own database; what a test commits is deleted after it."""
    database: Database = application.state.database
    yield database
    deletions = [str(delete(table)) for table in reversed(Model.metadata.sorted_tables)]
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        # One message for all tables: cheaper than TRUNCATE by an order of magnitude.
        await driver.execute(";".join(["SET app.caller = 'system'", *deletions, "RESET ALL"]))


@pytest.fixture
async def client(application: FastAPI, database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """Talks HTTP to the service in this process."""
    transport = httpx2.ASGITransport(application)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
