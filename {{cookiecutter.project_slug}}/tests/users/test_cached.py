"""One's own account comes from the cache, for nobody but its owner, and never late."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.core.database import Database
from app.users.models import Role
from tests.people import Person, a_person, signed_in
from tests.queries import statements

USERS = "/api/v1/users"
ME = f"{USERS}/me"
KEYS = "/api/v1/auth/api-keys"


@pytest.fixture
async def person(database: Database) -> Person:
    return await a_person(database, role=Role.ADMIN)


@pytest.fixture
async def their(application: FastAPI, person: Person) -> AsyncIterator[AsyncClient]:
    async with signed_in(application, person) as client:
        await client.get(ME)
        yield client


async def test_the_second_look_costs_no_statement(their: AsyncClient, database: Database) -> None:
    loaded = await their.get(ME)

    with statements(database) as sent:
        kept = await their.get(ME)

    assert sent == []
    assert (kept.status_code, kept.content) == (200, loaded.content)
    assert kept.headers["Cache-Control"] == loaded.headers["Cache-Control"] == "no-store"


async def test_somebody_else_sees_themselves(
    their: AsyncClient, application: FastAPI, database: Database
) -> None:
    other = await a_person(database)

    async with signed_in(application, other) as client:
        assert (await client.get(ME)).json()["id"] == str(other.id)
        assert (await client.get(ME)).json()["id"] == str(other.id)


async def test_a_change_is_seen_at_once(
    their: AsyncClient, person: Person, application: FastAPI, database: Database
) -> None:
    await their.patch(ME, json={"display_name": "Ada"})
    assert (await their.get(ME)).json()["display_name"] == "Ada"

    boss = await a_person(database, role=Role.ADMIN)
    async with signed_in(application, boss) as admin:
        await admin.patch(f"{USERS}/{person.id}", json={"role": "user"})

    assert (await their.get(ME)).json()["role"] == "user"


async def test_what_is_kept_opens_no_door(their: AsyncClient, client: AsyncClient) -> None:
    made = await their.post(KEYS, json={"name": "import", "scopes": ["users:read"]})

    assert (await client.get(ME, headers={"X-API-Key": made.json()["key"]})).status_code == 403

    assert (await their.post("/api/v1/auth/logout-all")).status_code == 204
    assert (await their.get(ME)).status_code == 401
