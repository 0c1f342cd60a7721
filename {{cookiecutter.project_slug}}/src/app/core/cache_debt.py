"""What a process owes that could not tell of a change: until it has, it believes no entry."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from app.core.cache_entries import EPOCH, renewed
from app.core.redis import Redis, RedisUnavailable

log = structlog.get_logger()

RETRY_SECONDS = 0.25


class Debt:
    """Owed is a new epoch, which ends every entry.

    It is tried again and again, also without requests: other processes, which know nothing of the
    change, believe their entries for no longer than Redis is out of reach.
    """

    def __init__(self, redis: Redis, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._redis = redis
        self._sleep = sleep
        self._incurred = 0
        self._paid = 0
        self._payments: asyncio.Task[None] | None = None

    @property
    def owing(self) -> bool:
        """Whether a change may have gone untold."""
        return self._paid < self._incurred

    def incur(self) -> None:
        """To be called before anybody hears that the change was made."""
        if not self.owing:
            log.warning("cache_distrusted")
        self._incurred += 1
        if self._payments is None or self._payments.done():
            self._payments = asyncio.create_task(self._pay_in_the_end())

    async def pay(self) -> None:
        """Raises the epoch; or, where Redis does not take it, RedisUnavailable."""
        incurred = self._incurred  # what comes on top meanwhile may be younger than the epoch
        await self._redis.ask(renewed(EPOCH))
        owed = self.owing
        self._paid = max(self._paid, incurred)
        if owed and not self.owing:
            log.info("cache_trusted")

    async def _pay_in_the_end(self) -> None:
        while self.owing:
            try:
                await self.pay()
            except RedisUnavailable:
                await self._sleep(RETRY_SECONDS)

    async def close(self) -> None:
        """The last try: what is owed at the end, entries live to see their own."""
        if self._payments:
            self._payments.cancel()
        if self.owing:
            with suppress(RedisUnavailable):
                await self.pay()
        if self.owing:
            log.error("cache_left_outdated")
