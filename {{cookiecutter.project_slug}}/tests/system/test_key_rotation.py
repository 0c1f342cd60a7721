"""JWT keys are replaced by a rolling deploy under load, and no token is refused on the way."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2
import pytest

from app.auth.keys import Algorithm, generate
from app.core.database import Database
from app.core.migrations import ROOT
from tests.people import Person, a_person
from tests.system.processes import APP, Process, free_port, ready, running

pytestmark = pytest.mark.system

AT_MOST = 90  # seconds, for all the deploys; without other work they take 20
SAMPLE = 20  # tokens, or each call would take longer than the one before
PAUSE = 0.1  # seconds between calls, or the load takes the cores from what is starting
FEW = httpx2.Limits(max_connections=8)
OLD, NEW = generate(Algorithm.HS256), generate(Algorithm.HS256)


class Instance:
    """One process of the service after the other, all on one port."""

    def __init__(self, started: ExitStack, servers: dict[str, str], folder: Path) -> None:
        self.started, self.servers, self.port = started, servers, free_port()
        self.log = folder / str(self.port)
        self.process: Process | None = None

    def deploy(self, *ring: dict[str, str]) -> None:
        if self.process:
            self.process.terminate()
            assert self.process.ended() == 0, self.process.said()
        settings = {**self.servers, "JWT_KEYS": json.dumps(ring)}
        command = [*APP, "serve", "--port", str(self.port)]
        self.process = self.started.enter_context(running(command, ROOT, self.log, **settings))
        ready(self.process, self.port)


class Client:
    """Keeps every access token it ever got, and shows them to all that is up."""

    def __init__(self, http: httpx2.AsyncClient, person: Person, instances: list[Instance]) -> None:
        self.http, self.person = http, person
        self.urls = [f"http://127.0.0.1:{each.port}/api/v1" for each in instances]
        self.tokens: list[str] = []
        self.seen = Counter[tuple[str, int]]()  # how often a kid got which status

    async def calls(self, tokens: int) -> None:
        """Signs in at one process, refreshes at the other, shows so many old and new tokens."""
        login = {"email": self.person.email, "password": self.person.password}
        refresh_token = await self.obtain("login", login)
        self.urls.reverse()
        await self.obtain("refresh", {"refresh_token": refresh_token})
        shown = self.tokens[:: -(-len(self.tokens) // tokens)]
        await asyncio.gather(*(self.show(token, url) for token in shown for url in self.urls))

    async def everything(self) -> None:
        """The same with every token."""
        await self.calls(len(self.tokens) + 2)

    async def obtain(self, path: str, body: dict[str, str]) -> str:
        for url in self.urls:
            with suppress(httpx2.TransportError):  # just restarting
                answer = await self.http.post(f"{url}/auth/{path}", json=body)
                pair = answer.raise_for_status().json()
                self.tokens.append(pair["access_token"])
                return str(pair["refresh_token"])
        raise AssertionError("no process is up")

    async def show(self, token: str, url: str) -> None:
        bearer = {"Authorization": f"Bearer {token}"}
        with suppress(httpx2.TransportError):  # just restarting; the other one is asked as well
            answer = await self.http.get(f"{url}/users/me", headers=bearer)
            self.seen[kid(token), answer.status_code] += 1

    async def during(self, instance: Instance, *ring: dict[str, str]) -> None:
        """Calls while the instance is deployed, and with all tokens when all are up again."""
        deployed = asyncio.create_task(asyncio.to_thread(instance.deploy, *ring))
        while not deployed.done():
            await self.calls(SAMPLE)
            await asyncio.wait([deployed], timeout=PAUSE)
        await deployed
        before = self.seen.total()
        await self.everything()
        assert self.seen.total() - before == len(self.tokens) * len(self.urls)


def kid(token: str) -> str:
    return str(json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))["kid"])


async def everywhere(instances: list[Instance], key: dict[str, str]) -> None:
    await asyncio.gather(*(asyncio.to_thread(each.deploy, key) for each in instances))


async def test_keys_are_replaced_without_one_refused_token(
    servers: dict[str, str], database: Database, tmp_path: Path
) -> None:
    person = await a_person(database)
    with ExitStack() as started:
        instances = [Instance(started, servers, tmp_path) for _ in range(2)]
        http = httpx2.AsyncClient(trust_env=False, timeout=AT_MOST, limits=FEW)
        async with http, asyncio.timeout(AT_MOST):
            client = Client(http, person, instances)
            await everywhere(instances, OLD)
            for ring in [OLD, NEW], [NEW, OLD]:
                for each in instances:
                    await client.during(each, *ring)
            assert client.seen.keys() == {(OLD["kid"], 200), (NEW["kid"], 200)}, client.seen
            assert [kid(token) for token in client.tokens[-2:]] == [NEW["kid"]] * 2

            await everywhere(instances, NEW)
            client.seen.clear()
            await client.everything()
            assert client.seen.keys() == {(OLD["kid"], 401), (NEW["kid"], 200)}, client.seen
