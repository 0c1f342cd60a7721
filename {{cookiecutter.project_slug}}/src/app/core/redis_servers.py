"""How commands reach Redis and replies come back: one server, or a cluster."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import islice
from typing import Any, Protocol

from redis.asyncio import RedisCluster
from redis.asyncio.connection import AbstractConnection, Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from app.core.redis_questions import Words

CONNECT_SECONDS = 0.25
REPLY_SECONDS = 0.25
_GRACE_SECONDS = 0.05

_OPTIONS: dict[str, Any] = {  # redis-py's own keyword arguments, of every type
    "socket_connect_timeout": CONNECT_SECONDS,
    "retry": Retry(NoBackoff(), 0),  # whoever waits has something better to do
    # RESP3 brings nothing that is asked for here, and its HELLO, its maintenance notifications
    # and the library's name cost every new connection a round trip each.
    "protocol": 2,
    "driver_info": None,
}


class Servers(Protocol):
    """Raises what redis-py does; an error that is the reply to one command stands among them."""

    async def exchange(self, commands: Sequence[Words]) -> list[Any]:
        """The replies, in order."""

    async def doubt(self) -> None:
        """Has every connection made anew before it is used again."""

    async def close(self) -> None:
        """Ends every connection."""


@asynccontextmanager
async def bounded(seconds: float) -> AsyncIterator[None]:
    """Raises TimeoutError; but a process that was itself held up looks first at what has come."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        late = loop.call_later(seconds, lambda: limit.reschedule(loop.time() + _GRACE_SECONDS))
        try:
            yield
        finally:
            late.cancel()


class OneServer:
    """Each exchange has a connection to itself.

    A plain list holds the idle ones. It takes one back without an `await`, which a cancellation
    could hit, and costs less than half of redis-py's blocking pool and pipeline. Raises ValueError
    and TypeError for an address that cannot be read.
    """

    def __init__(self, address: str) -> None:
        options: dict[str, Any] = _OPTIONS | dict(parse_url(address))
        self._make: Callable[[], AbstractConnection] = partial(
            options.pop("connection_class", Connection), **options
        )
        self._idle = [self._make()]

    async def exchange(self, commands: Sequence[Words]) -> list[Any]:
        """An interrupted one leaves its connection closed: redis-py sees to that."""
        connection = self._idle.pop() if self._idle else self._make()
        try:
            if connection.is_connected and await connection.can_read():
                await connection.disconnect(nowait=True)  # it was closed by the other side
            await connection.connect_check_health()
            async with bounded(REPLY_SECONDS):
                await connection.send_packed_command(connection.pack_commands(commands))
                return [await _reply(connection) for _ in commands]
        finally:
            self._idle.append(connection)

    async def doubt(self) -> None:
        """One dead connection is rarely alone, and not every one looks dead."""
        doubted, self._idle = self._idle, []
        for connection in doubted:
            await connection.disconnect(nowait=True)

    async def close(self) -> None:
        """Ends every connection; by now all are idle."""
        for connection in self._idle:
            await connection.disconnect()


async def _reply(connection: AbstractConnection) -> Any:  # noqa: ANN401 - whatever the command answers
    try:
        return await connection.read_response()
    except ResponseError as error:
        return error


class Cluster:
    """redis-py finds the node of each key; made for `size` exchanges at once."""

    def __init__(self, address: str, size: int) -> None:
        # Twice as many: following a moved slot takes a second connection to the same node.
        self._client = RedisCluster.from_url(
            address, max_connections=2 * size, socket_timeout=None, **_OPTIONS
        )
        self._known = False
        self._look: asyncio.Task[None] | None = None

    async def exchange(self, commands: Sequence[Words]) -> list[Any]:
        """What reads several keys is taken apart, as they live on several nodes."""
        if not self._known:
            await self._get_to_know()
        async with self._client.pipeline() as pipeline:
            for name, *rest in commands:
                if name == "MGET":
                    for key in rest:
                        pipeline.execute_command("GET", key)
                else:
                    pipeline.execute_command(name, *rest, get=True)  # SET's reply as it is
            replies = iter(await pipeline.execute(raise_on_error=False))
        return [
            _first_error(list(islice(replies, len(rest)))) if name == "MGET" else next(replies)
            for name, *rest in commands
        ]

    async def doubt(self) -> None:
        """The nodes may have changed roles, too: they are asked before the next exchange."""
        nodes = self._client.nodes_manager
        for known in (nodes.nodes_cache, nodes.startup_nodes):
            nodes.set_nodes(known, known)  # marks all their connections as to be made anew
        self._known = False

    async def close(self) -> None:
        """Ends every connection."""
        if self._look:
            self._look.cancel()
            await asyncio.gather(self._look, return_exceptions=True)
        await self._client.aclose()
        # Which closes nothing as long as it does not know all the nodes.
        for known in ("nodes_cache", "startup_nodes"):
            await self._client.nodes_manager.aclose(known)

    async def _get_to_know(self) -> None:
        """Takes several round trips, so it goes on for the others when one gives up."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._look_around())
        await asyncio.shield(self._look)

    async def _look_around(self) -> None:
        if self._client.get_nodes():
            await self._client.nodes_manager.initialize()
        await self._client.initialize()  # nothing to do but the first time
        self._known = True


def _first_error(replies: list[Any]) -> Any:  # noqa: ANN401 - an error, or else all the replies
    return next((reply for reply in replies if isinstance(reply, Exception)), replies)


def servers(address: str, *, cluster: bool, size: int = 1) -> Servers:
    """What is at the address; connects to nothing yet.

    Raises ValueError, TypeError, RedisClusterException when it cannot be read.
    """
    return Cluster(address, size) if cluster else OneServer(address)
