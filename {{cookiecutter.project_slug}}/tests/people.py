"""People for tests: accounts in the database, and clients signed in as them over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from uuid import UUID

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import insert

from app.auth import tokens
from app.core.database import Database
from app.passwords.hashing import CONTEXT
from app.sessions.dependencies import session_service
from app.users.models import Role, User

PASSWORD = "correct horse battery staple"
_numbers = count(1)


@dataclass(frozen=True)
class Person:
    """An account, and what its owner knows."""

    id: UUID
    email: str
    password: str = PASSWORD


@cache
def _hash(password: str) -> str:
    """Hashed once a run."""
    return str(CONTEXT.hash(password))


async def a_person(
    database: Database, *, role: Role = Role.USER, email: str | None = None, is_active: bool = True
) -> Person:
    """Adds an account past every rule; its address is always new."""
    address = email or f"person{next(_numbers)}@example.com"
    values = {
        "email": address,
        "password_hash": _hash(PASSWORD),
        "role": role,
        "is_active": is_active,
    }
    async with database.unit_of_work() as work:
        made = await work.session.scalar(insert(User).values(values).returning(User.id))
    assert made is not None
    return Person(made, address)


@asynccontextmanager
async def signed_in(application: FastAPI, person: Person) -> AsyncIterator[AsyncClient]:
    """A client with the access token of a fresh session, begun past the password and its cost."""
    database: Database = application.state.database
    async with database.unit_of_work() as work:
        begun = await session_service(work.session).start(person.id)
    token, _ = tokens.issue(person.id, begun.session_id)
    headers = {"Authorization": f"Bearer {token}"}
    transport = ASGITransport(application)
    async with AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


@asynccontextmanager
async def logged_in(application: FastAPI, person: Person) -> AsyncIterator[AsyncClient]:
    """The same by the password, for tests that look at what a login leaves behind."""
    transport = ASGITransport(application)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        body = {"email": person.email, "password": person.password}
        answer = await client.post("/api/v1/auth/login", json=body)
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client
