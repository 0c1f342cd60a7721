"""What is counted for whom, who is known, and at what price."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, update

from app.api_keys.dependencies import api_key_service
from app.api_keys.schemas import ApiKeyCreate
from app.auth import permissions, tokens
from app.core.cache import Cache
from app.core.database import Database
from app.core.redis import Redis
from app.sessions.dependencies import session_service
from app.sessions.models import Session
from app.users.models import Role
from app.users.repository import UserRepository
from tests.gate.conftest import SETTINGS, Observed, a_thing, service, talking
from tests.people import Person, a_person
from tests.queries import statements

API = "/api/v1"


async def statuses(client: AsyncClient, path: str, times: int, **headers: str) -> list[int]:
    return [(await client.get(f"{API}{path}", headers=headers)).status_code for _ in range(times)]


async def session_of(database: Database, person: Person) -> tuple[UUID, dict[str, str]]:
    """A new session, and the headers of a request that belongs to it."""
    async with database.unit_of_work() as work:
        begun = await session_service(work.session).start(person.id)
    token, _ = tokens.issue(person.id, begun.session_id)
    return begun.session_id, {"Authorization": f"Bearer {token}"}


async def key_of(database: Database, person: Person, scope: str) -> dict[str, str]:
    new = ApiKeyCreate.model_validate({"name": "test", "scopes": [scope]})
    async with database.unit_of_work() as work:
        keys = api_key_service(work.session)
        made = await keys.create(person.id, frozenset(permissions.HOLDERS), new)
    return {"X-API-Key": made.key}


async def test_a_stranger_is_counted_by_address(small: FastAPI, talk: AsyncClient) -> None:
    assert await statuses(talk, "/open", 4) == [200, 200, 200, 429]
    async with talking(small) as another:
        assert await statuses(another, "/open", 1) == [200]


async def test_a_denied_request_hears_why_and_for_how_long(talk: AsyncClient) -> None:
    await statuses(talk, "/open", 3)

    answer = await talk.get(f"{API}/open")

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "rate_limited"
    assert answer.headers.get_list("RateLimit-Policy") == ['"3/minute";q=3;w=60']
    assert 60 <= int(answer.headers["Retry-After"]) <= 81
    assert answer.headers.get_list("RateLimit") == [
        f'"3/minute";r=0;t={answer.headers["Retry-After"]}'
    ]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/open", 200),
        ("GET", "/mine", 401),
        ("GET", f"/things/{UUID(int=7)}", 404),
        ("GET", "/things/none", 422),
        ("POST", "/proof", 415),
    ],
)
async def test_whatever_is_answered_says_how_much_is_left(
    talk: AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await talk.request(method, f"{API}{path}", content=b"{")

    assert answer.status_code == status
    assert "r=" in answer.headers["RateLimit"]
    assert "q=" in answer.headers["RateLimit-Policy"]


@pytest.mark.parametrize("path", ["/open?x=1", "//open", "/open/", "/OPEN", "/%6fpen"])
async def test_another_spelling_of_a_path_is_no_other_budget(talk: AsyncClient, path: str) -> None:
    await statuses(talk, "/open", 3)

    assert (await talk.get(f"{API}{path}")).status_code in {404, 429}
    assert await statuses(talk, "/open", 1) == [429]


async def test_a_forwarding_header_of_the_client_is_no_other_address(talk: AsyncClient) -> None:
    spoofed = [{"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for={n}"} for n in range(4)]

    answers = [await talk.get(f"{API}/open", headers=each) for each in spoofed]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


async def test_somebody_signed_in_is_counted_wherever_they_are(
    small: FastAPI, database: Database
) -> None:
    _, bearer = await session_of(database, await a_person(database))
    async with talking(small) as home, talking(small) as away:
        assert await statuses(home, "/mine", 3, **bearer) == [200] * 3
        assert await statuses(away, "/open", 3, **bearer) == [200, 200, 429]
        assert await statuses(away, "/open", 3) == [200] * 3


async def test_an_api_key_counts_for_its_owner(talk: AsyncClient, database: Database) -> None:
    ada = await a_person(database, role=Role.ADMIN)
    key, (_, bearer) = await key_of(database, ada, "audit:read"), await session_of(database, ada)

    assert await statuses(talk, "/read", 4, **key) == [200] * 4
    assert await statuses(talk, "/mine", 2, **bearer) == [200, 429]


@pytest.mark.parametrize(
    "credential",
    [{"Authorization": "Bearer a.b.c"}, {"X-API-Key": "ak_guess"}, {"Authorization": "Basic x"}],
    ids=str,
)
async def test_a_bad_credential_is_counted_by_address(
    talk: AsyncClient, credential: dict[str, str]
) -> None:
    assert await statuses(talk, "/mine", 4, **credential) == [401, 401, 401, 429]


@pytest.fixture
async def over(database: Database) -> dict[str, str]:
    """The header of a session that was ended."""
    ada = await a_person(database)
    session, bearer = await session_of(database, ada)
    async with database.unit_of_work() as work:
        await session_service(work.session).end(session, ada.id)
    return bearer


async def test_a_session_that_is_over_is_counted_by_address(
    talk: AsyncClient, over: dict[str, str]
) -> None:
    assert await statuses(talk, "/mine", 4, **over) == [401, 401, 401, 429]


async def test_where_everybody_is_counted_by_address_a_session_that_is_over_counts_once(
    talk: AsyncClient, over: dict[str, str]
) -> None:
    answers = [await talk.post(f"{API}/proof", json={}, headers=over) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_where_passwords_are_tried_everybody_is_counted_by_address_and_apart(
    talk: AsyncClient, database: Database
) -> None:
    bearers = [(await session_of(database, await a_person(database)))[1] for _ in range(3)]

    answers = [await talk.post(f"{API}/proof", json={}, headers=each) for each in bearers]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert await statuses(talk, "/open", 1) == [200]


async def test_who_comes_again_costs_one_exchange_and_no_query(
    talk: AsyncClient, database: Database, redis: Observed
) -> None:
    _, bearer = await session_of(database, await a_person(database))
    path = f"/things/{a_thing()}"
    await statuses(talk, path, 1, **bearer)
    redis.exchanges.clear()

    with statements(database) as sent:
        assert await statuses(talk, path, 1, **bearer) == [200]
        assert await statuses(talk, "/mine", 1, **bearer) == [200]

    assert sent == []
    assert [len(exchange) for exchange in redis.exchanges] == [3, 2]


async def end(database: Database, person: Person, session: UUID) -> None:
    async with database.unit_of_work() as work:
        await session_service(work.session).end(session, person.id)


async def end_all(database: Database, person: Person, _: UUID) -> None:
    async with database.unit_of_work() as work:
        await session_service(work.session).end_all(person.id)


async def deactivate(database: Database, person: Person, _: UUID) -> None:
    async with database.unit_of_work() as work:
        await UserRepository(work.session).update(person.id, {"is_active": False})


@pytest.mark.parametrize("done", [end, end_all, deactivate])
async def test_what_ends_a_session_holds_at_once_on_every_process(
    small: FastAPI,
    redis: Observed,
    database: Database,
    done: Callable[[Database, Person, UUID], Awaitable[None]],
) -> None:
    ada = await a_person(database)
    session, bearer = await session_of(database, ada)
    async with Cache(redis) as cache, AsyncExitStack() as stack:
        other = service(database, redis, cache, SETTINGS)
        clients = [await stack.enter_async_context(talking(app)) for app in (small, other)]
        for client in clients:
            assert await statuses(client, "/mine", 1, **bearer) == [200]

        await done(database, ada, session)

        for client in clients:
            assert await statuses(client, "/mine", 1, **bearer) == [401]


async def test_a_change_of_role_holds_at_once(talk: AsyncClient, database: Database) -> None:
    ada = await a_person(database)
    _, bearer = await session_of(database, ada)
    assert await statuses(talk, "/read", 1, **bearer) == [403]

    async with database.unit_of_work() as work:
        await UserRepository(work.session).update(ada.id, {"role": Role.ADMIN})

    assert await statuses(talk, "/read", 1, **bearer) == [200]


async def test_a_session_whose_time_is_over_is_believed_no_longer(
    talk: AsyncClient, database: Database
) -> None:
    session, bearer = await session_of(database, await a_person(database))

    async def ends_in(seconds: float) -> None:
        async with database.unit_of_work() as work:
            ends = func.clock_timestamp() + timedelta(seconds=seconds)
            await work.session.execute(
                update(Session).where(Session.id == session).values(expires_at=ends)
            )

    await ends_in(0.5)
    assert await statuses(talk, "/mine", 1, **bearer) == [200]
    await asyncio.sleep(0.5)
    assert await statuses(talk, "/mine", 1, **bearer) == [401]

    await ends_in(60)  # a use of its refresh token came just in time
    assert await statuses(talk, "/mine", 1, **bearer) == [200]


async def test_a_change_that_was_rolled_back_changes_nothing(
    talk: AsyncClient, database: Database
) -> None:
    ada = await a_person(database)
    session, bearer = await session_of(database, ada)
    assert await statuses(talk, "/mine", 1, **bearer) == [200]

    with pytest.raises(ZeroDivisionError):
        async with database.unit_of_work() as work:
            await session_service(work.session).end(session, ada.id)
            raise ZeroDivisionError

    assert await statuses(talk, "/mine", 1, **bearer) == [200]


async def test_without_redis_the_process_counts_and_the_database_knows(database: Database) -> None:
    _, bearer = await session_of(database, await a_person(database))
    path = f"/things/{a_thing()}"
    async with Redis(None) as nothing, Cache(nothing) as cache:
        app = service(database, nothing, cache, SETTINGS)
        async with talking(app) as talk:
            assert await statuses(talk, "/mine", 3, **bearer) == [200] * 3
            assert await statuses(talk, path, 3, **bearer) == [200, 200, 429]
            assert await statuses(talk, path, 4) == [200, 200, 200, 429]


async def test_a_process_that_owes_an_invalidation_believes_nothing_in_the_cache(
    talk: AsyncClient, small: FastAPI, database: Database
) -> None:
    ada = await a_person(database)
    session, bearer = await session_of(database, ada)
    assert await statuses(talk, "/mine", 1, **bearer) == [200]
    async with Redis("redis://127.0.0.1:1") as nothing, Cache(nothing) as cut_off:
        alone = service(database, small.state.redis, cut_off, SETTINGS)
        await cut_off.outdate("anything")

        async with database.unit_of_work() as work:
            await session_service(work.session).end(session, ada.id)
            work.session.info.clear()  # as if nobody had told the cache

        async with talking(alone) as client:
            assert await statuses(client, "/mine", 1, **bearer) == [401]
