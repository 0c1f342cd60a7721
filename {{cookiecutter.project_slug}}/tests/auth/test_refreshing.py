"""Refresh and logout over HTTP, with the token in the body."""

import asyncio
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, text, update

from app.audit.events import Event
from app.audit.models import AuditEvent
from app.core.database import Database
from app.sessions.models import Session
from app.users.models import User
from tests.people import PASSWORD, Person, a_person

AUTH = "/api/v1/auth"


@pytest.fixture
async def person(database: Database) -> Person:
    return await a_person(database)


async def login(client: httpx2.AsyncClient, person: Person) -> dict[str, Any]:
    body = {"email": person.email, "password": PASSWORD}
    pair: dict[str, Any] = (await client.post(f"{AUTH}/login", json=body)).json()
    return pair


async def refresh(client: httpx2.AsyncClient, pair: dict[str, Any]) -> httpx2.Response:
    return await client.post(f"{AUTH}/refresh", json={"refresh_token": pair["refresh_token"]})


async def lives(client: httpx2.AsyncClient, pair: dict[str, Any]) -> bool:
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    return (await client.get(f"{AUTH}/sessions", headers=bearer)).status_code == 200


def assert_refused(answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_refresh_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_refresh_gives_a_new_pair_of_the_same_session(
    client: httpx2.AsyncClient, person: Person
) -> None:
    old = await login(client, person)

    answer = await refresh(client, old)

    assert answer.status_code == 200
    new = answer.json()
    assert set(new) == set(old)
    assert new["refresh_token"] != old["refresh_token"]
    assert new["access_token"] != old["access_token"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert await lives(client, new)
    assert await lives(client, old)  # its access token is still in its quarter of an hour


async def test_a_second_use_ends_the_family_for_good_and_its_access_tokens_at_once(
    client: httpx2.AsyncClient, person: Person, database: Database
) -> None:
    old, other = await login(client, person), await login(client, person)
    new = (await refresh(client, old)).json()

    assert_refused(await refresh(client, old))

    assert not await lives(client, old)
    assert not await lives(client, new)
    assert_refused(await refresh(client, new))
    assert await lives(client, other)
    async with database.reading() as session:
        types = (await session.scalars(select(AuditEvent.type).order_by(AuditEvent.id))).all()
    assert types[-1] == Event.SESSION_REUSE_DETECTED


async def test_of_twenty_uses_at_once_one_succeeds_and_the_family_ends(
    client: httpx2.AsyncClient, person: Person
) -> None:
    pair = await login(client, person)

    answers = await asyncio.gather(*(refresh(client, pair) for _ in range(20)))

    (won,) = [answer for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} == {200, 401}
    assert_refused(await refresh(client, won.json()))
    assert not await lives(client, won.json())


@pytest.mark.parametrize("token", ["", "nonsense", "ä" * 40, "eyJhbGciOiJub25lIn0.e30."])
async def test_a_token_nobody_gave_is_refused(client: httpx2.AsyncClient, token: str) -> None:
    assert_refused(await refresh(client, {"refresh_token": token}))


async def test_an_access_token_refreshes_nothing(
    client: httpx2.AsyncClient, person: Person
) -> None:
    pair = await login(client, person)

    answer = await refresh(client, {"refresh_token": pair["access_token"]})

    assert answer.status_code in {401, 422}
    assert await lives(client, pair)


async def test_a_refresh_token_opens_nothing(client: httpx2.AsyncClient, person: Person) -> None:
    pair = await login(client, person)

    assert not await lives(client, {"access_token": pair["refresh_token"]})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"refresh_token": None},
        {"refresh_token": 7},
        {"refresh_token": "x" * 513},
        {"refresh_token": "\x00"},
        {"refresh_token": "x", "user_id": "1"},
    ],
)
@pytest.mark.parametrize("route", ["refresh", "logout"])
async def test_a_body_with_anything_wrong_in_it_is_refused(
    client: httpx2.AsyncClient, route: str, body: dict[str, Any]
) -> None:
    assert (await client.post(f"{AUTH}/{route}", json=body)).status_code == 422


@pytest.mark.parametrize("column", ["expires_at", "revoked_at"])
async def test_a_session_past_its_end_is_not_refreshed(
    client: httpx2.AsyncClient, person: Person, database: Database, column: str
) -> None:
    pair = await login(client, person)
    async with database.unit_of_work() as work:
        await work.session.execute(
            update(Session).values({column: text("now() - interval '1 second'")})
        )

    assert_refused(await refresh(client, pair))
    assert not await lives(client, pair)


async def test_a_deactivated_user_is_neither_refreshed_nor_let_in(
    client: httpx2.AsyncClient, person: Person, database: Database
) -> None:
    pair = await login(client, person)
    async with database.unit_of_work() as work:
        await work.session.execute(update(User).values(is_active=False))

    assert_refused(await refresh(client, pair))
    assert not await lives(client, pair)


async def test_signing_out_ends_the_session_whatever_became_of_its_token(
    client: httpx2.AsyncClient, person: Person
) -> None:
    old = await login(client, person)
    new = (await refresh(client, old)).json()

    answer = await client.post(f"{AUTH}/logout", json={"refresh_token": old["refresh_token"]})

    assert (answer.status_code, answer.content) == (204, b"")
    assert not await lives(client, new)
    assert_refused(await refresh(client, new))


async def test_signing_out_is_always_answered_alike(
    client: httpx2.AsyncClient, person: Person
) -> None:
    pair = await login(client, person)

    for token in (pair["refresh_token"], pair["refresh_token"], "nonsense"):
        answer = await client.post(f"{AUTH}/logout", json={"refresh_token": token})
        assert answer.status_code == 204
