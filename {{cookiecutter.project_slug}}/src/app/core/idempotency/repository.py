"""The queries of kept answers; row-level security leaves each caller their own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.idempotency.errors import RequestInProgress
from app.core.idempotency.models import IdempotencyKey
from app.core.opening import LOCK_TIMEOUT
from app.core.outages import LOCK_NOT_AVAILABLE, sqlstate
from app.core.statements import run

# In milliseconds. Whoever waits for the first request holds a connection that others need.
_PATIENCE = 300

# One statement claims, waits, and takes over a row past its time. Making the row to insert
# shortens the patience with locks, and the row that was inserted restores it.
_CLAIM = text("""
    INSERT INTO idempotency_keys AS known (user_id, route, key, body_hash)
    SELECT CAST(:user_id AS uuid), :route, :key, CAST(:body_hash AS bytea)
    FROM set_config('lock_timeout', :impatient, true)
    ON CONFLICT (user_id, route, key) DO UPDATE
    SET body_hash = excluded.body_hash, created_at = now()
    WHERE known.created_at < now() - CAST(:lifetime AS interval)
    RETURNING set_config('lock_timeout', :patient, true)
""")
_KEEP = text("""
    UPDATE idempotency_keys SET status = :status, headers = CAST(:headers AS jsonb), body = :body
    WHERE user_id = :user_id AND route = :route AND key = :key
""")


class Name(NamedTuple):
    """What an attempt is known by: whose it is, at which route, under which key."""

    user_id: UUID
    route: str
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, to the byte; `headers` are those that belong to the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """A request that was done before."""

    body_hash: bytes
    answer: Answer


class KeptAnswers:
    """Answers in PostgreSQL, in the transaction that does the work."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, name: Name, body_hash: bytes, lifetime: timedelta) -> bool:
        """Whether the work is ours to do; waits a moment for whoever is doing it.

        Raises RequestInProgress.
        """
        values = {
            **name._asdict(),
            "body_hash": body_hash,
            "lifetime": lifetime,
            "impatient": str(_PATIENCE),
            "patient": str(LOCK_TIMEOUT),
        }
        try:
            claimed = await run(self._session, _CLAIM, values)
        except DBAPIError as error:
            if sqlstate(error) == LOCK_NOT_AVAILABLE:
                raise RequestInProgress from error
            raise
        return claimed.first() is not None

    async def known(self, name: Name) -> Known | None:
        """What was done under this name, if anything was."""
        rows = await self._session.execute(
            select(
                IdempotencyKey.body_hash,
                IdempotencyKey.status,
                IdempotencyKey.headers,
                IdempotencyKey.body,
            ).where(_named(name))
        )
        row = rows.one_or_none()
        return Known(row.body_hash, Answer(row.status, row.headers, row.body)) if row else None

    async def keep(self, name: Name, answer: Answer) -> None:
        """For whoever asks again under this name, once this transaction stands."""
        headers = json.dumps(dict(answer.headers))
        kept = {"status": answer.status, "headers": headers, "body": answer.body}
        await run(self._session, _KEEP, {**name._asdict(), **kept})

    async def free(self, name: Name) -> None:
        """The next request under this name is the first."""
        await self._session.execute(delete(IdempotencyKey).where(_named(name)))


def _named(name: Name) -> ColumnElement[bool]:
    return and_(
        IdempotencyKey.user_id == name.user_id,
        IdempotencyKey.route == name.route,
        IdempotencyKey.key == name.key,
    )
