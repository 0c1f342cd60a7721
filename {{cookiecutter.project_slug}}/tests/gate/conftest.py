"""A small service behind the gate: a route of each kind, with limits that a test can reach."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Address
from secrets import randbits
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import BaseModel, TypeAdapter

from app.auth.dependencies import SignedIn, requires
from app.core import error_handlers
from app.core.cache import Cache, Kind, Look
from app.core.database import Database
from app.core.errors import NotFound
from app.core.feature import register
from app.core.redis import Question, Redis
from app.core.settings import Environment
from app.core.sights import CachedReads
from app.gate.answers import answered_from_cache, by_id
from app.gate.gate import Gate
from app.gate.route import GatedRoute
from app.http.edge import Edge
from app.throttling.dependencies import throttled
from app.throttling.limiter import Limiter
from app.throttling.policies import LOGIN
from app.throttling.settings import ThrottleSettings

SETTINGS = ThrottleSettings.model_validate(
    {
        "throttle_anonymous": "3/minute",
        "throttle_authenticated": "5/minute",
        "throttle_login": "2/minute",
    }
)


class Thing(BaseModel):
    """Something that anybody may see."""

    id: UUID
    version: int = 1


THING = Kind[Thing | None](
    "thing",
    TypeAdapter(Thing | None),
    version=lambda thing: thing.version if thing else None,
)
THINGS: dict[UUID, Thing] = {}


def a_thing() -> UUID:
    """A new one that is there."""
    made = Thing(id=uuid4())
    THINGS[made.id] = made
    return made.id


def kept(thing_id: UUID) -> Look[Thing | None]:
    return Look(THING, str(thing_id), ("things",))


def routes() -> APIRouter:
    router = APIRouter(prefix="/api/v1", route_class=GatedRoute)

    @router.get("/open")
    async def anybody() -> None: ...

    @router.get("/mine")
    async def person(known: SignedIn) -> dict[str, object]:
        return {"id": known.id, "role": known.role}

    @router.get("/read", dependencies=[requires("audit:read")])
    async def reader() -> None: ...

    @router.post("/proof", dependencies=[throttled(LOGIN)])
    async def proof(body: dict[str, int]) -> None: ...

    headers = {"Cache-Control": "no-cache"}

    @router.get("/things/{thing_id}", dependencies=[answered_from_cache(by_id(kept), headers)])
    async def thing(thing_id: UUID, cache: CachedReads) -> Thing:
        async def load() -> Thing | None:
            return THINGS.get(thing_id)

        found = await cache.get(kept(thing_id), load)
        if found is None:
            raise NotFound
        return found

    return router


class Observed(Redis):
    """Remembers what it was asked, exchange by exchange."""

    exchanges: list[tuple[Question, ...]]

    async def ask(self, *questions: Question) -> list[Any]:
        self.exchanges.append(questions)
        return await super().ask(*questions)


@pytest.fixture
async def redis(application: FastAPI) -> AsyncIterator[Observed]:
    async with Observed.configured() as redis:
        redis.exchanges = []
        yield redis


def service(database: Database, redis: Redis, cache: Cache, settings: ThrottleSettings) -> FastAPI:
    app = FastAPI(redirect_slashes=False)
    app.state.database, app.state.redis, app.state.cache = database, redis, cache
    app.state.gate = Gate(database, redis, cache, Limiter(redis, settings))
    error_handlers.install(app)
    app.add_middleware(Edge, environment=Environment.TEST)
    register(app, routes())
    return app


@pytest.fixture
async def small(database: Database, redis: Observed) -> AsyncIterator[FastAPI]:
    async with Cache(redis) as cache:
        yield service(database, redis, cache, SETTINGS)


@pytest.fixture
async def talk(small: FastAPI) -> AsyncIterator[AsyncClient]:
    """From an address of its own, which has its whole budget."""
    async with talking(small) as client:
        yield client


def an_address() -> str:
    """Nobody's but the test's: budgets outlive tests."""
    return str(IPv4Address(randbits(32)))


@asynccontextmanager
async def talking(app: FastAPI, address: str | None = None) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app, client=(address or an_address(), 1234))
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
