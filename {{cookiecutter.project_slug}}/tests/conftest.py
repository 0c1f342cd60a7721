"""A real PostgreSQL and a real Valkey for the whole run, real commits, nothing left for others."""

import json
import os

# Before the first import that reads settings. Tests of throttling say what they want of it.
os.environ["ENVIRONMENT"] = "test"
os.environ["THROTTLE_ANONYMOUS"] = "off"
os.environ["THROTTLE_AUTHENTICATED"] = "off"
os.environ["THROTTLE_LOGIN"] = "off"

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

import httpx2
import pytest
from fastapi import FastAPI
from hypothesis import settings
from sqlalchemy import delete

from app.core import caller
from app.core.database import Database
from app.core.models import Model
from app.core.redis import Redis
from app.core.settings import read
from app.embedded import postgres, valkey
from app.main import create_app
from tests import cluster, databases, effort, prices, protection

settings.register_profile("effort", max_examples=effort.tries(100))
settings.load_profile("effort")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Tests that hold answers to a time run one after the other; None: as many as there are cores.

    `nox -s system` lets those that do not run beside each other.
    """
    return 0 if config.option.markexpr in {"system", "measured"} else None


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
def redis_settings() -> Iterator[dict[str, str]]:
    """Where the tests of this worker find Redis: at the given address, or an embedded Valkey.

    With TEST_REDIS_CLUSTER it is a cluster.
    """
    clustered = bool(os.environ.get("TEST_REDIS_CLUSTER"))
    start = cluster.serve if clustered else valkey.serve
    with ExitStack() as stack:
        address = os.environ.get("TEST_REDIS_URL") or stack.enter_context(
            start(Path(stack.enter_context(TemporaryDirectory(prefix="test-valkey-"))))
        )
        yield {
            "REDIS_URL": address,
            "REDIS_CLUSTER": str(clustered),
            "REDIS_KEY_PREFIX": f"test-{token_urlsafe(6)}:",
        }


@pytest.fixture(scope="session")
def servers(address: str, redis_settings: dict[str, str]) -> dict[str, str]:
    """Settings for the servers that the tests of this worker share."""
    return {"DATABASE_URL": address, **redis_settings}


@pytest.fixture
async def redis(redis_settings: dict[str, str]) -> AsyncIterator[Redis]:
    """A client whose keys no other test has."""
    async with Redis(
        redis_settings["REDIS_URL"],
        cluster=redis_settings["REDIS_CLUSTER"] == "True",
        prefix=f"test-{token_urlsafe(6)}:",
    ) as client:
        yield client


@pytest.fixture(scope="session")
async def application(
    address: str, redis_settings: dict[str, str], anyio_backend: str
) -> AsyncIterator[FastAPI]:
    """The whole service, started; it lives as long as the run."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", address)
        for name, value in redis_settings.items():
            environment.setenv(name, value)
        environment.setenv("JWT_KEYS", json.dumps([JWT_KEY]))
        read.cache_clear()
        app = create_app()
        async with app.router.lifespan_context(app):
            yield app
    read.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def hashing(request: pytest.FixtureRequest) -> Iterator[None]:
    """A hash takes 15 ms and more, hundreds of times; processes of system tests pay it anyway."""
    dear = any(item.get_closest_marker("system") for item in request.session.items)
    with prices.paid(prices.IN_PRODUCTION if dear else prices.CHEAP):
        yield


@pytest.fixture(scope="session", autouse=True)
def guarded() -> Iterator[None]:
    """No test passes by a read that row-level security does not see."""
    with protection.guarded():
        yield


@pytest.fixture
async def database(application: FastAPI) -> AsyncIterator[Database]:
    """The service's own database; what a test commits is deleted after it, and never cached.

    Who asked is forgotten, too: tests share a context, and a request leaves its caller there.
    """
    database: Database = application.state.database
    yield database
    caller.identify(caller.ANONYMOUS)
    deletions = [str(delete(table)) for table in reversed(Model.metadata.sorted_tables)]
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        # One message for all tables: cheaper than TRUNCATE by an order of magnitude.
        statements = ";".join(["SET app.caller = 'system'", *deletions, "RESET ALL"])
        await driver.execute(statements, timeout=60)  # some tests fill a table
    await application.state.cache.clear()


@pytest.fixture
async def client(application: FastAPI, database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """Talks HTTP to the service in this process."""
    transport = httpx2.ASGITransport(application)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
