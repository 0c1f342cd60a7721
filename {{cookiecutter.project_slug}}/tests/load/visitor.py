"""Somebody with an account, a connection and a session, who does one thing after another."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, NamedTuple

from tests.load.wire import Answer, Connection
from tests.people import Person

API = "/api/v1"


class Visitor:
    """Keeps what the service gave: tokens, and in `seen` the ids of things."""

    def __init__(self, connection: Connection, person: Person) -> None:
        self.connection = connection
        self.person = person
        self.tokens: dict[str, Any] = {}
        self.seen: list[str] = []

    @property
    def bearer(self) -> dict[str, str]:
        """The header of somebody who is signed in; none for others."""
        token = self.tokens.get("access_token")
        return {"Authorization": f"Bearer {token}"} if token else {}

    async def get(self, path: str) -> Answer:
        """With the session, where there is one."""
        return await self.connection.send("GET", f"{API}{path}", self.bearer)

    async def post(self, path: str, body: object, **headers: str) -> Answer:
        """The same, with JSON."""
        return await self.connection.send("POST", f"{API}{path}", self.bearer | headers, body)


class Step(NamedTuple):
    """One of the things that people do: its name in tables, and how often it comes."""

    name: str
    weight: int
    take: Callable[[Visitor], Awaitable[Answer]]


async def sign_in(visitor: Visitor) -> Answer:
    """Begins another session, and keeps its tokens."""
    body = {"email": visitor.person.email, "password": visitor.person.password}
    visitor.tokens = {}
    return _kept(visitor, await visitor.post("/auth/login", body))


async def refresh(visitor: Visitor) -> Answer:
    """Trades the refresh token for the next pair."""
    body = {"refresh_token": visitor.tokens["refresh_token"]}
    return _kept(visitor, await visitor.post("/auth/refresh", body))


async def me(visitor: Visitor) -> Answer:
    """Looks at the own account."""
    return await visitor.get("/users/me")


async def sessions(visitor: Visitor) -> Answer:
    """Looks where one is signed in."""
    return await visitor.get("/auth/sessions?limit=20")


def _kept(visitor: Visitor, answer: Answer) -> Answer:
    visitor.tokens = answer.json() if answer.status == HTTPStatus.OK else {}
    return answer


SIGN_IN = Step("POST /auth/login", 1, sign_in)
VISITS = (
    Step("POST /auth/refresh", 2, refresh),
    Step("GET /users/me", 20, me),
    Step("GET /auth/sessions", 2, sessions),
)
