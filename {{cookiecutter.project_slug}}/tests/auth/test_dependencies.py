"""Who gets past a route's door: by which credential, with which permission, and until when."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import text

from app.api_keys.dependencies import api_key_service
from app.api_keys.schemas import ApiKeyCreate
from app.auth import permissions, tokens
from app.auth.dependencies import SignedIn, requires
from app.core import caller, error_handlers
from app.core.database import Database
from app.core.settings import Environment
from app.http.edge import Edge
from app.sessions.dependencies import session_service
from app.users.models import Role
from tests.people import Person, a_person


@pytest.fixture
def small(application: FastAPI, database: Database) -> FastAPI:
    """An application with one door of each kind, on the database of the service."""
    app = FastAPI()
    app.state.database = database
    error_handlers.install(app)
    app.add_middleware(Edge, environment=Environment.TEST)

    @app.get("/person")
    async def person(known: SignedIn) -> dict[str, object]:
        assert known == caller.current()
        return {"id": known.id, "role": known.role, "session": known.session}

    @app.get("/audit", dependencies=[requires("audit:read")])
    async def audit() -> dict[str, object]:
        known = caller.current()
        return {"id": known.id, "scopes": sorted(known.scopes), "session": known.session}

    @app.get("/both", dependencies=[requires("users:read", "users:write")])
    async def both() -> None: ...

    @app.get("/open")
    async def anybody() -> dict[str, object]:
        return {"id": caller.current().id}

    return app


@pytest.fixture
async def talk(small: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(small), base_url="http://test") as client:
        yield client


async def session_of(database: Database, person: Person) -> tuple[UUID, dict[str, str]]:
    """A new session, and the headers of a request that belongs to it."""
    async with database.unit_of_work() as work:
        begun = await session_service(work.session).start(person.id)
    token, _ = tokens.issue(person.id, begun.session_id)
    return begun.session_id, {"Authorization": f"Bearer {token}"}


async def key_of(database: Database, person: Person, *scopes: str) -> dict[str, str]:
    """The headers of a request with a new API key, made while everything was allowed."""
    new = ApiKeyCreate.model_validate({"name": "test", "scopes": list(scopes)})
    async with database.unit_of_work() as work:
        made = await api_key_service(work.session).create(
            person.id, frozenset(permissions.HOLDERS), new
        )
    return {"X-API-Key": made.key}


async def run(database: Database, statement: str, **values: object) -> None:
    async with database.unit_of_work() as work:
        await work.session.execute(text(statement), values)


async def denials(database: Database) -> list[tuple[UUID, dict[str, str]]]:
    async with database.reading() as session:
        rows = await session.execute(
            text("SELECT actor_id, details FROM audit_events WHERE type = 'access.denied'")
        )
        return [(row.actor_id, row.details) for row in rows]


async def test_a_session_lets_its_owner_in(talk: AsyncClient, database: Database) -> None:
    ada = await a_person(database)
    session, headers = await session_of(database, ada)

    answer = await talk.get("/person", headers=headers)

    assert answer.status_code == 200, answer.text
    assert answer.json() == {"id": str(ada.id), "role": "user", "session": str(session)}


@pytest.mark.parametrize("path", ["/person", "/audit"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": ""}, {"Authorization": "Basic YTpi"}, {"Authorization": "a.b.c"}],
    ids=str,
)
async def test_without_a_credential_nobody_gets_in(
    talk: AsyncClient, path: str, headers: dict[str, str]
) -> None:
    answer = await talk.get(path, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/person", "/audit"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": b"Bearer \xc3\xa9.\xff.c"},
        {"Authorization": "Bearer " + "a" * 20_000},
        {"X-API-Key": ""},
        {"X-API-Key": "ak_nobody"},
        {"X-API-Key": b"\xff\xc3"},
    ],
    ids=lambda headers: str(headers)[:40],
)
async def test_with_a_bad_credential_nobody_gets_in(
    talk: AsyncClient, path: str, headers: dict[str, str]
) -> None:
    answer = await talk.get(path, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_the_name_of_the_scheme_is_read_in_any_case(
    talk: AsyncClient, database: Database
) -> None:
    _, headers = await session_of(database, await a_person(database))
    lower = headers["Authorization"].replace("Bearer", "bearer")

    assert (await talk.get("/person", headers={"Authorization": lower})).status_code == 200


async def test_two_credentials_are_one_too_many(talk: AsyncClient, database: Database) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    _, bearer = await session_of(database, admin)
    key = await key_of(database, admin, "audit:read")
    twice = [("Authorization", bearer["Authorization"])] * 2

    for headers in ({**bearer, **key}, twice, [("X-API-Key", key["X-API-Key"])] * 2):
        answer = await talk.get("/audit", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "ambiguous_credentials")


async def test_a_token_of_a_session_that_never_was_is_refused(
    talk: AsyncClient, database: Database
) -> None:
    token, _ = tokens.issue((await a_person(database)).id, uuid4())

    answer = await talk.get("/person", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


async def test_a_token_names_the_owner_of_its_session_or_nobody(
    talk: AsyncClient, database: Database
) -> None:
    session, _ = await session_of(database, await a_person(database))
    token, _ = tokens.issue((await a_person(database)).id, session)

    answer = await talk.get("/person", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "event",
    [
        "UPDATE sessions SET revoked_at = now() WHERE user_id = :user",
        "UPDATE sessions SET expires_at = now() - interval '1 s' WHERE user_id = :user",
        "DELETE FROM sessions WHERE user_id = :user",
        "UPDATE users SET is_active = false WHERE id = :user",
        "DELETE FROM users WHERE id = :user",
    ],
)
async def test_what_ends_a_session_holds_on_the_next_request(
    talk: AsyncClient, database: Database, event: str
) -> None:
    ada = await a_person(database)
    _, headers = await session_of(database, ada)
    assert (await talk.get("/person", headers=headers)).status_code == 200

    await run(database, event, user=ada.id)

    answer = await talk.get("/person", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


async def test_a_permission_opens_what_asks_for_it(talk: AsyncClient, database: Database) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    _, headers = await session_of(database, admin)

    answer = await talk.get("/audit", headers=headers)

    assert answer.json()["id"] == str(admin.id)
    assert set(answer.json()["scopes"]) == permissions.HOLDERS.keys()
    assert await denials(database) == []


async def test_who_lacks_a_permission_is_denied_and_remembered(
    talk: AsyncClient, database: Database
) -> None:
    ada = await a_person(database)
    _, headers = await session_of(database, ada)

    answer = await talk.get("/both", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "WWW-Authenticate" not in answer.headers
    why = {"route": "GET /both", "why": "lacks users:read, users:write"}
    assert await denials(database) == [(ada.id, why)]


async def test_a_change_of_role_holds_on_the_next_request(
    talk: AsyncClient, database: Database
) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    _, bearer = await session_of(database, admin)
    key = await key_of(database, admin, "audit:read")

    await run(database, "UPDATE users SET role = 'user' WHERE id = :user", user=admin.id)

    for headers in (bearer, key):
        assert (await talk.get("/audit", headers=headers)).status_code == 403


async def test_a_key_opens_what_it_was_made_for_and_no_more(
    talk: AsyncClient, database: Database
) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    key = await key_of(database, admin, "audit:read", "users:read")

    answer = await talk.get("/audit", headers=key)

    expected = {"id": str(admin.id), "scopes": ["audit:read", "users:read"], "session": None}
    assert answer.json() == expected
    assert (await talk.get("/both", headers=key)).status_code == 403


async def test_a_key_opens_nothing_that_its_owner_may_not(
    talk: AsyncClient, database: Database
) -> None:
    key = await key_of(database, await a_person(database), "audit:read")

    assert (await talk.get("/audit", headers=key)).status_code == 403


async def test_a_key_does_not_stand_for_a_person(talk: AsyncClient, database: Database) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    key = await key_of(database, admin, "audit:read")

    answer = await talk.get("/person", headers=key)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert len(await denials(database)) == 1


@pytest.mark.parametrize(
    "event",
    [
        "UPDATE api_keys SET revoked_at = now() WHERE user_id = :user",
        "UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE user_id = :user",
        "UPDATE users SET is_active = false WHERE id = :user",
    ],
)
async def test_what_ends_a_key_holds_on_the_next_request(
    talk: AsyncClient, database: Database, event: str
) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    key = await key_of(database, admin, "audit:read")
    assert (await talk.get("/audit", headers=key)).status_code == 200

    await run(database, event, user=admin.id)

    assert (await talk.get("/audit", headers=key)).status_code == 401


async def test_an_open_door_asks_for_nothing_and_believes_nothing(
    talk: AsyncClient, database: Database
) -> None:
    _, headers = await session_of(database, await a_person(database))

    for sent in ({}, headers, {"Authorization": "Bearer a.b.c"}):
        answer = await talk.get("/open", headers=sent)
        assert (answer.status_code, answer.json()) == (200, {"id": None})


async def test_no_caller_is_left_over_for_the_next_request(
    talk: AsyncClient, database: Database
) -> None:
    _, headers = await session_of(database, await a_person(database))
    await talk.get("/person", headers=headers)

    assert (await talk.get("/open")).json() == {"id": None}


def test_a_permission_that_nobody_has_cannot_be_asked_for() -> None:
    with pytest.raises(KeyError):
        requires("audit:raed")


def test_the_document_says_which_credentials_a_route_takes(small: FastAPI) -> None:
    document = small.openapi()

    def security(path: str) -> object:
        return document["paths"][path]["get"].get("security")

    assert security("/open") is None
    assert security("/person") == [{"bearer": []}]
    assert security("/audit") == [{"bearer": ["audit:read"]}, {"api_key": ["audit:read"]}]
    flow = document["components"]["securitySchemes"]["bearer"]["flows"]["password"]
    assert flow["tokenUrl"] == "/api/v1/auth/token"
    assert flow["scopes"].keys() == permissions.HOLDERS.keys()
