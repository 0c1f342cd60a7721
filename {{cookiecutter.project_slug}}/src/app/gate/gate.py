"""One question to Redis for all that a request will need: its budget, its caller, its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

from fastapi import Request, Response

from app.auth import identity
from app.auth.credentials import shown
from app.auth.errors import InvalidToken
from app.auth.tokens import AccessClaims
from app.core import caller
from app.core.cache import Cache, Look, Sight
from app.core.caller import Caller
from app.core.database import Database
from app.core.redis import Redis, RedisUnavailable
from app.gate.answers import KeptAnswers
from app.sessions.schemas import Standing
from app.throttling.errors import RateLimited
from app.throttling.limiter import Limiter
from app.throttling.policies import Policy
from app.throttling.verdict import UNLIMITED, Verdict

type Sights = Mapping[str, Sight]
"""By the name of the look; empty when Redis was not asked."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Counts a request, finds out who asks, and may know the answer."""

    database: Database
    redis: Redis
    cache: Cache
    limiter: Limiter

    async def admit(
        self, request: Request, policy: Policy, kept: KeptAnswers | None
    ) -> Response | None:
        """The answer, if it is kept. Raises RateLimited.

        Leaves in the request's state: `identity`, the caller or what is wrong with the credentials;
        `sights` of the cache; `headers` for whatever answer it gets.
        """
        credentials = shown(request.scope)
        claims, key = credentials.claims, credentials.api_key
        # A key says of itself for whom it speaks to nobody but the database.
        holder = await identity.holder(self.database, key) if key else None
        user = claims.sub if claims else holder.id if holder else None
        who = identity.look(claims) if claims else None
        what = kept.place.look(request, user) if kept else None

        verdict, sights = await self._ask(policy, user, [look for look in (who, what) if look])
        _obey(request, verdict)
        known = await self._owner(claims, who, sights) if claims and who else holder
        if user and not known and policy.by_user:
            _obey(request, await self._charge_stranger(policy))
        request.state.identity = known or credentials.fault or InvalidToken()
        request.state.sights = sights
        if known:
            caller.identify(known)
        return kept.answer(request, sights.get(what.name), known) if kept and what else None

    async def _ask(
        self, policy: Policy, user: UUID | None, looks: Sequence[Look[Any]]
    ) -> tuple[Verdict, Sights]:
        """The only exchange that most requests have with Redis."""
        who = _subject(policy, user)
        budget = self.limiter.question(policy, who)
        asked = looks if self.cache.ready else ()
        questions = [*([budget] if budget else ()), *(look.question for look in asked)]
        try:
            replies = await self.redis.ask(*questions) if questions else []
        except RedisUnavailable:
            return self.limiter.here(policy, who), {}
        verdict = self.limiter.verdict(policy, who, replies.pop(0)) if budget else UNLIMITED
        seen = zip(asked, replies, strict=True)
        return verdict, {look.name: look.seen(reply) for look, reply in seen}

    async def _owner(
        self, claims: AccessClaims, who: Look[Standing | None], sights: Sights
    ) -> Caller | None:
        """Whose session it is: what ended it, or changed the role, holds on this very request."""
        load = partial(identity.standing, self.database, claims.sid)
        found = await self.cache.fetch(who, sights.get(who.name, Sight()), load)
        if found and found.expires_at <= datetime.now(UTC):  # unless it was prolonged meanwhile
            found = await load()
        return identity.owner(claims, found)

    async def _charge_stranger(self, policy: Policy) -> Verdict:
        """A token that was good once has counted for its owner; now it counts like any bad one."""
        return await self.limiter.charge(policy, _subject(policy, None))


def _subject(policy: Policy, user: UUID | None) -> str:
    return policy.subject(user, caller.current().address)


def _obey(request: Request, verdict: Verdict) -> None:
    """Raises RateLimited, which brings the headers itself."""
    request.state.headers = verdict.headers if verdict.allowed else ()
    if not verdict.allowed:
        raise RateLimited(verdict)


def gate(request: Request) -> Gate:
    """The application's own; set when it starts."""
    return cast(Gate, request.app.state.gate)
