"""A dictionary in Redis' place, which can be out of reach, hang, and lose keys."""

import asyncio
from typing import Any

from app.core.redis import Question, Read, Redis, RedisUnavailable, Run, Set


class FakeRedis(Redis):
    """The way of one process to `kept`, which may be shared by several."""

    def __init__(self, kept: dict[str, bytes] | None = None) -> None:
        super().__init__(None)
        self.kept = {} if kept is None else kept
        self.ttls: dict[str, float] = {}
        self.down = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def ask(self, *questions: Question) -> list[Any]:
        await self.answers.wait()
        if self.down:
            raise RedisUnavailable
        return [self.answer(question) for question in questions]

    def answer(self, question: Question) -> Any:
        """As Redis would, at once."""
        match question:
            case Read(keys):
                return [self.kept.get(key) for key in keys]
            case Set(key, value, ttl, only_if_missing):
                there = self.kept.get(key) if only_if_missing else None
                if there is None:
                    self.kept[key] = value if isinstance(value, bytes) else value.encode()
                    self.ttls[key] = ttl
                return there
            case Run():
                raise NotImplementedError("a dictionary runs no scripts")

    def lose(self, beginning: str = "") -> None:
        """Evicts the keys that begin like this; without it, flushes."""
        for key in [key for key in self.kept if key.startswith(beginning)]:
            del self.kept[key]


class Pauses:
    """Stands in for `asyncio.sleep`: nobody goes on before the test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self._over.wait()

    async def end(self) -> None:
        """Everybody who pauses goes on, and comes as far as they can."""
        await all_waiting()
        self._over.set()
        self._over = asyncio.Event()
        await all_waiting()


async def all_waiting() -> None:
    """Everybody has come as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


def age(kept: dict[str, bytes]) -> None:
    """Ends the time of every entry, as if it had passed."""
    for key, entry in kept.items():
        if key.startswith("cache:"):
            stamp, _, rest = entry.split(b"\n", 2)
            kept[key] = b"\n".join([stamp, b"0", rest])
