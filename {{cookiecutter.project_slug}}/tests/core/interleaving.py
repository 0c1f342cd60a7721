"""Tasks that go on one step at a time, in an order and to an end that somebody else chooses."""

import asyncio
from collections.abc import Coroutine, Iterable
from enum import StrEnum
from typing import Any

from app.core.redis import Question, Read, RedisUnavailable
from tests.core.fake_redis import FakeRedis, all_waiting


class Fate(StrEnum):
    """What becomes of a step."""

    DONE = "done"
    LOST = "lost"
    LATE = "late"  # given up, and done at some later time
    CANCELLED = "cancelled"


class Steps:
    """Where every task waits before each of its steps."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Task[Any], asyncio.Future[None]] = {}
        self._fates: dict[asyncio.Task[Any], list[Fate]] = {}

    async def begin(self, work: Coroutine[Any, Any, None], fates: Iterable[Fate] = ()) -> None:
        """Comes as far as its first step; `fates` are those of its first ones."""
        self._fates[asyncio.create_task(work)] = list(fates)
        await all_waiting()

    async def next(self) -> Fate:
        """To be awaited by a task before a step: what is to become of it."""
        task = asyncio.current_task()
        assert task
        self._waiting[task] = asyncio.get_running_loop().create_future()
        try:
            await self._waiting[task]
        finally:
            del self._waiting[task]
        fates = self._fates.get(task)
        fate = fates.pop(0) if fates else Fate.DONE
        if fate is Fate.CANCELLED:
            task.cancel()
            await asyncio.sleep(0)
        return fate

    async def go(self, which: int, steps: int) -> None:
        """One of those that wait takes some steps."""
        if waiting := list(self._waiting):
            task = waiting[which % len(waiting)]
            for _ in range(steps):
                if turn := self._waiting.get(task):
                    turn.set_result(None)
                    await all_waiting()

    async def finish(self) -> None:
        """Everybody goes on to their end, in turns."""
        while self._waiting:
            for turn in self._waiting.values():
                turn.set_result(None)
            await all_waiting()

    async def end(self) -> None:
        """Nobody goes on, nor what a cancelled one has begun."""
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)
        for task in self._fates:
            _ = task.cancelled() or task.exception()


class SteppedRedis(FakeRedis):
    """Each command is a step, on a cluster each key of one too; so is hearing of the replies."""

    def __init__(self, kept: dict[str, bytes], steps: Steps) -> None:
        super().__init__(kept)
        self._steps = steps
        self.cluster = False
        self.losses = 0

    async def ask(self, *questions: Question) -> list[Any]:
        replies = [await self._each(question) for question in questions]
        if await self._fate() is not Fate.DONE:
            raise RedisUnavailable  # all is done, and nobody hears of it
        return replies

    def evict(self, which: int) -> None:
        """One key, if there are so many."""
        for key in sorted(self.kept)[which : which + 1]:
            del self.kept[key]

    async def _each(self, question: Question) -> Any:
        if self.cluster and isinstance(question, Read):
            return [(await self._command(Read((key,))))[0] for key in question.keys]
        return await self._command(question)

    async def _command(self, question: Question) -> Any:
        fate = await self._fate()
        if fate is Fate.LATE:
            await self._steps.begin(self._late(question))
        if fate is not Fate.DONE:
            raise RedisUnavailable
        return self.answer(question)

    async def _fate(self) -> Fate:
        """Of the next step, by whomever: so the losses of a process hit it wherever it is."""
        fate = await self._steps.next()
        if self.losses and fate is Fate.DONE:
            self.losses -= 1
            return Fate.LOST
        return fate

    async def _late(self, question: Question) -> None:
        await self._steps.next()
        self.answer(question)
