"""API keys over HTTP: made by people, used by programs, stopped at once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import update

from app.core.database import Database
from app.users.models import Role, User
from tests.people import a_person, signed_in

KEYS = "/api/v1/auth/api-keys"
EVENTS = "/api/v1/audit-events"
USERS = "/api/v1/users"


@pytest.fixture
async def hers(application: FastAPI, database: Database) -> AsyncIterator[AsyncClient]:
    """An admin's."""
    async with signed_in(application, await a_person(database, role=Role.ADMIN)) as client:
        yield client


async def create(client: AsyncClient, **fields: Any) -> dict[str, Any]:
    body = {"name": "import", "scopes": ["audit:read"]} | fields
    answer = await client.post(KEYS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def with_key(key: str) -> dict[str, str]:
    return {"X-API-Key": key}


async def test_a_key_is_shown_when_it_is_made_and_never_again(hers: AsyncClient) -> None:
    made = await create(hers)
    listed = await hers.get(KEYS)

    key = made.pop("key")
    assert key.startswith(made["prefix"])
    assert listed.json() == {"data": [made], "meta": {"limit": 20, "next_cursor": None}}
    assert key not in listed.text
    assert listed.headers["Cache-Control"] == "no-store"
    assert made | {"name": "import", "scopes": ["audit:read"], "last_used_at": None} == made


async def test_a_key_opens_what_it_was_made_for_and_nothing_else(
    hers: AsyncClient, client: AsyncClient
) -> None:
    made = await create(hers)
    headers = with_key(made["key"])

    assert (await client.get(EVENTS, headers=headers)).status_code == 200
    other = await client.get(USERS, headers=headers)
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    (listed,) = (await hers.get(KEYS)).json()["data"]
    assert listed["last_used_at"] is not None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", KEYS),
        ("POST", KEYS),
        ("DELETE", f"{KEYS}/{UUID(int=7)}"),
        ("GET", "/api/v1/auth/sessions"),
        ("POST", "/api/v1/auth/logout-all"),
        ("PATCH", "/api/v1/users/me"),
    ],
)
async def test_a_key_makes_no_keys_and_is_no_sign_in(
    method: str, path: str, hers: AsyncClient, client: AsyncClient
) -> None:
    made = await create(hers)
    body = {"name": "mine", "scopes": ["audit:read"]} if method == "POST" else None

    answer = await client.request(method, path, headers=with_key(made["key"]), json=body)

    assert answer.status_code == 403, answer.text


async def test_a_revoked_key_opens_nothing_on_the_next_request(
    hers: AsyncClient, client: AsyncClient
) -> None:
    made = await create(hers)
    assert (await client.get(EVENTS, headers=with_key(made["key"]))).status_code == 200

    assert (await hers.delete(f"{KEYS}/{made['id']}")).status_code == 204

    answer = await client.get(EVENTS, headers=with_key(made["key"]))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (await hers.delete(f"{KEYS}/{made['id']}")).status_code == 404
    assert (await hers.get(KEYS)).json()["data"] == []


@pytest.mark.parametrize(
    ("change", "status"), [({"is_active": False}, 401), ({"role": Role.USER}, 403)]
)
async def test_a_key_shrinks_with_its_owner(
    change: dict[str, Any],
    status: int,
    application: FastAPI,
    client: AsyncClient,
    database: Database,
) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    async with signed_in(application, admin) as hers:
        made = await create(hers)
    async with database.unit_of_work() as work:
        await work.session.execute(update(User).where(User.id == admin.id).values(change))

    assert (await client.get(EVENTS, headers=with_key(made["key"]))).status_code == status


async def test_a_key_beside_a_token_is_one_credential_too_many(hers: AsyncClient) -> None:
    made = await create(hers)

    answer = await hers.get(EVENTS, headers=with_key(made["key"]))

    assert (answer.status_code, answer.json()["code"]) == (400, "ambiguous_credentials")


async def test_somebody_elses_key_is_not_there(
    hers: AsyncClient, application: FastAPI, database: Database
) -> None:
    made = await create(hers)
    async with signed_in(application, await a_person(database, role=Role.ADMIN)) as his:
        assert (await his.get(KEYS)).json()["data"] == []
        assert (await his.delete(f"{KEYS}/{made['id']}")).status_code == 404

    assert len((await hers.get(KEYS)).json()["data"]) == 1


async def test_whoever_may_not_cannot_give_it_to_a_key(
    application: FastAPI, database: Database
) -> None:
    async with signed_in(application, await a_person(database)) as client:
        answer = await client.post(KEYS, json={"name": "up", "scopes": ["users:write"]})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("fields", "loc"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"name": "a\x00b"}, ["name"]),
        ({"scopes": []}, ["scopes"]),
        ({"scopes": ["audit:read", "audit:read"]}, ["scopes"]),
        ({"scopes": ["everything"]}, ["scopes", 0]),
        ({"scopes": "audit:read"}, ["scopes"]),
        ({"expires_at": "2020-01-01T00:00:00Z"}, ["expires_at"]),
        ({"expires_at": "2999-01-01T00:00:00"}, ["expires_at"]),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, ["expires_at"]),
        ({"key": "ak_mine"}, ["key"]),
        ({"user_id": str(uuid4())}, ["user_id"]),
    ],
)
async def test_a_body_with_anything_wrong_in_it_is_refused(
    fields: dict[str, Any], loc: list[str | int], hers: AsyncClient
) -> None:
    body = {"name": "import", "scopes": ["audit:read"]} | fields
    answer = await hers.post(KEYS, json=body)

    assert answer.status_code == 422, answer.text
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", *loc]]


async def test_a_key_may_have_an_end(hers: AsyncClient) -> None:
    end = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    made = await create(hers, expires_at=end)

    assert datetime.fromisoformat(made["expires_at"]) == datetime.fromisoformat(end)


async def test_what_was_done_with_keys_is_in_the_log_and_no_key_is(hers: AsyncClient) -> None:
    made = await create(hers)
    await hers.delete(f"{KEYS}/{made['id']}")
    for kind in ("api_key.created", "api_key.revoked"):
        answer = await hers.get(EVENTS, params={"type": kind})
        (event,) = answer.json()["data"]
        assert event["details"]["api_key_id"] == made["id"]
        assert made["key"] not in answer.text
