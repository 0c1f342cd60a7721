"""The audit log over HTTP: for admins, page by page."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.core.database import Database
from app.users.models import Role
from tests.people import a_person, logged_in

EVENTS = "/api/v1/audit-events"


async def test_an_admin_reads_who_did_what_page_by_page(
    application: FastAPI, database: Database
) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    ada = await a_person(database)
    for _ in range(2):
        async with logged_in(application, ada):
            pass
    async with logged_in(application, admin) as client:
        mine: dict[str, str | int] = {
            "actor_id": str(ada.id),
            "type": "login.succeeded",
            "limit": 1,
        }
        first = await client.get(EVENTS, params=mine)
        cursor = first.json()["meta"]["next_cursor"]
        second = await client.get(EVENTS, params=mine | {"cursor": cursor})

    assert first.status_code == 200, first.text
    assert first.headers["Cache-Control"] == "no-store"
    (newest,), (oldest,) = first.json()["data"], second.json()["data"]
    assert newest["created_at"] > oldest["created_at"]
    assert newest.keys() == {
        *("id", "created_at", "type", "actor_id", "ip", "user_agent", "request_id", "details")
    }
    assert (newest["type"], newest["actor_id"]) == ("login.succeeded", str(ada.id))
    assert second.json()["meta"] == {"limit": 1, "next_cursor": None}


async def test_it_is_closed_to_others_and_remembers_that_they_tried(
    application: FastAPI, client: AsyncClient, database: Database
) -> None:
    admin, ada = await a_person(database, role=Role.ADMIN), await a_person(database)
    stranger = await client.get(EVENTS)
    async with logged_in(application, ada) as hers:
        refused = await hers.get(EVENTS)
    async with logged_in(application, admin) as his:
        denials = await his.get(EVENTS, params={"type": "access.denied"})

    assert (stranger.status_code, stranger.json()["code"]) == (401, "not_authenticated")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert [event["actor_id"] for event in denials.json()["data"]] == [str(ada.id)]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "cursor=x",
        f"cursor={'A' * 43}",
        "type=nothing",
        "actor_id=me",
        "since=yesterday",
        "since=2026-11-20T12:00:00",
        "since=0001-01-01T00:00:00%2B14:00",
        "page=1",
    ],
)
async def test_a_query_that_asks_for_something_else_is_refused(
    query: str, application: FastAPI, database: Database
) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    async with logged_in(application, admin) as client:
        answer = await client.get(f"{EVENTS}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_a_cursor_of_another_filter_is_refused(
    application: FastAPI, database: Database
) -> None:
    admin = await a_person(database, role=Role.ADMIN)
    async with logged_in(application, admin), logged_in(application, admin) as client:
        first = await client.get(EVENTS, params={"limit": 1})
        cursor = first.json()["meta"]["next_cursor"]
        answer = await client.get(EVENTS, params={"type": "login.succeeded", "cursor": cursor})

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["code"] == "cursor_invalid"
