"""Tasks that go on one step at a time, in the order that somebody else chooses."""

import asyncio
from collections.abc import Coroutine
from enum import StrEnum
from typing import Any

from app.core.redis import Question, Read, RedisUnavailable
from tests.core.fake_redis import FakeRedis, all_waiting


class Fate(StrEnum):
    """What becomes of a step; whatever is worse than `DONE` looks the same to who took it."""

    DONE = "done"
    LOST = "lost"
    LATE = "late"  # given up, and done at some later time


class Steps:
    """Where every task waits before each of its steps."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Task[Any], asyncio.Future[Fate]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Comes as far as its first step."""
        self._tasks.add(asyncio.create_task(work))
        await all_waiting()

    async def next(self) -> Fate:
        """To be awaited by a task before a step."""
        task = asyncio.current_task()
        assert task
        self._waiting[task] = asyncio.get_running_loop().create_future()
        try:
            return await self._waiting[task]
        finally:
            del self._waiting[task]

    async def go(self, which: int, steps: int, last: Fate = Fate.DONE) -> None:
        """One of those that wait takes so many steps, the last of which ends like this."""
        for task in self._chosen(which):
            for left in reversed(range(steps)):
                if task in self._waiting:
                    self._waiting[task].set_result(Fate.DONE if left else last)
                    await all_waiting()

    async def finish(self) -> None:
        """Everybody goes on to their end, in turns."""
        while self._waiting:
            for task in list(self._waiting):
                if task in self._waiting:
                    self._waiting[task].set_result(Fate.DONE)
            await all_waiting()

    async def cancel(self, which: int) -> None:
        """A client that hangs up, or a deadline."""
        for task in self._chosen(which):
            task.cancel()
        await all_waiting()

    async def end(self) -> None:
        """Nobody goes on, nor those that a cancelled one has begun."""
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _chosen(self, which: int) -> list[asyncio.Task[Any]]:
        """One, or none when none waits."""
        waiting = list(self._waiting)
        return [waiting[which % len(waiting)]] if waiting else []


class SteppedRedis(FakeRedis):
    """Each command is a step, on a cluster each key too; so is hearing of the replies."""

    def __init__(self, kept: dict[str, bytes], steps: Steps) -> None:
        super().__init__(kept)
        self._steps = steps
        self.cluster = False

    async def ask(self, *questions: Question) -> list[Any]:
        replies = [await self._each(question) for question in questions]
        if await self._steps.next() is not Fate.DONE:
            raise RedisUnavailable  # all is done, and nobody hears of it
        return replies

    async def _each(self, question: Question) -> Any:
        if self.cluster and isinstance(question, Read):
            return [(await self._command(Read((key,))))[0] for key in question.keys]
        return await self._command(question)

    async def _command(self, question: Question) -> Any:
        fate = await self._steps.next()
        if fate is Fate.LATE:
            await self._steps.begin(self._late(question))
        if fate is not Fate.DONE:
            raise RedisUnavailable
        return self.answer(question)

    async def _late(self, question: Question) -> None:
        await self._steps.next()
        self.answer(question)
