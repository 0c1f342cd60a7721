"""Sends together what many ask for at the same time: one write, and the replies in order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from app.core.redis_questions import Words

type Exchange = Callable[[Sequence[Words]], Awaitable[list[Any]]]


class _Asked(NamedTuple):
    commands: Sequence[Words]
    replies: asyncio.Future[list[Any]]


class Batches:
    """What is asked in one turn of the event loop, or while `at_once` exchanges are under way.

    So a storm of requests is neither a storm of connections nor a queue for them, and whoever is
    cancelled leaves no reply behind that another could take for its own.
    """

    def __init__(self, exchange: Exchange, at_once: int) -> None:
        self._exchange = exchange
        self._at_once = at_once
        self._waiting: list[_Asked] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, commands: Sequence[Words]) -> list[Any]:
        """The replies to these; raises what the exchange that took them along does."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._send)
        asked = _Asked(commands, loop.create_future())
        self._waiting.append(asked)
        return await asked.replies

    def _send(self, *_: object) -> None:
        if self._waiting and len(self._under_way) < self._at_once:
            batch, self._waiting = self._waiting, []
            sent = asyncio.create_task(self._sent(batch))
            self._under_way.add(sent)
            sent.add_done_callback(self._under_way.discard)
            sent.add_done_callback(self._send)

    async def _sent(self, batch: Sequence[_Asked]) -> None:
        together = [command for asked in batch for command in asked.commands]
        try:
            replies = iter(await self._exchange(together))
        except Exception as error:  # noqa: BLE001 - whatever it is, those who asked shall know
            for asked in batch:
                if not asked.replies.done():
                    asked.replies.set_exception(error)
            return
        for asked in batch:
            own = list(islice(replies, len(asked.commands)))
            if not asked.replies.done():
                asked.replies.set_result(own)

    async def close(self) -> None:
        """Waits for what is under way, which is bounded."""
        await asyncio.gather(*self._under_way)
