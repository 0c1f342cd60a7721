"""Whether the process lives, and whether it can do its work."""

import asyncio
from enum import StrEnum
from typing import Literal

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import text

from app.core import problems
from app.core.database import database
from app.core.errors import Unavailable
from app.core.feature import Check, Connections
from app.core.redis import redis
from app.observability import draining

log = structlog.get_logger()

router = APIRouter(tags=["operations"])

_PROBE_SECONDS = 1


class State(StrEnum):
    """Of a dependency, and never why: a cause may hold an address or a password."""

    UP = "up"
    DOWN = "down"


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """`degraded` when only dependencies are missing that the service can do without."""

    status: Literal["ready", "degraded"]
    dependencies: dict[str, State]


class NotReady(Unavailable):
    """A required dependency is missing; the problem document says which."""

    detail = "A dependency that the service needs does not answer."

    def __init__(self, dependencies: dict[str, State]) -> None:
        super().__init__()
        self.extensions = {"dependencies": dependencies}


class Stopping(Unavailable):
    """The process was told to stop, and still listens for those who do not know."""

    detail = "The process is about to stop."


async def _select_one(connections: Connections) -> None:
    async with connections.database.reading() as session:
        await session.execute(text("SELECT 1"))


async def _ping(connections: Connections) -> None:
    await connections.redis.ping()


POSTGRESQL = Check("postgresql", _select_one)
REDIS = Check("redis", _ping, required=False)


@router.get("/health")
@router.get("/health/live", name="live")
async def health() -> Alive:
    """Answers as long as the process works, whatever its dependencies do."""
    return Alive()


@router.get("/health/ready", responses=problems.documented(503))
async def ready(request: Request) -> Readiness:
    """Asks every dependency, all at once and for a second at most; no, once about to stop."""
    if draining.ORDERED.is_set():
        raise Stopping
    checks: list[Check] = request.app.state.checks
    connections = Connections(database(request), redis(request))
    answers = await asyncio.gather(*(_probe(check, connections) for check in checks))
    states = {check.name: state for check, state in zip(checks, answers, strict=True)}
    missing = [check for check in checks if states[check.name] is State.DOWN]
    if any(check.required for check in missing):
        raise NotReady(states)
    return Readiness(status="degraded" if missing else "ready", dependencies=states)


async def _probe(check: Check, connections: Connections) -> State:
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            await check.probe(connections)
    except Exception:
        log.warning("dependency_down", dependency=check.name, exc_info=True)
        return State.DOWN
    return State.UP
