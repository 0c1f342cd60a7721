"""Questions to a real Valkey, and to a stand-in that behaves as badly as it is told."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_urlsafe

import pytest
import redis.asyncio.connection
from redis._parsers.hiredis import _AsyncHiredisParser
from structlog.testing import capture_logs

from app.core.breaker import Breaker
from app.core.redis import (
    Read,
    Redis,
    RedisNotConfigured,
    RedisSettings,
    RedisUnavailable,
    Run,
    Script,
    Set,
)
from app.core.settings import UnsafeSettings, read
from app.embedded.sockets import private_folder

ECHO = Script("return {KEYS[1], ARGV[1]}")
TTL = Script("return redis.call('PTTL', KEYS[1])")
ERROR = Script("return redis.error_reply(ARGV[1])")
NOTHING = b"*1\r\n$-1\r\n"


class Server:
    """Says to every command that there is nothing, unless it is told to misbehave."""

    def __init__(self, path: Path) -> None:
        self.address = f"unix://{path}"
        self.answer: bytes | None = NOTHING  # None: it hangs; empty: it hangs up
        self.clients: list[asyncio.StreamWriter] = []
        self.heard = asyncio.Event()

    @property
    def connections(self) -> int:
        return len(self.clients)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.clients.append(writer)
        while (asked := await reader.read(65536)) and self.answer != b"":
            self.heard.set()
            if self.answer:
                writer.write(self.answer * asked.count(b"MGET"))
        writer.close()

    async def hang_up(self) -> None:
        for writer in self.clients:
            writer.close()
            await writer.wait_closed()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    with private_folder("test-redis-") as folder:
        server = Server(folder / "socket")
        async with await asyncio.start_unix_server(server.serve, folder / "socket"):
            yield server
            await server.hang_up()


async def failures(redis: Redis, count: int) -> None:
    for _ in range(count):
        with pytest.raises(RedisUnavailable):
            await redis.ping()


async def spread(redis: Redis, count: int) -> None:
    """Asks so many times, each in a turn of the loop of its own."""
    asked = []
    for _ in range(count):
        asked.append(asyncio.create_task(redis.ping()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(*asked)


async def until_sent(server: Server) -> None:
    """Returns when the server has read one more question."""
    server.heard.clear()
    await server.heard.wait()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_replies_stand_in_the_order_of_the_questions(redis: Redis) -> None:
    await redis.ask(Set("a", b"1", ttl=60), Set("c", "3", ttl=60))

    replies = await redis.ask(Read(("c", "b", "a")), Run(ECHO, "k", ("x",)), Read(("a",)))

    assert replies[0] == [b"3", None, b"1"]
    assert replies[1][1] == b"x"
    assert replies[2] == [b"1"]


async def test_what_is_set_only_if_missing_tells_what_stood_there(redis: Redis) -> None:
    first = Set("tag", "first", ttl=60, only_if_missing=True)
    second = Set("tag", "second", ttl=60, only_if_missing=True)

    assert await redis.ask(first, second, Read(("tag",))) == [None, b"first", [b"first"]]


async def test_what_is_set_expires(redis: Redis) -> None:
    *_, left, other = await redis.ask(
        Set("soon", "x", ttl=1.5),
        Set("later", "x", ttl=60, only_if_missing=True),
        Run(TTL, "soon"),
        Run(TTL, "later"),
    )

    assert 1000 < left <= 1500
    assert 59_000 < other <= 60_000


async def test_every_key_begins_with_the_prefix_and_no_other_client_sees_it(
    redis_settings: dict[str, str], redis: Redis
) -> None:
    cluster = redis_settings["REDIS_CLUSTER"] == "True"
    prefix = token_urlsafe(6)
    async with Redis(redis_settings["REDIS_URL"], cluster=cluster, prefix=prefix) as other:
        assert await other.ask(Set("mine", "x", ttl=60)) == [b"OK"]
        ((key, _),) = await other.ask(Run(ECHO, "mine", ("x",)))

    assert key == f"{prefix}mine".encode()
    assert await redis.ask(Read(("mine",))) == [[None]]


async def test_scripts_that_the_server_does_not_know_are_sent_in_full(redis: Redis) -> None:
    new, newer = (Script(f"return ARGV[1] -- {token_urlsafe(6)}") for _ in range(2))

    for _ in range(2):
        replies = await redis.ask(
            Run(new, "a", (1,)), Read(("none",)), Run(newer, "b", (2,)), Run(ECHO, "c", (3,))
        )
        assert [*replies[:3], replies[3][1]] == [b"1", [None], b"2", b"3"]


@pytest.mark.parametrize("error", ["OOM", "READONLY", "LOADING", "CLUSTERDOWN", "ERR", "BUSY"])
async def test_one_error_among_the_replies_fails_the_exchange_and_no_other(
    redis: Redis, error: str
) -> None:
    with pytest.raises(RedisUnavailable):
        await redis.ask(Read(("a",)), Run(ERROR, "b", (f"{error} it is not now",)), Read(("c",)))

    assert await redis.ask(Set("a", "1", ttl=60), Read(("a",))) == [b"OK", [b"1"]]


async def test_many_questions_at_once_wait_for_few_connections(
    redis_settings: dict[str, str],
) -> None:
    cluster = redis_settings["REDIS_CLUSTER"] == "True"
    async with Redis(redis_settings["REDIS_URL"], cluster=cluster, pool_size=2) as redis:
        asked = [redis.ask(Run(ECHO, f"k{n}", (n,))) for n in range(200)]
        replies = await asyncio.gather(*asked)

    assert [int(reply[0][1]) for reply in replies] == list(range(200))


async def test_what_is_asked_at_the_same_time_goes_out_together(server: Server) -> None:
    async with Redis(server.address) as redis:
        await asyncio.gather(*(redis.ping() for _ in range(50)))

    assert server.connections == 1


async def test_there_are_never_more_connections_than_were_allowed(server: Server) -> None:
    async with Redis(server.address, pool_size=3) as redis:
        await spread(redis, 50)

    assert server.connections == 3


async def test_after_a_cancelled_question_nobody_reads_its_reply(
    redis_settings: dict[str, str],
) -> None:
    cluster = redis_settings["REDIS_CLUSTER"] == "True"
    async with Redis(redis_settings["REDIS_URL"], cluster=cluster, pool_size=1) as redis:
        await redis.ask(Run(ECHO, "k", ("known",)))
        for steps in range(60):  # the loop's turns until the cancellation
            theirs = asyncio.create_task(redis.ask(*[Run(ECHO, "k", ("theirs",))] * 3))
            for _ in range(steps % 15):
                await asyncio.sleep(0)
            theirs.cancel()
            mine = await redis.ask(Run(ECHO, "k", ("mine",)))
            assert mine[0][1] == b"mine"


async def test_a_hanging_server_costs_a_quarter_of_a_second_and_twice_that_after_waiting(
    server: Server,
) -> None:
    server.answer = None
    began = time.monotonic()

    async def waited(redis: Redis) -> float:
        await failures(redis, 1)
        return time.monotonic() - began

    async with Redis(server.address, pool_size=1) as redis:
        first = asyncio.create_task(waited(redis))
        await until_sent(server)
        second = asyncio.create_task(waited(redis))

        assert 0.25 <= await first < 0.5
        assert 0.5 <= await second < 0.8


async def test_a_process_that_was_held_up_itself_takes_what_has_come_meanwhile(
    server: Server,
) -> None:
    async with Redis(server.address) as redis:
        await redis.ping()
        asked = asyncio.create_task(redis.ping())
        await until_sent(server)
        time.sleep(0.4)  # noqa: ASYNC251 - nothing else runs either, and the reply is there

        await asked


async def test_a_reply_that_comes_too_late_is_nobody_elses(server: Server) -> None:
    server.answer = None
    async with Redis(server.address, pool_size=1) as redis:
        await failures(redis, 1)
        server.answer = NOTHING
        assert await redis.ask(Read(("a",))) == [[None]]

    assert server.connections == 2


async def test_a_connection_that_the_server_closed_is_made_anew_without_a_failure(
    server: Server,
) -> None:
    async with Redis(server.address) as redis:
        await redis.ping()
        await server.hang_up()
        for _ in range(3):  # until the news arrive
            await asyncio.sleep(0)

        await redis.ping()

    assert server.connections == 2


async def test_after_a_failure_no_idle_connection_is_believed(server: Server) -> None:
    async with Redis(server.address) as redis:
        await spread(redis, 3)
        assert server.connections == 3
        server.answer = b""
        await failures(redis, 1)
        server.answer = NOTHING

        await spread(redis, 3)

    assert server.connections == 6


async def test_a_server_that_refuses_is_looked_for_anew(server: Server) -> None:
    async with Redis(server.address) as redis:
        server.answer = b"-READONLY You can't write against a read only replica.\r\n"
        await failures(redis, 1)
        server.answer = NOTHING
        await redis.ping()

    assert server.connections == 2


async def test_a_server_that_fails_is_left_alone_and_both_are_logged_once(server: Server) -> None:
    clock = Clock()
    async with Redis(server.address, breaker=Breaker(clock=clock)) as redis:
        server.answer = b""
        with capture_logs() as logged:
            await failures(redis, 5)
            assert server.connections == 3
            clock.now += 1
            await failures(redis, 2)
            assert server.connections == 4
            server.answer = NOTHING
            clock.now += 1
            await redis.ping()
            await redis.ping()

    assert logged == [
        {"event": "redis_unavailable", "log_level": "warning", "error": "ConnectionError"},
        {"event": "redis_available", "log_level": "info"},
    ]


async def test_a_cancelled_question_is_no_failure_of_the_server(server: Server) -> None:
    server.answer = None
    async with Redis(server.address) as redis:
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(redis.ping(), 0.01)

        assert not redis.breaker.is_open


async def test_without_an_address_it_is_never_available() -> None:
    async with Redis(None) as redis:
        with pytest.raises(RedisNotConfigured):
            await redis.ping()
        assert not redis.breaker.is_open


def test_replies_are_read_by_the_parser_in_c() -> None:
    assert redis.asyncio.connection.DefaultParser is _AsyncHiredisParser


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in RedisSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    read.cache_clear()
    yield monkeypatch
    read.cache_clear()


def test_production_wants_an_address_and_says_so(settings: pytest.MonkeyPatch) -> None:
    (refusal,) = read(RedisSettings).refusals()
    assert refusal.startswith("REDIS_URL: is not set; give the address")

    settings.setenv("REDIS_URL", "redis://cache.internal")
    read.cache_clear()
    assert not list(read(RedisSettings).refusals())


@pytest.mark.parametrize(
    "address",
    [
        "http://secret@localhost",
        "redis://me:secret@localhost:many",
        "redis://me:se[cret@localhost",
        "redis://me:secret@localhost?databse=1",
        "redis://me:secret@localhost?socket_timeout=long",
        "localhost:6379",
    ],
)
@pytest.mark.parametrize("cluster", ["true", "false"])
def test_an_address_that_cannot_be_read_is_refused_and_not_quoted(
    settings: pytest.MonkeyPatch, address: str, cluster: str
) -> None:
    settings.setenv("REDIS_CLUSTER", cluster)
    settings.setenv("REDIS_URL", address)

    with pytest.raises(UnsafeSettings, match="REDIS_URL: cannot be read; it begins with") as error:
        read(RedisSettings)

    assert "secret" not in str(error.value)


@pytest.mark.parametrize("address", ["unix:///tmp/socket", "redis://localhost/1"])
def test_a_cluster_has_neither_a_socket_nor_numbered_databases(
    settings: pytest.MonkeyPatch, address: str
) -> None:
    settings.setenv("REDIS_URL", address)
    assert read(RedisSettings).redis_url

    settings.setenv("REDIS_CLUSTER", "true")
    read.cache_clear()
    with pytest.raises(UnsafeSettings, match="REDIS_URL: cannot be read"):
        read(RedisSettings)
