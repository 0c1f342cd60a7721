"""A deploy costs no answer: what is under way is finished, and who asks is warned before."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from httpx2 import AsyncClient, Response, TransportError
from sqlalchemy import text

from app.core.database import Database
from tests.people import Person, a_person
from tests.system.twins import Twin, single

pytestmark = pytest.mark.system

UNDER_WAY = 20
DRAIN = 2
API = "/api/v1"
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    while not await condition():  # noqa: ASYNC110 - of another process there is no event
        await asyncio.sleep(0.01)


async def token(client: AsyncClient, person: Person) -> str:
    body = {"email": person.email, "password": person.password}
    answer = await client.post(f"{API}/auth/login", json=body)
    return str(answer.raise_for_status().json()["access_token"])


async def rename(client: AsyncClient, bearer: str) -> Response:
    headers = {"Authorization": f"Bearer {bearer}"}
    return await client.patch(f"{API}/users/me", json={"display_name": "Ada"}, headers=headers)


async def ready(service: Twin) -> Response:
    return await service.client.get("/health/ready")


async def listens(service: Twin) -> bool:
    """To whom has no connection yet."""
    with suppress(TransportError):
        async with AsyncClient(base_url=service.client.base_url, trust_env=False) as stranger:
            await stranger.get("/health")
        return True
    return False


async def test_requests_under_way_are_answered_before_the_process_ends(
    servers: dict[str, str], database: Database, tmp_path: Path
) -> None:
    async def all_wait() -> bool:
        async with database.reading() as session:
            return bool(await session.scalar(WAITING) == UNDER_WAY)

    async def closed() -> bool:
        return not await listens(service)

    pool = {"DATABASE_POOL_SIZE": str(UNDER_WAY)}
    async with single(servers, tmp_path, **pool) as service, asyncio.timeout(30):
        people = [await a_person(database) for _ in range(UNDER_WAY)]
        tokens = [await token(service.client, person) for person in people]
        async with database.engine.begin() as connection, asyncio.TaskGroup() as asked:
            await connection.execute(text("LOCK TABLE users"))
            answers = [asked.create_task(rename(service.client, each)) for each in tokens]
            await until(all_wait)
            service.process.terminate()
            told = monotonic()
            await until(closed)
            await connection.rollback()

        assert [answer.result().status_code for answer in answers] == [200] * UNDER_WAY
        assert service.process.ended() == 0, service.process.said()
        assert monotonic() - told < 10


async def test_readiness_turns_while_everything_is_still_answered(
    servers: dict[str, str], tmp_path: Path
) -> None:
    async def turned() -> bool:
        return (await ready(service)).status_code != 200

    async with single(servers, tmp_path, DRAIN_SECONDS=str(DRAIN)) as service:
        service.process.terminate()
        told = monotonic()
        async with asyncio.timeout(DRAIN):
            await until(turned)
            answer = await ready(service)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert await listens(service)

        assert service.process.ended() == 0, service.process.said()
        assert DRAIN < monotonic() - told < DRAIN + 10
