"""Cache-aside: looked up first, loaded by one, and worthless from the moment that it changed.

A tag is a small key that holds a random token. An entry begins with the tokens of its tags as they
were read *before* it was loaded, and counts only while they stand. So whoever changed something
writes new tokens, after the commit; what was loaded before is never believed again, however late
it is put there. A tag that is missing says nothing, and is made before the next load.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, Self

from pydantic import ValidationError

from app.core.cache_debt import Debt
from app.core.cache_entries import LOOKUPS, Kind, Look, Sight, renewed
from app.core.counts import Counts
from app.core.errors import Unavailable
from app.core.outages import is_outage
from app.core.redis import Redis, RedisNotConfigured, RedisUnavailable, Set
from app.core.single_flight import SingleFlight

__all__ = ["Cache", "Kind", "Look", "Sight"]

LOADS = Counts("cache_loads_total", "Loads from the source, for want of a fresh entry.", "kind")
# A commit that was given up may still happen: when its change is told of again, in seconds.
DOUBT_SECONDS = (1, 2, 4, 8, 16, 32)


class Cache:
    """One for a process: the loads under way in it, and whether it may believe what it reads."""

    def __init__(
        self, redis: Redis, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._redis = redis
        self._sleep = sleep
        self._flights = SingleFlight()
        self._debt = Debt(redis, sleep)
        self._doubts: set[asyncio.Task[None]] = set()
        redis.breaker.opened.append(self._debt.incur)  # it may come back as it was long ago

    @property
    def ready(self) -> bool:
        """Whether to look at all: not before everybody can know what was changed here."""
        return not self._debt.owing

    async def get[T](self, look: Look[T], load: Callable[[], Awaitable[T]]) -> T:
        """What is kept, or else what `load` finds, which is kept from then on.

        `load` reads what is committed, never inside a transaction that began earlier. Requests
        that come together share what one of them loads, so nobody changes it.
        """
        return await self.fetch(look, await self._sight(look), load)

    async def fetch[T](self, look: Look[T], sight: Sight, load: Callable[[], Awaitable[T]]) -> T:
        """The same after a look in an exchange of the caller's own, made while `ready`."""
        adapter = look.kind.adapter
        if sight.stamp == b"":
            sight = await self._sight(look, *look.preparation)
        if sight.body is not None:
            with suppress(ValidationError):  # kept before a rule that no schema shows
                return adapter.validate_json(sight.body)
        try:
            return await self._loaded(look, sight.stamp, load)
        except Exception as error:
            if sight.stale is None or not (is_outage(error) or isinstance(error, Unavailable)):
                raise
            LOOKUPS.add(look.kind.name, "stale")
            return adapter.validate_json(sight.stale)

    async def outdate(self, *tags: str, doubtful: bool = False) -> None:
        """Ends what is kept under these tags: after the commit, before anybody hears of it.

        A failure is a debt and not raised. `doubtful` is a commit that was given up.
        """
        if doubtful:
            doubt = asyncio.create_task(self._outdate_again(*tags))
            self._doubts.add(doubt)
            doubt.add_done_callback(self._doubts.discard)
        owed = True  # unless it succeeds: it may also be cancelled
        try:
            await self._redis.ask(*map(renewed, tags))
            owed = False
        except RedisUnavailable as failure:
            owed = not isinstance(failure, RedisNotConfigured)
        finally:
            if owed:
                self._debt.incur()

    async def clear(self) -> None:
        """Ends what any process keeps. Raises RedisUnavailable."""
        await self._debt.pay()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for doubt in self._doubts:
            doubt.cancel()
        await self._debt.close()

    async def _sight(self, look: Look[Any], *first: Set) -> Sight:
        if not self.ready:
            return Sight()
        try:
            *_, reply = await self._redis.ask(*first, look.question)
        except RedisUnavailable:
            return Sight()
        return look.seen(reply)

    async def _loaded[T](
        self, look: Look[T], stamp: bytes | None, load: Callable[[], Awaitable[T]]
    ) -> T:
        """Shared by those who saw the same tokens: none of them misses a change by it."""
        if not stamp:
            LOOKUPS.add(look.kind.name, "bypass")
            LOADS.add(look.kind.name)
            return await load()
        LOOKUPS.add(look.kind.name, "miss")
        return await self._flights.join((look.name, stamp), partial(self._kept, look, stamp, load))

    async def _kept[T](self, look: Look[T], stamp: bytes, load: Callable[[], Awaitable[T]]) -> T:
        LOADS.add(look.kind.name)
        value = await load()
        with suppress(RedisUnavailable):
            await self._redis.ask(look.kept(value, stamp))
        return value

    async def _outdate_again(self, *tags: str) -> None:
        for seconds in DOUBT_SECONDS:
            await self._sleep(seconds)
            await self.outdate(*tags)
