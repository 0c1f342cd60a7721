"""The least that a request could cost: the same answers without a service around them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import asyncpg
import jwt
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

DATABASE = os.environ["DATABASE_URL"]
KEY = "limit-limit-limit-limit-limit-limit"
POOL = 10


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Connects to both servers."""
    app.state.redis = Redis.from_url(os.environ["REDIS_URL"])
    async with asyncpg.create_pool(DATABASE.replace("+asyncpg", ""), max_size=POOL) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan, openapi_url=None)
engine = create_async_engine(DATABASE, pool_size=POOL)
sessions = async_sessionmaker(engine, expire_on_commit=False)


@app.get("/bare")
async def bare() -> dict[str, bool]:
    """A route, and nothing behind it."""
    return {"ok": True}


@app.get("/redis/{key}")
async def cached(request: Request, key: str) -> Response:
    """Bytes from Redis, as they are."""
    return Response(await request.app.state.redis.get(key), media_type="application/json")


@app.put("/redis/{key}")
async def keep(request: Request, key: str) -> None:
    """Puts them there."""
    await request.app.state.redis.set(key, await request.body())


@app.get("/row/{user_id}")
async def row(request: Request, user_id: UUID) -> Response:
    """A row without SQLAlchemy, as the server makes JSON of it."""
    text = await request.app.state.pool.fetchval(
        "SELECT row_to_json(shown) FROM (SELECT id, email, display_name, role, created_at"
        " FROM users WHERE id = $1) AS shown",
        user_id,
    )
    return Response(text, media_type="application/json")


class Table(DeclarativeBase):
    """What the one model below is declared on."""


class User(Table):
    """The service's own table, as far as the answer shows it."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    display_name: Mapped[str]
    role: Mapped[str]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]


class Shown(BaseModel):
    """The answer."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    display_name: str
    role: str
    created_at: datetime


async def session() -> AsyncIterator[AsyncSession]:
    """One for each request, as tutorials have it."""
    async with sessions() as opened:
        yield opened


Session = Annotated[AsyncSession, Depends(session)]


async def signed_in(request: Request, database: Session) -> User:
    """The row of whoever a token names."""
    try:
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, KEY, algorithms=["HS256"])
    except (KeyError, jwt.InvalidTokenError) as error:
        raise HTTPException(401) from error
    user = await database.get(User, UUID(claims["sub"]))
    if user is None or not user.is_active:
        raise HTTPException(401)
    return user


@app.get("/me", response_model=Shown)
async def me(user: Annotated[User, Depends(signed_in)]) -> User:
    """A token verified and a row through the ORM: what most services do before any work."""
    return user


@app.get("/token/{user_id}")
async def token(user_id: UUID) -> str:
    """A token for `/me`."""
    expires = datetime.now(UTC) + timedelta(hours=1)
    return jwt.encode({"sub": str(user_id), "exp": expires}, KEY, algorithm="HS256")
