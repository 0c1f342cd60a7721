"""A user's own sessions over HTTP."""

from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

from app.core.database import Database
from tests.people import Person, a_person, logged_in, signed_in

SESSIONS = "/api/v1/auth/sessions"


@pytest.fixture
async def person(database: Database) -> Person:
    return await a_person(database)


async def the_current(client: httpx2.AsyncClient) -> str:
    sessions = (await client.get(SESSIONS)).json()["data"]
    return next(str(session["id"]) for session in sessions if session["current"])


async def test_a_user_sees_where_they_are_logged_in(
    application: FastAPI, person: Person, database: Database
) -> None:
    stranger = await a_person(database)
    async with (
        logged_in(application, person) as here,
        logged_in(application, person),
        logged_in(application, stranger),
    ):
        answer = await here.get(SESSIONS)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert body["meta"] == {"page": 1, "limit": 20, "total": 2, "total_capped": False}
    assert [session["current"] for session in body["data"]] == [False, True]
    for session in body["data"]:
        assert set(session) == {
            "id", "created_at", "last_used_at", "expires_at", "user_agent", "ip", "current",
        }  # fmt: skip
        assert session["ip"] == "127.0.0.1"
        assert session["user_agent"].startswith("python-httpx2")


async def test_an_ended_session_is_refused_on_its_next_request(
    application: FastAPI, person: Person
) -> None:
    async with signed_in(application, person) as here, signed_in(application, person) as there:
        path = f"{SESSIONS}/{await the_current(there)}"

        assert (await here.delete(path)).status_code == 204

        refused = await there.get(SESSIONS)
        assert (refused.status_code, refused.json()["code"]) == (401, "invalid_token")
        assert (await here.get(SESSIONS)).json()["meta"]["total"] == 1
        assert (await here.delete(path)).status_code == 404


async def test_one_may_end_the_session_that_asks(application: FastAPI, person: Person) -> None:
    async with signed_in(application, person) as here:
        assert (await here.delete(f"{SESSIONS}/{await the_current(here)}")).status_code == 204
        assert (await here.get(SESSIONS)).status_code == 401


async def test_somebody_elses_session_is_not_found_and_lives_on(
    application: FastAPI, person: Person, database: Database
) -> None:
    stranger = await a_person(database)
    async with signed_in(application, person) as mine, signed_in(application, stranger) as theirs:
        foreign = await mine.delete(f"{SESSIONS}/{await the_current(theirs)}")
        unknown = await mine.delete(f"{SESSIONS}/{uuid4()}")

        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert foreign.json()["detail"] == unknown.json()["detail"]
        assert (await theirs.get(SESSIONS)).status_code == 200


async def test_nobody_in_particular_has_no_sessions(client: httpx2.AsyncClient) -> None:
    for answer in (await client.get(SESSIONS), await client.delete(f"{SESSIONS}/{uuid4()}")):
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_an_unknown_query_is_refused(application: FastAPI, person: Person) -> None:
    async with signed_in(application, person) as here:
        assert (await here.get(SESSIONS, params={"user_id": str(uuid4())})).status_code == 422
