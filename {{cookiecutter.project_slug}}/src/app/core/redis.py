"""Everything asked of Redis goes through here, in few exchanges, in bounded time or not at all."""

from collections.abc import Sequence
from functools import partial
from time import perf_counter
from typing import Any, Self, cast

import structlog
from fastapi import Request
from opentelemetry import trace
from opentelemetry.trace import SpanKind
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from app.core.breaker import Breaker
from app.core.counts import Counts
from app.core.redis_batches import Batches
from app.core.redis_questions import Question, Read, Run, Script, Set, Words
from app.core.redis_servers import Servers, bounded, servers
from app.core.redis_settings import RedisSettings
from app.core.settings import read
from app.core.timings import Timings

__all__ = [
    "Question",
    "Read",
    "Redis",
    "RedisNotConfigured",
    "RedisSettings",
    "RedisUnavailable",
    "Run",
    "Script",
    "Set",
    "redis",
]

log = structlog.get_logger()
_tracer = trace.get_tracer("app")

FAILURES = Counts("redis_failures_total", "Exchanges with Redis that failed, by error.", "error")
_EXCHANGES = Timings("redis_exchange_seconds", "Exchanges with Redis that were answered.")

EXCHANGE_SECONDS = 0.5
_FAILURES = (RedisError, RedisClusterException, OSError, TimeoutError)


class RedisUnavailable(Exception):
    """Redis did not answer, or not in time, or with an error; whoever asks goes on without it."""


class RedisNotConfigured(RedisUnavailable):
    """No address is set: fine in development, where all that needs Redis has a way without."""


class Redis:
    """One way to ask, shared by all who do: so one breaker knows whether it makes sense to ask."""

    def __init__(
        self,
        address: str | None,
        *,
        cluster: bool = False,
        prefix: str = "",
        pool_size: int = 8,
        breaker: Breaker | None = None,
    ) -> None:
        self.breaker = breaker or Breaker()
        self._prefix = prefix
        self._servers = servers(address, cluster=cluster, size=pool_size) if address else None
        self._batches = (
            Batches(partial(self._exchange, self._servers), pool_size) if self._servers else None
        )

    @classmethod
    def configured(cls) -> Self:
        """As the settings say; without an address nothing is ever available."""
        settings = read(RedisSettings)
        return cls(
            settings.redis_url.get_secret_value() if settings.redis_url else None,
            cluster=settings.redis_cluster,
            prefix=settings.redis_key_prefix,
            pool_size=settings.redis_pool_size,
        )

    async def ask(self, *questions: Question) -> list[Any]:
        """The replies in order, each as its question says, usually from one exchange.

        Raises RedisUnavailable for everything that can go wrong, an error in place of one of the
        replies included; at the latest after a second.
        """
        if not trace.get_current_span().is_recording():
            return await self._ask(questions)
        with _tracer.start_as_current_span(
            "redis",
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "redis", "db.operation.batch.size": len(questions)},
            record_exception=False,
        ):
            return await self._ask(questions)

    async def _ask(self, questions: Sequence[Question]) -> list[Any]:
        if self._batches is None:
            raise RedisNotConfigured("no address is set")
        replies = await self._batches.ask([question.words(self._prefix) for question in questions])
        unknown = {
            place: question.words_in_full(self._prefix)
            for place, (question, reply) in enumerate(zip(questions, replies, strict=True))
            if isinstance(reply, NoScriptError) and isinstance(question, Run)
        }
        if unknown:
            again = await self._batches.ask(list(unknown.values()))
            for place, reply in zip(unknown, again, strict=True):
                replies[place] = reply
        for reply in replies:
            if isinstance(reply, Exception):
                raise RedisUnavailable from reply
        return replies

    async def ping(self) -> None:
        """Raises RedisUnavailable unless Redis answers questions."""
        await self.ask(Read(("ping",)))

    async def _exchange(self, servers: Servers, commands: Sequence[Words]) -> list[Any]:
        """For all who ask at the same time; the breaker counts it as one."""
        if not self.breaker.lets_in():
            raise RedisUnavailable("it failed too often just now to be asked")
        started = perf_counter()
        try:
            async with bounded(EXCHANGE_SECONDS):
                replies = await servers.exchange(commands)
        except _FAILURES as error:
            await self._failed(servers, error)
            raise RedisUnavailable from error
        _EXCHANGES.add(perf_counter() - started)
        if refused := next(filter(_is_refusal, replies), None):
            await self._failed(servers, refused)
        elif self.breaker.succeeded():
            log.info("redis_available")
        return replies

    async def _failed(self, servers: Servers, error: Exception) -> None:
        kind = type(error).__name__
        FAILURES.add(kind)
        if self.breaker.failed():
            log.warning("redis_unavailable", error=kind)
        await servers.doubt()  # also of one that refuses: the address may be another's by now

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._batches and self._servers:
            await self._batches.close()
            await self._servers.close()


def _is_refusal(reply: object) -> bool:
    """Such as from a server that is loading, read-only or full; an unknown script is none."""
    return isinstance(reply, Exception) and not isinstance(reply, NoScriptError)


def redis(request: Request) -> Redis:
    """The application's own; set when it starts."""
    return cast(Redis, request.app.state.redis)
