"""Passwords over HTTP: how they are changed, forgotten and replaced."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import text

from app.core.database import Database
from tests.mailbox import letters, newest_token
from tests.people import PASSWORD, Person, a_person, signed_in

AUTH = "/api/v1/auth"
CHANGE = f"{AUTH}/password/change"
FORGOT = f"{AUTH}/password/forgot"
RESET = f"{AUTH}/password/reset"
ME = "/api/v1/users/me"
NEW = "purple monkey dishwasher"


@pytest.fixture
async def person(database: Database) -> Person:
    return await a_person(database)


@pytest.fixture
async def their(application: FastAPI, person: Person) -> AsyncIterator[AsyncClient]:
    async with signed_in(application, person) as client:
        yield client


async def login(client: AsyncClient, person: Person, password: str) -> int:
    body = {"email": person.email, "password": password}
    return (await client.post(f"{AUTH}/login", json=body)).status_code


async def change(client: AsyncClient, current: str, new: str) -> Response:
    return await client.post(CHANGE, json={"current_password": current, "new_password": new})


async def forgotten(client: AsyncClient, database: Database, person: Person) -> str:
    await client.post(FORGOT, json={"email": person.email})
    return await newest_token(database, person.email)


async def reset(client: AsyncClient, token: str, new: str = NEW) -> Response:
    return await client.post(RESET, json={"token": token, "new_password": new})


async def kinds(database: Database) -> list[str]:
    async with database.reading() as session:
        query = text("SELECT type FROM audit_events WHERE type LIKE 'password%'")
        return list(await session.scalars(query))


async def test_a_changed_password_replaces_the_old_one(
    their: AsyncClient, client: AsyncClient, person: Person, database: Database
) -> None:
    answer = await change(their, PASSWORD, NEW)

    assert (answer.status_code, answer.content) == (204, b"")
    assert await login(client, person, PASSWORD) == 401
    assert await login(client, person, NEW) == 200
    assert await kinds(database) == ["password.changed"]
    (letter,) = await letters(database, person.email)
    assert "was changed" in letter


async def test_a_change_ends_every_other_session_and_leaves_this_one(
    application: FastAPI, their: AsyncClient, person: Person
) -> None:
    async with signed_in(application, person) as other:
        await change(their, PASSWORD, NEW)

        assert (await other.get(ME)).status_code == 401
    assert (await their.get(ME)).status_code == 200


async def test_who_does_not_know_the_password_cannot_change_it(
    their: AsyncClient, client: AsyncClient, person: Person
) -> None:
    answer = await change(their, "not the password", NEW)

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")
    assert await login(client, person, PASSWORD) == 200


async def test_guesses_at_the_current_password_are_locked_out_like_those_at_the_login(
    their: AsyncClient, client: AsyncClient, person: Person
) -> None:
    for _ in range(5):
        assert (await change(their, "not the password", NEW)).status_code == 403

    locked = await change(their, PASSWORD, NEW)

    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_attempts")
    assert await login(client, person, PASSWORD) == 429
    assert (await their.get(ME)).status_code == 200, "sessions are never touched"


async def test_a_change_that_succeeds_forgives_the_failures_before_it(their: AsyncClient) -> None:
    for _ in range(4):
        await change(their, "not the password", NEW)
    assert (await change(their, PASSWORD, NEW)).status_code == 204

    for _ in range(4):
        assert (await change(their, "not the password", PASSWORD)).status_code == 403
    assert (await change(their, NEW, PASSWORD)).status_code == 204


@pytest.mark.parametrize("new", ["short12", "password1", "x" * 129])
async def test_a_new_password_keeps_the_rules_whoever_sets_it(
    their: AsyncClient, client: AsyncClient, person: Person, database: Database, new: str
) -> None:
    token = await forgotten(client, database, person)

    for answer in (await change(their, PASSWORD, new), await reset(client, token, new)):
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
        assert answer.json()["errors"][0]["loc"] == ["body", "new_password"]
    assert await login(client, person, PASSWORD) == 200


async def test_nobodys_own_address_is_a_password(
    their: AsyncClient, client: AsyncClient, person: Person, database: Database
) -> None:
    token = await forgotten(client, database, person)

    for answer in (
        await change(their, PASSWORD, person.email),
        await reset(client, token, person.email.upper()),
    ):
        assert answer.status_code == 422
        (fault,) = answer.json()["errors"]
        assert (fault["loc"], fault["code"]) == (["body", "new_password"], "password_too_common")
    assert (await reset(client, token)).status_code == 204, "the token was not used up"


async def test_strangers_change_nothing(client: AsyncClient) -> None:
    answer = await change(client, PASSWORD, NEW)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


async def test_a_password_of_any_characters_is_kept_exactly(
    their: AsyncClient, client: AsyncClient, person: Person
) -> None:
    new = "  Zoe\u0301 🦉 with spaces around  "
    assert (await change(their, PASSWORD, new)).status_code == 204

    assert await login(client, person, new.strip()) == 401
    assert await login(client, person, new.lower()) == 401
    assert await login(client, person, new) == 200
    assert await login(client, person, new.replace("e\u0301", "é")) == 200, "the same, composed"


async def test_a_forgotten_password_is_replaced_by_mail_and_every_session_ends(
    their: AsyncClient, client: AsyncClient, person: Person, database: Database
) -> None:
    token = await forgotten(client, database, person)

    assert (await reset(client, token)).status_code == 204

    assert (await their.get(ME)).status_code == 401
    assert await login(client, person, PASSWORD) == 401
    assert await login(client, person, NEW) == 200
    assert await kinds(database) == ["password.reset"]
    again = await reset(client, token, "yet another password")
    assert (again.status_code, again.json()["code"]) == (400, "invalid_token")


async def test_a_reset_lifts_the_lockout(
    client: AsyncClient, person: Person, database: Database
) -> None:
    for _ in range(5):
        await login(client, person, "not the password")
    assert await login(client, person, PASSWORD) == 429

    await reset(client, await forgotten(client, database, person))

    assert await login(client, person, NEW) == 200


async def test_a_second_link_ends_the_first(
    client: AsyncClient, person: Person, database: Database
) -> None:
    first = await forgotten(client, database, person)
    second = await forgotten(client, database, person)

    assert first != second
    assert (await reset(client, first)).status_code == 400
    assert (await reset(client, second)).status_code == 204


async def test_a_link_past_its_time_replaces_nothing(
    client: AsyncClient, person: Person, database: Database
) -> None:
    token = await forgotten(client, database, person)
    async with database.unit_of_work() as work:
        await work.session.execute(
            text("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
        )

    assert (await reset(client, token)).status_code == 400


async def test_a_reset_token_signs_nobody_in(
    client: AsyncClient, person: Person, database: Database
) -> None:
    token = await forgotten(client, database, person)

    answer = await client.get(ME, headers={"Authorization": f"Bearer {token}"})
    refreshed = await client.post(f"{AUTH}/refresh", json={"refresh_token": token})

    assert (answer.status_code, refreshed.status_code) == (401, 401)


async def test_an_access_token_replaces_no_password(their: AsyncClient) -> None:
    token = their.headers["Authorization"].removeprefix("Bearer ")

    answer = await reset(their, token[:128])

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_token")


async def test_nobody_can_tell_from_the_answer_whether_an_address_has_an_account(
    client: AsyncClient, person: Person, database: Database
) -> None:
    retired = await a_person(database, is_active=False)

    answers = [
        await client.post(FORGOT, json={"email": email})
        for email in (person.email, retired.email, "nobody@example.com")
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"")}
    async with database.reading() as session:
        due = text("SELECT recipient FROM outgoing_messages WHERE failed_at IS NULL")
        assert list(await session.scalars(due)) == [person.email]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHANGE, {"current_password": PASSWORD, "new_password": NEW}),
        (FORGOT, {"email": "ada@example.com"}),
        (RESET, {"token": "x", "new_password": NEW}),
    ],
)
@pytest.mark.parametrize("extra", ["user_id", "role", "email_verified"])
async def test_a_field_that_nobody_asked_for_is_refused(
    their: AsyncClient, path: str, body: dict[str, Any], extra: str
) -> None:
    answer = await their.post(path, json=body | {extra: "x"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", extra]
