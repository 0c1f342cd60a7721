"""Joining over HTTP: accounts are made by anybody and are never more than plain users."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import text

from app.core.database import Database
from tests.mailbox import letters, newest_token
from tests.people import PASSWORD, Person, a_person, signed_in

AUTH = "/api/v1/auth"
ADA = "ada@example.com"


async def register(client: AsyncClient, **fields: Any) -> Response:
    body = {"email": ADA, "password": PASSWORD} | fields
    json_type = {"Content-Type": "application/json"}
    # httpx2's own encoder cannot send the lone surrogates that a hostile client can.
    return await client.post(f"{AUTH}/register", content=json.dumps(body), headers=json_type)


async def verify(client: AsyncClient, token: str) -> Response:
    return await client.post(f"{AUTH}/email/verify", json={"token": token})


async def test_a_new_account_is_a_plain_unverified_user(client: AsyncClient) -> None:
    answer = await register(client)

    body = answer.json()
    assert answer.status_code == 201
    assert body == {
        "id": body["id"],
        "email": ADA,
        "display_name": "",
        "role": "user",
        "is_active": True,
        "email_verified": False,
        "created_at": body["created_at"],
        "updated_at": body["created_at"],
    }
    assert answer.headers["Cache-Control"] == "no-store"


async def test_who_has_registered_can_sign_in(client: AsyncClient) -> None:
    await register(client, email=" Ada@Example.COM ")

    answer = await client.post(f"{AUTH}/login", json={"email": ADA, "password": PASSWORD})

    assert answer.status_code == 200


@pytest.mark.parametrize("email", [ADA, "ADA@example.com", "\tada@EXAMPLE.com "])
async def test_an_address_has_one_account_whatever_its_spelling(
    client: AsyncClient, email: str
) -> None:
    await register(client)

    answer = await register(client, email=email)

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


async def test_of_many_who_register_one_address_at_once_one_gets_it(client: AsyncClient) -> None:
    answers = await asyncio.gather(*(register(client) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


@pytest.mark.parametrize(
    "extra",
    [
        {"role": "admin"},
        {"is_active": True},
        {"email_verified": True},
        {"id": "018f0000-0000-7000-8000-000000000000"},
        {"display_name": "Ada"},
    ],
)
async def test_nobody_registers_as_more_than_a_plain_user(
    client: AsyncClient, extra: dict[str, Any]
) -> None:
    answer = await register(client, **extra)

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["loc"] == ["body", *extra]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short12", "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("a" + "\u0323\u0307" * 300, "password_too_long"),
        ("Password1", "password_too_common"),
        (ADA, "password_too_common"),
        ("ADA@example.com", "password_too_common"),
        ("\ud800" * 8, "string_unicode"),
        ("before\x00after", "string_pattern_mismatch"),
        (12345678, "string_type"),
        (None, "string_type"),
    ],
)
async def test_a_password_that_is_refused_says_why_and_is_not_repeated(
    client: AsyncClient, password: Any, code: str
) -> None:
    answer = await register(client, password=password)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    (fault,) = answer.json()["errors"]
    assert (fault["loc"], fault["code"]) == (["body", "password"], code)
    assert "Password1" not in answer.text


async def test_the_mail_to_a_new_account_verifies_its_address_once(
    client: AsyncClient, database: Database, application: FastAPI
) -> None:
    made = (await register(client)).json()
    token = await newest_token(database, ADA)

    assert (await verify(client, token)).status_code == 204

    async with signed_in(application, Person(made["id"], ADA)) as ada:
        assert (await ada.get("/api/v1/users/me")).json()["email_verified"] is True
    again = await verify(client, token)
    assert (again.status_code, again.json()["code"]) == (400, "invalid_token")


@pytest.mark.parametrize("token", ["nonsense", "\u00e9", "x" * 128])
async def test_a_token_that_nobody_sent_verifies_nothing(client: AsyncClient, token: str) -> None:
    answer = await verify(client, token)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_token")


async def test_a_token_for_a_new_password_verifies_no_address(
    client: AsyncClient, database: Database
) -> None:
    person = await a_person(database)
    await client.post(f"{AUTH}/password/forgot", json={"email": person.email})
    token = await newest_token(database, person.email)

    assert (await verify(client, token)).status_code == 400


async def test_a_token_past_its_time_verifies_nothing(
    client: AsyncClient, database: Database
) -> None:
    await register(client)
    async with database.unit_of_work() as work:
        await work.session.execute(
            text("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
        )

    assert (await verify(client, await newest_token(database, ADA))).status_code == 400


async def test_a_link_that_was_asked_for_again_ends_the_earlier_one(
    client: AsyncClient, database: Database, application: FastAPI
) -> None:
    person = await a_person(database)
    async with signed_in(application, person) as their:
        assert (await their.post(f"{AUTH}/email/verify/resend")).status_code == 202
        first = await newest_token(database, person.email)
        answer = await their.post(f"{AUTH}/email/verify/resend")
    assert (answer.status_code, answer.content) == (202, b"")
    second = await newest_token(database, person.email)

    assert (await verify(client, first)).status_code == 400
    assert (await verify(client, second)).status_code == 204


async def test_an_address_that_is_verified_gets_no_further_mail(
    client: AsyncClient, database: Database, application: FastAPI
) -> None:
    made = (await register(client)).json()
    await verify(client, await newest_token(database, ADA))

    async with signed_in(application, Person(made["id"], ADA)) as ada:
        assert (await ada.post(f"{AUTH}/email/verify/resend")).status_code == 202

    assert len(await letters(database, ADA)) == 1


async def test_strangers_have_nothing_sent_again(client: AsyncClient) -> None:
    answer = await client.post(f"{AUTH}/email/verify/resend")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


async def test_a_registration_leaves_its_event(client: AsyncClient, database: Database) -> None:
    made = (await register(client)).json()
    await verify(client, await newest_token(database, ADA))

    async with database.reading() as session:
        rows = await session.execute(
            text("SELECT type, actor_id::text FROM audit_events ORDER BY created_at")
        )
        assert [tuple(row) for row in rows] == [
            ("user.registered", made["id"]),
            ("email.verified", made["id"]),
        ]
