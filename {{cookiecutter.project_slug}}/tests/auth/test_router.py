"""Signing in over HTTP: what it gives, whom it refuses, and how alike its refusals are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from passlib.context import CryptContext
from sqlalchemy import func, select, text, update

from app.audit.events import Event
from app.audit.models import AuditEvent
from app.auth.models import LoginFailures
from app.core.database import Database
from app.sessions.models import Session
from app.users.models import User
from tests.people import PASSWORD, Person, a_person, signed_in

AUTH = "/api/v1/auth"
NOBODY = "nobody@example.com"


@pytest.fixture
async def person(database: Database) -> Person:
    return await a_person(database)


async def login(
    client: httpx2.AsyncClient, email: str, password: str = PASSWORD
) -> httpx2.Response:
    return await client.post(f"{AUTH}/login", json={"email": email, "password": password})


@asynccontextmanager
async def coming_from(application: FastAPI, address: str) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(application, client=(address, 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def events(database: Database) -> list[tuple[Any, ...]]:
    async with database.reading() as session:
        rows = await session.execute(
            select(AuditEvent.type, AuditEvent.actor_id, AuditEvent.ip).order_by(AuditEvent.id)
        )
        return [tuple(row) for row in rows]


async def test_a_login_answers_with_a_pair_that_nobody_keeps(
    client: httpx2.AsyncClient, person: Person
) -> None:
    answer = await login(client, person.email)

    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 900)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    me = {"Authorization": f"Bearer {body['access_token']}"}
    assert (await client.get(f"{AUTH}/sessions", headers=me)).status_code == 200


async def test_an_address_is_the_same_in_any_case(
    client: httpx2.AsyncClient, person: Person
) -> None:
    assert (await login(client, f" {person.email.upper()} ")).status_code == 200


async def test_wrong_unknown_and_inactive_are_told_in_the_same_words(
    client: httpx2.AsyncClient, person: Person, database: Database
) -> None:
    inactive = await a_person(database, is_active=False)
    answers = [
        await login(client, person.email, "wrong"),
        await login(client, NOBODY),
        await login(client, inactive.email),
    ]

    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json()["code"] == "invalid_credentials"
    told = [{**answer.json(), "request_id": "", "instance": ""} for answer in answers]
    assert told[0] == told[1] == told[2]
    headers = [{**answer.headers, "x-request-id": ""} for answer in answers]
    assert headers[0] == headers[1] == headers[2]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.system
async def test_twenty_parallel_guesses_count_as_twenty_and_lock(
    client: httpx2.AsyncClient, person: Person, database: Database, *, known: bool
) -> None:
    email = person.email if known else NOBODY

    answers = await asyncio.gather(*(login(client, email, f"guess {n}") for n in range(20)))

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {401, 429}
    async with database.reading() as session:
        counted = set(await session.scalars(select(LoginFailures.failures)))
    assert counted == {statuses.count(401)}
    assert counted.pop() >= 5
    refused = await login(client, email)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 30 <= int(refused.headers["Retry-After"]) <= 900


@pytest.mark.system
async def test_the_right_password_among_parallel_guesses_hardly_ever_gets_its_turn(
    client: httpx2.AsyncClient, person: Person
) -> None:
    """Guesses wait for a core to be hashed on; once five have failed, none that fits counts."""
    guesses = [login(client, person.email, f"guess {n}") for n in range(20)]

    answers = await asyncio.gather(*guesses, login(client, person.email))

    assert answers[-1].status_code == 429


async def test_a_lock_is_the_same_for_accounts_that_do_not_exist(
    client: httpx2.AsyncClient, person: Person
) -> None:
    for email in (person.email, NOBODY):
        statuses = [(await login(client, email, "wrong")).status_code for _ in range(7)]
        assert statuses == [401, 401, 401, 401, 401, 429, 429]
        assert (await login(client, email)).headers["Retry-After"] == "30"


async def test_a_lock_holds_for_its_address_only_and_touches_no_live_session(
    application: FastAPI, client: httpx2.AsyncClient, person: Person
) -> None:
    async with signed_in(application, person) as before:
        for _ in range(5):
            await login(client, person.email, "wrong")
        assert (await login(client, person.email)).status_code == 429

        assert (await before.get(f"{AUTH}/sessions")).status_code == 200
        async with coming_from(application, "198.51.100.7") as elsewhere:
            assert (await login(elsewhere, person.email)).status_code == 200


@pytest.mark.system
async def test_guesses_from_everywhere_lock_the_account_everywhere(
    application: FastAPI, client: httpx2.AsyncClient, person: Person
) -> None:
    for number in range(10):
        async with coming_from(application, f"198.51.100.{number}") as guesser:
            for _ in range(5):
                assert (await login(guesser, person.email, "wrong")).status_code == 401

    assert (await login(client, person.email)).status_code == 429


@pytest.mark.system
async def test_when_a_lock_is_over_the_right_password_opens(
    client: httpx2.AsyncClient, person: Person, database: Database
) -> None:
    for _ in range(5):
        await login(client, person.email, "wrong")
    async with database.unit_of_work() as work:
        await work.session.execute(update(LoginFailures).values(locked_until=text("now()")))

    assert (await login(client, person.email)).status_code == 200
    assert (await login(client, person.email, "wrong")).status_code == 401
    assert (await login(client, person.email)).status_code == 200


async def test_the_audit_log_tells_of_logins_and_survives_their_refusal(
    client: httpx2.AsyncClient, person: Person, database: Database
) -> None:
    for _ in range(5):
        await login(client, person.email, "wrong")
    await login(client, NOBODY, "wrong")

    failed = (Event.LOGIN_FAILED, person.id, "127.0.0.1")
    assert await events(database) == [
        *[failed] * 5,
        (Event.LOGIN_LOCKED, person.id, "127.0.0.1"),
        (Event.LOGIN_FAILED, None, "127.0.0.1"),
    ]


async def test_an_old_bcrypt_hash_is_accepted_and_replaced(
    client: httpx2.AsyncClient, person: Person, database: Database
) -> None:
    old = CryptContext(["bcrypt"], bcrypt__rounds=4).hash(PASSWORD)
    async with database.unit_of_work() as work:
        await work.session.execute(update(User).values(password_hash=old))

    answers = await asyncio.gather(*(login(client, person.email) for _ in range(4)))

    assert [answer.status_code for answer in answers] == [200] * 4
    async with database.reading() as session:
        kept = await session.scalar(select(User.password_hash))
    assert kept is not None
    assert kept.startswith("$argon2id$")


@pytest.mark.system
@pytest.mark.measured
async def test_a_login_holds_no_connection_while_it_hashes(
    client: httpx2.AsyncClient, database: Database, person: Person
) -> None:
    """Sixty at once, with ten connections and a second's patience for one: none is turned away."""
    answers = await asyncio.gather(*(login(client, person.email) for _ in range(60)))

    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize(
    "body",
    [
        {"email": "a@example.com"},
        {"email": "a@example.com", "password": ""},
        {"email": "a@example.com", "password": "x" * 513},
        {"email": "a@example.com", "password": "nul\x00"},
        {"email": "a@example.com", "password": 12345678},
        {"email": "no address", "password": "x"},
        {"email": ["a@example.com"], "password": "x"},
        {"email": "a@example.com", "password": "x", "role": "admin"},
    ],
)
async def test_a_login_with_anything_wrong_in_it_is_refused_without_an_echo(
    client: httpx2.AsyncClient, database: Database, body: dict[str, Any]
) -> None:
    answer = await client.post(f"{AUTH}/login", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert "x" * 513 not in answer.text
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(LoginFailures)) == 0


async def test_the_oauth_form_signs_in_as_well(client: httpx2.AsyncClient, person: Person) -> None:
    form = {"grant_type": "password", "username": person.email, "password": PASSWORD}

    answer = await client.post(f"{AUTH}/token", data={**form, "scope": "", "client_id": "docs"})

    assert answer.status_code == 200
    assert answer.json().keys() >= {"access_token", "refresh_token"}
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_oauth_form_is_refused_in_the_words_of_oauth(
    client: httpx2.AsyncClient, person: Person
) -> None:
    form = {"username": person.email, "password": "wrong"}

    answers = [await client.post(f"{AUTH}/token", data=form) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    for answer in answers:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["error"] == "invalid_grant"
    assert [answer.json()["code"] for answer in answers[4:]] == [
        "invalid_credentials",
        "too_many_attempts",
    ]


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "client_credentials"},
        {"username": ""},
        {"password": ""},
        {"role": "admin"},
    ],
)
async def test_an_oauth_form_with_anything_wrong_in_it_is_refused(
    client: httpx2.AsyncClient, person: Person, form: dict[str, str]
) -> None:
    good = {"username": person.email, "password": PASSWORD}

    assert (await client.post(f"{AUTH}/token", data=good | form)).status_code == 422


async def test_signing_out_everywhere_holds_on_the_next_request(
    application: FastAPI, person: Person, database: Database
) -> None:
    stranger = await a_person(database)
    async with (
        signed_in(application, person) as here,
        signed_in(application, person) as there,
        signed_in(application, stranger) as other,
    ):
        assert (await here.post(f"{AUTH}/logout-all")).status_code == 204

        for client in (here, there):
            assert (await client.get(f"{AUTH}/sessions")).status_code == 401
        assert (await other.get(f"{AUTH}/sessions")).status_code == 200
    async with database.reading() as session:
        live = select(func.count()).where(Session.revoked_at.is_(None))
        assert await session.scalar(live) == 1


async def test_only_somebody_can_sign_out_everywhere(client: httpx2.AsyncClient) -> None:
    answer = await client.post(f"{AUTH}/logout-all")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
