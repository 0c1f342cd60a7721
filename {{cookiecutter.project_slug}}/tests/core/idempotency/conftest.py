"""A small service whose one route makes things, and makes each once for every key."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Response
from httpx2 import ASGITransport, AsyncClient
from pydantic import Field
from sqlalchemy import text

from app import http
from app.core import caller
from app.core.concurrency import etag
from app.core.database import Database, Work
from app.core.errors import Conflict
from app.core.idempotency import Idempotent, KeepsAnswers
from app.core.text import Input, Text

MAKE = text("INSERT INTO things (words, parent) VALUES (:words, :parent) RETURNING id")
TABLE = """
CREATE TABLE things (
    id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    words text,
    parent int REFERENCES things DEFERRABLE INITIALLY DEFERRED
)
"""


class ThingCreate(Input):
    """A thing without its parent is refused at the commit."""

    words: Text
    tags: dict[str, int] = Field(default_factory=dict)
    parent: int | None = None


class Things:
    """What the routes make, and how long they take over it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.refuses_once = False
        self.begun = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def made(self) -> list[str]:
        async with self._database.reading() as session:
            return list(await session.scalars(text("SELECT words FROM things ORDER BY id")))


@pytest.fixture
async def things(database: Database) -> AsyncIterator[Things]:
    async with database.engine.begin() as connection:
        await connection.execute(text(TABLE))
    yield Things(database)
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE things"))


async def identified(x_caller: Annotated[UUID, Header()]) -> None:
    caller.identify(replace(caller.current(), id=x_caller))


@pytest.fixture
def service(database: Database, things: Things) -> FastAPI:
    router = APIRouter(route_class=KeepsAnswers, dependencies=[Depends(identified)])

    @router.post("/shelves/{shelf}", status_code=201)
    async def make(  # noqa: PLR0913, PLR0917 - as routes are
        shelf: str,
        new: ThingCreate,
        attempt: Idempotent,
        work: Work,
        response: Response,
        color: Text = "",
    ) -> dict[str, object]:
        await attempt.claim(new)
        values = {"words": new.words, "parent": new.parent}
        number = await work.session.scalar(MAKE, values)
        things.begun.set()
        await things.goes_on.wait()
        if things.refuses_once:
            things.refuses_once = False
            raise Conflict
        response.headers.update(
            {
                "Location": f"/shelves/{shelf}/{number}",
                "ETag": etag(1),
                "Cache-Control": "no-store",
                "X-Request-Cost": "12",
            }
        )
        return {"id": number, "words": new.words, "color": color}

    @router.post("/empty")
    async def empty(attempt: Idempotent, work: Work) -> None:
        await attempt.claim()
        await work.session.scalar(MAKE, {"words": "emptied", "parent": None})

    @router.post("/returned")
    async def returned(attempt: Idempotent, work: Work) -> Response:
        await attempt.claim()
        await work.session.scalar(MAKE, {"words": "all the same", "parent": None})
        return Response("no", 400)

    @router.post("/patience")
    async def patience(attempt: Idempotent, work: Work) -> str:
        await attempt.claim()
        return str(await work.session.scalar(text("SHOW lock_timeout")))

    app = FastAPI()
    app.state.database = database
    http.setup(app)
    app.include_router(router)
    return app


@pytest.fixture
async def talk(service: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(service), base_url="http://t") as client:
        client.headers["X-Caller"] = str(uuid4())
        yield client
