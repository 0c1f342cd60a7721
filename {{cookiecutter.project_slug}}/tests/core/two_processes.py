"""Two processes that share a Redis and a number, and what can happen between them, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.cache import Cache, Look
from app.core.errors import Unavailable
from tests.core.fake_redis import age
from tests.core.interleaving import Fate, SteppedRedis, Steps


class Deed(StrEnum):
    """What somebody, or fate, may do."""

    READ = "read"
    WRITE = "write"
    CLEAR = "clear"
    LOSE_THE_NEXT = "lose the next steps"
    OPEN_THE_BREAKER = "open the breaker"
    EVICT = "evict a key"
    FLUSH = "flush"
    AGE = "let the entry grow old"


@dataclass(frozen=True)
class Actor:
    """Somebody in one of the processes who begins with a step, and what becomes of the next ones.

    `what` says which tag, which key, how many losses.
    """

    deed: Deed
    process: int = 0
    what: int = 0
    fates: Sequence[Fate] = ()


@dataclass(frozen=True)
class Scene:
    """Who acts, and whose turn it is for how many steps; after that all come to their end."""

    before: Deed | None
    actors: Sequence[Actor]
    turns: Sequence[tuple[int, int]]


class TwoProcesses:
    """The number only grows, so that older means smaller; the cache keeps it under two tags."""

    def __init__(self, look: Look[int], *, cluster: bool) -> None:
        self.steps = Steps()
        self.faults: list[str] = []
        self._look = look
        self._number = 0
        self._kept: dict[str, bytes] = {}
        self._ways = [SteppedRedis(self._kept, self.steps) for _ in range(2)]
        for way in self._ways:
            way.cluster = cluster
        self._caches = [Cache(way, self._pause) for way in self._ways]
        self._known_to_all = 0
        self._known_to = [0, 0]

    async def play(self, scene: Scene) -> None:
        """The end of a scene is a look from everywhere."""
        if scene.before:
            await self._do(Actor(scene.before))
        for actor in scene.actors:
            await self.steps.begin(self._act(actor), [Fate.DONE, *actor.fates])
        for who, steps in scene.turns:
            await self.steps.go(who, steps)
            self._learn()
        await self._all_look()

    async def _all_look(self) -> None:
        await self.steps.finish()
        self._learn()
        for process in (0, 1):
            await self.steps.begin(self._read(process))
        await self.steps.finish()

    def _learn(self) -> None:
        """What a process owed is paid once it believes its cache again: all may know it then."""
        for cache, known in zip(self._caches, self._known_to, strict=True):
            if cache.ready:
                self._known_to_all = max(self._known_to_all, known)

    async def _act(self, actor: Actor) -> None:
        await self.steps.next()
        await self._do(actor)

    async def _do(self, actor: Actor) -> None:
        cache, way = self._caches[actor.process], self._ways[actor.process]
        match actor.deed:
            case Deed.READ:
                await self._read(actor.process)
            case Deed.WRITE:
                await self._write(actor.process, self._look.tags[actor.what % 2])
            case Deed.CLEAR:
                await cache.clear()
            case Deed.LOSE_THE_NEXT:
                way.losses += actor.what
            case Deed.OPEN_THE_BREAKER:
                way.breaker.opened[0]()
            case Deed.EVICT:
                way.evict(actor.what)
            case Deed.FLUSH:
                way.lose()
            case Deed.AGE:
                age(way.kept)

    async def _read(self, process: int) -> None:
        least = max(self._known_to_all, self._known_to[process])
        found = await self._caches[process].get(self._look, self._load)
        if found < least:
            self.faults.append(f"process {process} read {found} after {least}")

    async def _load(self) -> int:
        if await self.steps.next() is not Fate.DONE:
            raise Unavailable
        found = self._number
        await self.steps.next()
        return found

    async def _write(self, process: int, tag: str) -> None:
        self._number += 1
        written = self._number
        try:
            await self._caches[process].outdate(tag)
        finally:  # whoever is cancelled here has committed, and may tell
            self._known_to[process] = max(self._known_to[process], written)

    async def _pause(self, _: float) -> None:
        await self.steps.next()
