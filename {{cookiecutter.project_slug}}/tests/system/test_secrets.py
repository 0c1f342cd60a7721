"""No password, token or key stands in a log line, an error or a URL, whatever is done with it."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.core.database import Database, url
from app.core.migrations import ROOT
from tests import databases
from tests.mailbox import newest_token
from tests.system.processes import APP, KEYS, PATIENCE, free_port, ready, running

pytestmark = pytest.mark.system

AUTH = "/api/v1/auth"
EMAIL = "ada@example.com"
PART = 16  # So many characters of a secret are secret too; a key's shown prefix has fewer.


class Visitor:
    """Remembers every answer, and every secret that it sent or got."""

    def __init__(self, client: httpx2.AsyncClient, *secrets: str) -> None:
        self._client = client
        self.secrets = list(secrets)
        self.answers: list[httpx2.Response] = []

    def secret(self, known: str | None = None, length: int = 24) -> str:
        self.secrets.append(known or token_urlsafe(length))
        return self.secrets[-1]

    async def send(self, status: int, path: str, method: str = "POST", **sent: Any) -> Any:
        answer = await self._client.request(method, path, **sent)
        assert answer.status_code == status, f"{path}: {answer.text}"
        self.answers.append(answer)
        body = answer.json() if answer.content else {}
        self.secrets += [body[k] for k in ("access_token", "refresh_token", "key") if k in body]
        return body

    async def post(self, status: int, path: str, bearer: str = "", **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return await self.send(status, f"{AUTH}/{path}", json=body, headers=headers)

    def seen(self) -> Iterator[str]:
        """Everything of the answers that ends up in other people's logs and on screens."""
        for answer in self.answers:
            yield f"{answer.request.url.path} {answer.headers.get('Location')}"
            if answer.is_error:
                yield f"{answer.text} {answer.headers.multi_items()}"


@pytest.fixture
def own(server: str, template: str) -> Iterator[str]:
    """A database to break, behind a password."""
    with databases.made(server, template) as made:
        secured = url(made).set(password=url(made).password or token_urlsafe(24))
        yield secured.render_as_string(hide_password=False)


async def test_no_secret_is_ever_shown(
    own: str, server: str, redis_settings: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    command = [*APP, "serve", "--port", str(port)]
    settings = {**redis_settings, "DATABASE_URL": own, "JWT_KEYS": KEYS, "LOG_LEVEL": "debug"}
    host = f"http://127.0.0.1:{port}"
    with running(command, ROOT, tmp_path / "log", **settings) as process:
        ready(process, port)
        async with (
            httpx2.AsyncClient(base_url=host, trust_env=False, timeout=PATIENCE) as client,
            Database(own) as database,
        ):
            visitor = Visitor(client, json.loads(KEYS)[0]["secret"], str(url(own).password))
            password = await joins(visitor, database)
            await fails_to_sign_in(visitor)
            bearer = await uses_tokens(visitor, password)
            await uses_keys(visitor, bearer)
            password = await changes_passwords(visitor, database, bearer, password)
            await finds_the_database_broken(visitor, database, password)
            await finds_the_database_closed(visitor, server, url(own).database)
        process.send_signal(signal.SIGTERM)
        assert process.ended() == 0, process.said()

    log, seen = process.said(), "\n".join(visitor.seen())
    assert log.count('"event":"request"') > len(visitor.answers)
    assert leaks(log, visitor.secrets) == []
    assert leaks(seen, visitor.secrets) == []


def leaks(shown: str, secrets: list[str]) -> list[str]:
    """The lines with a secret or a long part of one, or with the hash of a password."""
    parts = {each[at : at + PART] for each in secrets for at in range(len(each) - PART + 1)}
    lines = shown.splitlines()
    return [each for each in lines if "$argon2" in each or any(part in each for part in parts)]


async def joins(visitor: Visitor, database: Database) -> str:
    password = visitor.secret()
    await visitor.post(201, "register", email=EMAIL, password=password)
    await visitor.post(409, "register", email=EMAIL, password=password)
    await visitor.post(422, "register", email=EMAIL, password=visitor.secret(length=600))
    await visitor.post(400, "email/verify", token=visitor.secret())
    token = visitor.secret(await newest_token(database, EMAIL))
    await visitor.post(204, "email/verify", token=token)
    async with database.unit_of_work() as work:  # Only admins have scopes to give to a key.
        await work.session.execute(text("UPDATE users SET role = 'admin'"))
    return password


async def fails_to_sign_in(visitor: Visitor) -> None:
    for wrong in (f"{visitor.secret()}\0", visitor.secret(length=600), [visitor.secret()]):
        await visitor.post(422, "login", email=EMAIL, password=wrong)
    await visitor.post(401, "login", email=EMAIL, password=visitor.secret())
    json_type = {"Content-Type": "application/json"}
    unclosed = json.dumps({"email": EMAIL, "password": visitor.secret()})[:-1]
    await visitor.send(422, f"{AUTH}/login", content=unclosed, headers=json_type)
    for status, path in ((415, "login"), (401, "token")):
        form = {"username": EMAIL, "password": visitor.secret()}
        await visitor.send(status, f"{AUTH}/{path}", data=form)


async def uses_tokens(visitor: Visitor, password: str) -> str:
    await visitor.send(200, f"{AUTH}/token", data={"username": EMAIL, "password": password})
    first = await visitor.post(200, "login", email=EMAIL, password=password)
    await visitor.post(200, "refresh", refresh_token=first["refresh_token"])
    await visitor.post(401, "refresh", refresh_token=first["refresh_token"])
    await visitor.post(401, "refresh", refresh_token=visitor.secret())
    gone = await visitor.post(200, "login", email=EMAIL, password=password)
    await visitor.post(204, "logout", refresh_token=gone["refresh_token"])
    live = str((await visitor.post(200, "login", email=EMAIL, password=password))["access_token"])
    for wrong in (gone["access_token"], visitor.secret(live[:-8] + "A" * 8), visitor.secret()):
        await visitor.post(401, "logout-all", wrong)
    return live


async def uses_keys(visitor: Visitor, bearer: str) -> None:
    made = await visitor.post(201, "api-keys", bearer, name="a", scopes=["users:read"])
    right, garbage = {"X-API-Key": made["key"]}, {"X-API-Key": visitor.secret()}
    both = {**right, "Authorization": f"Bearer {bearer}"}
    for status, headers in ((200, right), (401, garbage), (400, both)):
        await visitor.send(status, "/api/v1/users", "GET", headers=headers)


async def changes_passwords(
    visitor: Visitor, database: Database, bearer: str, password: str
) -> str:
    for status, current in ((403, visitor.secret()), (204, password)):
        body = {"current_password": current, "new_password": visitor.secret()}
        await visitor.post(status, "password/change", bearer, **body)
    await visitor.post(202, "password/forgot", email=EMAIL)
    mailed, newest = visitor.secret(await newest_token(database, EMAIL)), visitor.secret()
    for status, token in ((400, visitor.secret()), (204, mailed), (400, mailed)):
        await visitor.post(status, "password/reset", token=token, new_password=newest)
    return newest


async def finds_the_database_broken(visitor: Visitor, database: Database, password: str) -> None:
    """Errors that nobody expected are logged, and PostgreSQL's quote the row that it refused."""
    bearer = (await visitor.post(200, "login", email=EMAIL, password=password))["access_token"]
    async with database.engine.begin() as owner:
        for table in ("users", "refresh_tokens"):
            refusal = f"ALTER TABLE {table} ADD CONSTRAINT broken CHECK (false) NOT VALID"
            await owner.execute(text(refusal))
    await visitor.post(500, "login", email=EMAIL, password=password)
    await visitor.post(500, "register", email="bob@example.com", password=visitor.secret())
    change = {"current_password": password, "new_password": visitor.secret()}
    await visitor.post(500, "password/change", bearer, **change)


async def finds_the_database_closed(visitor: Visitor, server: str, name: str | None) -> None:
    async with Database(server) as outside, outside.reading() as session:
        await session.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        ends = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - our own name
        await session.execute(text(ends))
    await visitor.send(503, "/health/ready", "GET")
    await visitor.post(503, "login", email=EMAIL, password=visitor.secret())
