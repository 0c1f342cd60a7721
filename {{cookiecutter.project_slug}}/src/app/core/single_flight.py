"""What many want at once is done by one of them, and shared."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, cast


class SingleFlight:
    """The flights under way in this process, by what they are after."""

    def __init__(self) -> None:
        self._landings: dict[Hashable, asyncio.Future[Any]] = {}

    async def join[T](self, flight: Hashable, load: Callable[[], Awaitable[T]]) -> T:
        """What `load` gives or raises, be it one's own or that of whoever came first.

        It runs within the call that came first, so it may use what belongs to that request; if
        that is cancelled, one of those who wait begins again with a `load` of its own.
        """
        while landing := self._landings.get(flight):
            await asyncio.wait([landing])
            if not landing.cancelled():
                return cast(T, landing.result())
        return await self._lead(flight, load)

    async def _lead[T](self, flight: Hashable, load: Callable[[], Awaitable[T]]) -> T:
        landing = self._landings[flight] = asyncio.get_running_loop().create_future()
        try:
            value = await load()
        except Exception as error:
            landing.set_exception(error)
            landing.exception()  # looked at, so that nobody complains when nobody waits
            raise
        else:
            landing.set_result(value)
            return value
        finally:
            landing.cancel()  # only when we were
            del self._landings[flight]
