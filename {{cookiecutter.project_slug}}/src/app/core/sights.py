"""What one request sees of the cache: what the gate has looked at already is not asked again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, cast

from fastapi import Depends, Request

from app.core.cache import Cache, Look, Sight


class Cached:
    """The cache, for one request; `seen` is what it has looked at so far, and good for once."""

    def __init__(self, cache: Cache, seen: Mapping[str, Sight]) -> None:
        self._cache = cache
        self._seen = dict(seen)

    async def get[T](self, look: Look[T], load: Callable[[], Awaitable[T]]) -> T:
        """What is kept, or else what `load` finds, which is kept from then on."""
        sight = self._seen.pop(look.name, None)
        if sight is None:
            return await self._cache.get(look, load)
        return await self._cache.fetch(look, sight, load)


async def _cached(request: Request) -> Cached:
    seen = getattr(request.state, "sights", {})
    return Cached(cast(Cache, request.app.state.cache), seen)


CachedReads = Annotated[Cached, Depends(_cached)]
