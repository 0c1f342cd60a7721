"""Accounts over HTTP: one's own, and everybody's for admins."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import RootModel
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.feature import PersonalData
from app.core.idempotency.models import IdempotencyKey
from app.core.roles import SYSTEM
from app.users.models import Role
from tests.mailbox import letters, newest_token
from tests.people import PASSWORD, Person, a_person, logged_in, signed_in

USERS = "/api/v1/users"
ME = f"{USERS}/me"
ERASE = f"{ME}/erase"
KEYS = "/api/v1/auth/api-keys"


@pytest.fixture
async def person(database: Database) -> Person:
    return await a_person(database)


@pytest.fixture
async def their(application: FastAPI, person: Person) -> AsyncIterator[AsyncClient]:
    async with signed_in(application, person) as client:
        yield client


@pytest.fixture
async def boss(database: Database) -> Person:
    return await a_person(database, role=Role.ADMIN)


@pytest.fixture
async def admin(application: FastAPI, boss: Person) -> AsyncIterator[AsyncClient]:
    async with signed_in(application, boss) as client:
        yield client


async def events(database: Database, kind: str) -> list[Any]:
    async with database.reading() as session:
        rows = await session.execute(
            text("SELECT actor_id, details FROM audit_events WHERE type = :kind"), {"kind": kind}
        )
        return [tuple(row) for row in rows]


async def test_people_see_their_own_account(their: AsyncClient, person: Person) -> None:
    answer = await their.get(ME)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.json()["id"], answer.json()["email"]) == (str(person.id), person.email)


async def test_people_name_themselves(their: AsyncClient) -> None:
    before = (await their.get(ME)).json()

    after = (await their.patch(ME, json={"display_name": "Ada 🦉"})).json()

    assert after == before | {"display_name": "Ada 🦉", "updated_at": after["updated_at"]}
    assert after["updated_at"] > before["updated_at"]
    assert (await their.patch(ME, json={})).json() == after


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "admin"},
        {"is_active": False},
        {"email": "other@example.com"},
        {"email_verified": True},
        {"id": str(uuid4())},
        {"display_name": "x" * 101},
        {"display_name": "a\x00b"},
        {"display_name": None},
    ],
)
async def test_nobody_makes_more_of_themselves(their: AsyncClient, fields: dict[str, Any]) -> None:
    answer = await their.patch(ME, json=fields)

    assert answer.status_code == 422
    assert [fault["loc"] for fault in answer.json()["errors"]] == [["body", *fields]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ME),
        ("PATCH", ME),
        ("POST", ERASE),
        ("GET", f"{ME}/export"),
        ("GET", USERS),
        ("GET", f"{USERS}/{UUID(int=7)}"),
        ("PATCH", f"{USERS}/{UUID(int=7)}"),
    ],
)
async def test_strangers_see_and_change_nothing(
    client: AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path, json={} if method != "GET" else None)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_plain_users_neither_see_nor_change_others(
    their: AsyncClient, boss: Person, method: str
) -> None:
    for path in (USERS, f"{USERS}/{boss.id}"):
        if (method, path) != ("PATCH", USERS):
            body = {"role": "user"} if method == "PATCH" else None
            answer = await their.request(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_admins_find_accounts_by_role_state_and_address(
    admin: AsyncClient, boss: Person, database: Database
) -> None:
    await a_person(database, email="ada@example.com")
    await a_person(database, email="adam@example.com", is_active=False)
    await a_person(database, email="a_a@example.com")

    async def found(**query: str) -> list[str]:
        answer = await admin.get(USERS, params={"sort": "email"} | query)
        assert answer.status_code == 200, answer.text
        return [item["email"] for item in answer.json()["data"]]

    assert await found(email="ADA") == ["ada@example.com", "adam@example.com"]
    assert await found(email="a_") == ["a_a@example.com"]
    assert await found(email="%") == []
    assert await found(role="admin") == [boss.email]
    assert await found(is_active="false") == ["adam@example.com"]
    assert await found(role="user", is_active="true", email="ada") == ["ada@example.com"]


async def test_a_list_is_sorted_as_asked(admin: AsyncClient, database: Database) -> None:
    for name in ("zoe", "ada", "mel"):
        await a_person(database, email=f"{name}@x.example.com")

    async def names(sort: str) -> list[str]:
        answer = await admin.get(USERS, params={"sort": sort})
        addresses = [item["email"] for item in answer.json()["data"]]
        return [each[:3] for each in addresses if "@x." in each]

    assert await names("email") == ["ada", "mel", "zoe"]
    assert await names("-email") == ["zoe", "mel", "ada"]
    assert await names("created_at") == ["zoe", "ada", "mel"]
    assert await names("-created_at") == ["mel", "ada", "zoe"]


async def test_a_page_says_where_it_stands(admin: AsyncClient, person: Person) -> None:
    answer = await admin.get(USERS, params={"page": 2, "limit": 1})

    assert len(answer.json()["data"]) == 1
    assert answer.json()["meta"] == {"page": 2, "limit": 1, "total": 2, "total_capped": False}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    ["role=root", "is_active=perhaps", "sort=password_hash", "email=%00", "name=x", "limit=101"],
)
async def test_a_query_that_asks_for_something_else_is_refused(
    admin: AsyncClient, query: str
) -> None:
    answer = await admin.get(f"{USERS}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_an_account_that_is_not_there_is_not_found(admin: AsyncClient) -> None:
    path = f"{USERS}/{uuid4()}"

    assert (await admin.get(path)).status_code == 404
    assert (await admin.patch(path, json={"is_active": False})).status_code == 404
    assert (await admin.get(f"{USERS}/not-a-uuid")).status_code == 422


async def test_a_promotion_holds_on_the_next_request_and_so_does_its_end(
    admin: AsyncClient, their: AsyncClient, person: Person, boss: Person, database: Database
) -> None:
    path = f"{USERS}/{person.id}"

    promoted = await admin.patch(path, json={"role": "admin"})
    assert (promoted.status_code, promoted.json()["role"]) == (200, "admin")
    assert (await their.get(USERS)).status_code == 200

    await admin.patch(path, json={"role": "user"})
    assert (await their.get(USERS)).status_code == 403
    assert await events(database, "user.role_changed") == [
        (boss.id, {"user_id": str(person.id), "role": "admin"}),
        (boss.id, {"user_id": str(person.id), "role": "user"}),
    ]


async def test_a_deactivation_holds_on_the_next_request_and_ends_every_session(
    admin: AsyncClient, their: AsyncClient, person: Person, database: Database
) -> None:
    path = f"{USERS}/{person.id}"

    assert (await admin.patch(path, json={"is_active": False})).json()["is_active"] is False
    assert (await their.get(ME)).status_code == 401

    await admin.patch(path, json={"is_active": True})
    assert (await their.get(ME)).status_code == 401, "the session is over for good"
    assert len(await events(database, "user.deactivated")) == 1
    assert len(await events(database, "user.activated")) == 1


async def test_a_change_of_nothing_is_no_event(
    admin: AsyncClient, person: Person, database: Database
) -> None:
    path = f"{USERS}/{person.id}"
    before = (await admin.get(path)).json()

    for same in ({}, {"role": "user", "is_active": True}):
        assert (await admin.patch(path, json=same)).json() == before

    assert await events(database, "user.role_changed") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "root"},
        {"role": None},
        {"is_active": "yes"},
        {"is_active": 1},
        {"email": "other@example.com"},
        {"password": PASSWORD},
        {"display_name": "Ada"},
    ],
)
async def test_admins_change_nothing_else_of_others(
    admin: AsyncClient, person: Person, fields: dict[str, Any]
) -> None:
    answer = await admin.patch(f"{USERS}/{person.id}", json=fields)

    assert answer.status_code == 422
    assert [fault["loc"] for fault in answer.json()["errors"]] == [["body", *fields]]


@pytest.mark.parametrize("fields", [{"role": "user"}, {"is_active": False}])
async def test_the_last_admin_stays_one(
    admin: AsyncClient, boss: Person, database: Database, fields: dict[str, Any]
) -> None:
    await a_person(database, role=Role.ADMIN, is_active=False)

    answer = await admin.patch(f"{USERS}/{boss.id}", json=fields)

    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await admin.get(USERS)).status_code == 200


async def test_the_last_admin_cannot_be_erased(admin: AsyncClient) -> None:
    answer = await admin.post(ERASE, json={"password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await admin.get(ME)).status_code == 200


async def test_of_two_admins_who_step_down_at_once_one_stays(
    application: FastAPI, admin: AsyncClient, boss: Person, database: Database
) -> None:
    other = await a_person(database, role=Role.ADMIN)
    async with signed_in(application, other) as second:
        answers = await asyncio.gather(
            admin.patch(f"{USERS}/{boss.id}", json={"role": "user"}),
            second.patch(f"{USERS}/{other.id}", json={"is_active": False}),
        )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_an_export_holds_what_is_stored_and_no_secret(
    application: FastAPI, boss: Person, client: AsyncClient, database: Database
) -> None:
    async with logged_in(application, boss) as admin:
        made = await admin.post(KEYS, json={"name": "nightly import", "scopes": ["users:read"]})
        await client.post("/api/v1/auth/password/forgot", json={"email": boss.email})
        token = await newest_token(database, boss.email)

        answer = await admin.get(f"{ME}/export")

    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["user"]["email"] == boss.email
    assert [each["ip"] for each in body["sessions"]] == ["127.0.0.1"]
    assert [each["name"] for each in body["api_keys"]] == ["nightly import"]
    assert [each["subject"][:21] for each in body["messages"]] == ["Choose a new password"]
    assert [each["type"] for each in body["events"]] == ["login.succeeded", "api_key.created"]
    for secret in (token, made.json()["key"], "argon2", "hash", "refresh"):
        assert secret not in answer.text


async def test_an_export_holds_what_features_say_they_keep_and_erasure_ends_it(
    their: AsyncClient, person: Person, boss: Person, database: Database
) -> None:
    async with database.unit_of_work() as work:
        await work.as_system()
        for owner in (person, boss):
            values = {"user_id": owner.id, "route": "POST /things", "key": "k", "body_hash": b""}
            kept = insert(IdempotencyKey).values(**values, status=201, headers={}, body=b"{}")
            await work.session.execute(kept)

    (answer,) = (await their.get(f"{ME}/export")).json()["idempotency_keys"]
    assert (answer["route"], answer["body"]) == ("POST /things", "{}")

    assert (await their.post(ERASE, json={"password": PASSWORD})).status_code == 204
    async with database.unit_of_work() as work:
        await work.as_system()
        assert list(await work.session.scalars(select(IdempotencyKey.user_id))) == [boss.id]


@pytest.fixture
def kept(application: FastAPI) -> Iterator[list[PersonalData]]:
    """What features say that they keep of people, for this test alone."""
    before = application.state.personal_data
    kinds: list[PersonalData] = []
    application.state.personal_data = kinds
    yield kinds
    application.state.personal_data = before


async def test_features_give_and_erase_what_they_keep_as_the_system(
    their: AsyncClient, person: Person, kept: list[PersonalData]
) -> None:
    erased: list[tuple[UUID, str]] = []

    async def role(session: AsyncSession) -> str:
        return str(await session.scalar(text("SELECT current_user")))

    async def export(session: AsyncSession, user_id: UUID) -> list[RootModel[dict[str, str]]]:
        return [RootModel({str(user_id): await role(session)})]

    async def erase(session: AsyncSession, user_id: UUID) -> None:
        erased.append((user_id, await role(session)))

    kept += [PersonalData("things", export, erase), PersonalData("others", export)]

    given = (await their.get(f"{ME}/export")).json()
    await their.post(ERASE, json={"password": PASSWORD})

    assert given["things"] == given["others"] == [{str(person.id): SYSTEM}]
    assert erased == [(person.id, SYSTEM)]


async def test_what_came_last_is_erased_first_as_it_may_refer_to_the_others(
    their: AsyncClient, kept: list[PersonalData]
) -> None:
    erased: list[str] = []

    async def export(session: AsyncSession, user_id: UUID) -> list[RootModel[str]]:
        return []

    def of(name: str) -> PersonalData:
        async def erase(session: AsyncSession, user_id: UUID) -> None:
            erased.append(name)

        return PersonalData(name, export, erase)

    kept += [of("things"), of("parts")]

    await their.post(ERASE, json={"password": PASSWORD})

    assert erased == ["parts", "things"]


async def test_an_export_holds_nothing_of_others(
    their: AsyncClient, admin: AsyncClient, boss: Person
) -> None:
    answer = await their.get(f"{ME}/export")

    assert boss.email not in answer.text
    assert str(boss.id) not in answer.text


async def test_an_erased_account_is_gone_from_every_read(
    their: AsyncClient, admin: AsyncClient, person: Person, client: AsyncClient
) -> None:
    answer = await their.post(ERASE, json={"password": PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")

    assert (await their.get(ME)).status_code == 401
    assert (await admin.get(f"{USERS}/{person.id}")).status_code == 404
    assert (await admin.patch(f"{USERS}/{person.id}", json={"role": "admin"})).status_code == 404
    assert person.email not in (await admin.get(USERS)).text
    credentials = {"email": person.email, "password": PASSWORD}
    assert (await client.post("/api/v1/auth/login", json=credentials)).status_code == 401
    assert (await client.post("/api/v1/auth/register", json=credentials)).status_code == 201


async def test_erasure_leaves_no_trace_of_the_person_in_any_table(
    their: AsyncClient, person: Person, client: AsyncClient, database: Database
) -> None:
    await their.patch(ME, json={"display_name": "Ada Lovelace"})
    await client.post("/api/v1/auth/password/forgot", json={"email": person.email})

    assert (await their.post(ERASE, json={"password": PASSWORD})).status_code == 204

    assert await letters(database, person.email) == []
    async with database.reading() as session:

        async def rows(query: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in await session.execute(text(query))]

        assert await rows(
            "SELECT email, password_hash, display_name, role, is_active, email_verified_at,"
            " erased_at IS NOT NULL FROM users"
        ) == [(f"{person.id}@erased.invalid", None, "", "user", False, None, True)]
        assert await rows("SELECT * FROM one_time_tokens") == []
        assert set(await rows("SELECT ip, user_agent FROM audit_events")) == {(None, None)}
        assert await rows("SELECT ip, user_agent, revoked_at IS NULL FROM sessions") == [
            ("", "", False)
        ]
    assert [actor for actor, _ in await events(database, "user.erased")] == [person.id]


async def test_the_keys_of_an_erased_account_open_nothing(
    application: FastAPI, admin: AsyncClient, client: AsyncClient, database: Database
) -> None:
    async with signed_in(application, await a_person(database, role=Role.ADMIN)) as second:
        made = await second.post(KEYS, json={"name": "import", "scopes": ["users:read"]})
        key = {"X-API-Key": made.json()["key"]}
        assert (await client.get(USERS, headers=key)).status_code == 200

        assert (await second.post(ERASE, json={"password": PASSWORD})).status_code == 204

    assert (await client.get(USERS, headers=key)).status_code == 401
    async with database.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM api_keys")) == 0


async def test_a_key_reaches_accounts_by_its_scopes_and_never_its_owners_own(
    admin: AsyncClient, boss: Person, client: AsyncClient
) -> None:
    made = await admin.post(KEYS, json={"name": "import", "scopes": ["users:read"]})
    key = {"X-API-Key": made.json()["key"]}
    someone = f"{USERS}/{boss.id}"

    assert (await client.get(someone, headers=key)).status_code == 200
    assert (await client.patch(someone, json={}, headers=key)).status_code == 403
    assert (await client.patch(ME, json={}, headers=key)).status_code == 403
    erasure = await client.post(ERASE, json={"password": PASSWORD}, headers=key)
    assert (erasure.status_code, erasure.json()["code"]) == (403, "forbidden")


async def test_erasure_leaves_what_others_have(
    their: AsyncClient, application: FastAPI, boss: Person, database: Database
) -> None:
    async with logged_in(application, boss) as other:
        await other.post("/api/v1/auth/password/forgot", json={"email": boss.email})

        await their.post(ERASE, json={"password": PASSWORD})

        assert (await other.get(ME)).json()["email"] == boss.email
        assert len(await letters(database, boss.email)) == 1
        (session,) = (await other.get(f"{ME}/export")).json()["sessions"]
        assert session["ip"] == "127.0.0.1"


async def test_without_the_password_nothing_is_erased_and_the_attempt_counts(
    their: AsyncClient, person: Person, application: FastAPI
) -> None:
    for _ in range(5):
        answer = await their.post(ERASE, json={"password": "not the password"})
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")

    locked = await their.post(ERASE, json={"password": PASSWORD})

    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_attempts")
    assert int(locked.headers["Retry-After"]) > 0
    assert (await their.get(ME)).status_code == 200
    transport = ASGITransport(application)
    async with AsyncClient(transport=transport, base_url="http://test") as stranger:
        body = {"email": person.email, "password": PASSWORD}
        assert (await stranger.post("/api/v1/auth/login", json=body)).status_code == 429
