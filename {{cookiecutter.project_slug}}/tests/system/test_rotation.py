"""One refresh token, used by many at once on two processes: one wins, and theft ends the family."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, text, update

from app.core.database import Database
from app.sessions.models import RefreshToken, Session
from tests.effort import tries
from tests.people import Person, a_person
from tests.system.twins import twins

pytestmark = pytest.mark.system

ROUNDS = tries(50)
LENIENT_ROUNDS = tries(10)
USES = 20
AUTH = "/api/v1/auth"

type Pair = dict[str, Any]


class Service:
    """A client for each of the processes that make up the service."""

    def __init__(self, clients: Sequence[httpx2.AsyncClient]) -> None:
        self.one, self.other = clients

    async def login(self, person: Person) -> Pair:
        body = {"email": person.email, "password": person.password}
        answer = await self.one.post(f"{AUTH}/login", json=body)
        pair: Pair = answer.raise_for_status().json()
        return pair

    async def race(self, token: str) -> Pair:
        """What the only one of many uses at once got."""
        uses = [refresh((self.one, self.other)[n % 2], token) for n in range(USES)]
        answers = await asyncio.gather(*uses)
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200] + [401] * (USES - 1)
        (won,) = [answer.json() for answer in answers if answer.status_code == 200]
        return dict(won)

    async def lives(self, pair: Pair) -> set[bool]:
        """What the processes think of the access token; they must not differ."""
        bearer = {"Authorization": f"Bearer {pair['access_token']}"}
        asked = [
            await each.get(f"{AUTH}/sessions", headers=bearer) for each in (self.one, self.other)
        ]
        return {answer.status_code == 200 for answer in asked}


async def refresh(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post(f"{AUTH}/refresh", json={"refresh_token": token})


@asynccontextmanager
async def two_processes(
    servers: dict[str, str], folder: Path, *, leeway: int
) -> AsyncIterator[Service]:
    async with twins(servers, folder, REFRESH_REUSE_LEEWAY_SECONDS=str(leeway)) as both:
        yield Service([each.client for each in both])


async def test_one_use_wins_and_the_others_end_the_family_on_every_process(
    servers: dict[str, str], database: Database, tmp_path: Path
) -> None:
    person = await a_person(database)
    async with two_processes(servers, tmp_path, leeway=0) as service:
        spared = await service.login(person)
        for _ in range(ROUNDS):
            first = await service.login(person)

            won = await service.race(first["refresh_token"])

            assert await service.lives(first) == await service.lives(won) == {False}
            assert (await refresh(service.other, won["refresh_token"])).status_code == 401
        assert await service.lives(spared) == {True}

    async with database.reading() as session:
        live = await session.scalars(select(Session.id).where(Session.revoked_at.is_(None)))
        assert len(live.all()) == 1


async def test_within_the_leeway_the_winner_lives_and_a_later_reuse_ends_the_family(
    servers: dict[str, str], database: Database, tmp_path: Path
) -> None:
    person = await a_person(database)
    async with two_processes(servers, tmp_path, leeway=2) as service:
        for _ in range(LENIENT_ROUNDS):
            first = await service.login(person)

            won = await service.race(first["refresh_token"])

            assert await service.lives(won) == {True}
            last = (await refresh(service.other, won["refresh_token"])).raise_for_status().json()
            await three_seconds_pass(database)
            assert (await refresh(service.one, won["refresh_token"])).status_code == 401
            assert await service.lives(last) == {False}
            assert (await refresh(service.other, last["refresh_token"])).status_code == 401


async def three_seconds_pass(database: Database) -> None:
    """For the tokens that were used, without waiting."""
    async with database.unit_of_work() as work:
        past = RefreshToken.used_at - text("interval '3 seconds'")
        await work.session.execute(update(RefreshToken).values(used_at=past))
