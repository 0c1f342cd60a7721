"""Looked up first, loaded by one, and never believed once it changed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.cache import LOADS, Cache, Look, Sight
from app.core.cache_entries import LOOKUPS, Kind
from app.core.errors import NotFound, Unavailable
from app.core.redis import Redis, RedisUnavailable
from tests.core.fake_redis import FakeRedis, Pauses, age, all_waiting


class Tide(BaseModel):
    height: int


KIND = Kind[Tide | None]("tide", TypeAdapter(Tide | None), stale=60)
LOOK = Look(KIND, "1", ("tide:1", "tides"))


class Sea:
    """What is cached here: it can change, refuse, and be slow to answer what it has read."""

    def __init__(self) -> None:
        self.height: int | None = 1
        self.loads = 0
        self.fault: Exception | None = None
        self.answers = asyncio.Event()
        self.answers.set()

    async def load(self) -> Tide | None:
        self.loads += 1
        read = None if self.height is None else Tide(height=self.height)
        await self.answers.wait()
        if self.fault:
            raise self.fault
        return read


@pytest.fixture
def sea() -> Sea:
    return Sea()


@pytest.fixture
def fake() -> FakeRedis:
    return FakeRedis()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def cache(fake: FakeRedis, pauses: Pauses) -> AsyncIterator[Cache]:
    async with Cache(fake, pauses) as cache:
        yield cache


@pytest.fixture
async def elsewhere(fake: FakeRedis) -> AsyncIterator[tuple[Cache, FakeRedis]]:
    """The cache of another process, and its way to the same Redis."""
    way = FakeRedis(fake.kept)
    async with Cache(way) as cache:
        yield cache, way


async def height(cache: Cache, sea: Sea, look: Look[Tide | None] = LOOK) -> int | None:
    tide = await cache.get(look, sea.load)
    return tide.height if tide else None


def believes(cache: Cache) -> bool:
    """Whether it looks at entries at all."""
    return cache.ready


async def test_what_was_loaded_once_is_answered_from_then_on(
    cache: Cache, elsewhere: tuple[Cache, FakeRedis], sea: Sea
) -> None:
    other, _ = elsewhere

    assert [await height(each, sea) for each in (cache, cache, other)] == [1, 1, 1]
    assert sea.loads == 1


async def test_that_there_is_nothing_is_kept_too(cache: Cache, sea: Sea) -> None:
    sea.height = None

    assert [await height(cache, sea), await height(cache, sea)] == [None, None]
    assert sea.loads == 1


@pytest.mark.parametrize("tags", [("tide:1",), ("tides",), ("tides", "tide:1")])
async def test_a_change_of_any_tag_ends_it_in_every_process(
    cache: Cache, elsewhere: tuple[Cache, FakeRedis], sea: Sea, tags: tuple[str, ...]
) -> None:
    other, _ = elsewhere
    await height(cache, sea)
    sea.height = 2

    await other.outdate(*tags)

    assert [await height(cache, sea), await height(other, sea)] == [2, 2]


async def test_a_change_of_something_else_does_not(cache: Cache, sea: Sea) -> None:
    await height(cache, sea)

    await cache.outdate("tide:2", "harbours")
    await height(cache, sea)

    assert sea.loads == 1


async def test_what_was_read_before_a_change_and_filled_in_after_it_is_not_believed(
    cache: Cache, elsewhere: tuple[Cache, FakeRedis], sea: Sea
) -> None:
    other, _ = elsewhere
    sea.answers.clear()
    slow = asyncio.create_task(height(cache, sea))
    await all_waiting()

    sea.height = 2
    await other.outdate("tide:1")
    sea.answers.set()

    assert await slow == 1  # it began before the change
    assert [await height(cache, sea), await height(other, sea)] == [2, 2]


async def test_nobody_joins_a_load_that_began_before_a_change(cache: Cache, sea: Sea) -> None:
    sea.answers.clear()
    before = asyncio.create_task(height(cache, sea))
    await all_waiting()
    sea.height = 2
    await cache.outdate("tide:1")
    after = asyncio.create_task(height(cache, sea))
    await all_waiting()

    sea.answers.set()

    assert [await before, await after] == [1, 2]


@pytest.mark.parametrize("lost", ["tag:tide:1", "tag:epoch", "tag:", ""])
async def test_lost_tags_end_what_they_stood_for(
    cache: Cache, fake: FakeRedis, sea: Sea, lost: str
) -> None:
    await height(cache, sea)
    sea.height = 2
    await cache.outdate("tide:1")
    fake.lose(lost)

    assert await height(cache, sea) == 2


async def test_a_tag_that_was_lost_while_one_loaded_ends_what_it_brings(
    cache: Cache, fake: FakeRedis, sea: Sea
) -> None:
    sea.answers.clear()
    slow = asyncio.create_task(height(cache, sea))
    await all_waiting()
    sea.height = 2
    await cache.outdate("tide:1")
    fake.lose("tag:")
    sea.answers.set()
    await slow

    assert await height(cache, sea) == 2


async def test_of_two_who_find_a_tag_missing_the_first_makes_it(
    cache: Cache, elsewhere: tuple[Cache, FakeRedis], fake: FakeRedis, sea: Sea
) -> None:
    other, _ = elsewhere
    both_missed = LOOK.seen(fake.answer(LOOK.question))

    await cache.fetch(LOOK, both_missed, sea.load)
    made = fake.kept["tag:tide:1"]
    await other.fetch(LOOK, both_missed, sea.load)

    assert fake.kept["tag:tide:1"] == made
    assert sea.loads == 1


async def test_the_epoch_outlives_every_tag(cache: Cache, fake: FakeRedis, sea: Sea) -> None:
    await height(cache, sea)

    assert fake.ttls["tag:epoch"] > fake.ttls["tag:tide:1"] > fake.ttls[LOOK.name]


async def test_five_hundred_misses_at_once_are_one_load(cache: Cache, sea: Sea) -> None:
    sea.answers.clear()
    asked = [asyncio.create_task(height(cache, sea)) for _ in range(500)]
    await all_waiting()

    sea.answers.set()

    assert await asyncio.gather(*asked) == [1] * 500
    assert sea.loads == 1


async def test_a_cancelled_request_takes_nobody_along(cache: Cache, sea: Sea) -> None:
    sea.answers.clear()
    first, *others = [asyncio.create_task(height(cache, sea)) for _ in range(5)]
    await all_waiting()

    first.cancel()
    await all_waiting()
    sea.answers.set()

    assert await asyncio.gather(*others) == [1] * 4
    assert sea.loads == 2


async def test_an_exception_is_not_kept(cache: Cache, sea: Sea) -> None:
    sea.fault = NotFound()
    with pytest.raises(NotFound):
        await height(cache, sea)

    sea.fault = None

    assert await height(cache, sea) == 1


async def test_without_redis_each_request_loads_what_it_needs(
    cache: Cache, fake: FakeRedis, sea: Sea
) -> None:
    fake.down = True

    assert await asyncio.gather(*(height(cache, sea) for _ in range(3))) == [1] * 3
    assert sea.loads == 3


async def test_redis_may_go_between_the_look_and_the_making_of_a_tag(
    cache: Cache, fake: FakeRedis, sea: Sea
) -> None:
    fake.down = True

    assert await cache.fetch(LOOK, Sight(b""), sea.load) == Tide(height=1)


async def test_a_fill_that_fails_changes_no_answer(cache: Cache, fake: FakeRedis, sea: Sea) -> None:
    sea.answers.clear()
    asked = asyncio.create_task(height(cache, sea))
    await all_waiting()

    fake.down = True
    sea.answers.set()

    assert await asked == 1
    assert LOOK.name not in fake.kept


async def test_what_no_longer_follows_the_rules_is_loaded_again(
    cache: Cache, fake: FakeRedis, sea: Sea
) -> None:
    await height(cache, sea)
    fake.kept[LOOK.name] = fake.kept[LOOK.name].replace(b'{"height":1}', b'{"height":"high"}')

    assert await height(cache, sea) == 1
    assert sea.loads == 2


@pytest.mark.parametrize("outage", [Unavailable(), PoolTimeout(), TimeoutError()])
async def test_while_the_source_is_away_an_old_entry_answers(
    cache: Cache, fake: FakeRedis, sea: Sea, outage: Exception
) -> None:
    await height(cache, sea)
    age(fake.kept)
    sea.height, sea.fault = 2, outage

    assert await height(cache, sea) == 1
    sea.fault = None
    assert await height(cache, sea) == 2


async def test_an_old_entry_hides_no_other_fault(cache: Cache, fake: FakeRedis, sea: Sea) -> None:
    await height(cache, sea)
    age(fake.kept)
    sea.fault = ZeroDivisionError()

    with pytest.raises(ZeroDivisionError):
        await height(cache, sea)


async def test_what_has_changed_is_never_served_stale(
    cache: Cache, fake: FakeRedis, sea: Sea
) -> None:
    await height(cache, sea)
    age(fake.kept)
    await cache.outdate("tide:1")
    sea.fault = Unavailable()

    with pytest.raises(Unavailable):
        await height(cache, sea)


async def test_a_change_that_could_not_be_told_ends_everything_once_redis_is_back(
    cache: Cache,
    fake: FakeRedis,
    pauses: Pauses,
    elsewhere: tuple[Cache, FakeRedis],
    sea: Sea,
) -> None:
    other, _ = elsewhere
    await height(cache, sea)
    fake.down, sea.height = True, 2
    await cache.outdate("tide:1")
    assert not believes(cache)
    assert [await height(cache, sea), await height(other, sea)] == [2, 1]  # others cannot know

    fake.down = False
    assert await height(cache, sea) == 2
    await pauses.end()

    assert believes(cache)
    assert [await height(cache, sea), await height(other, sea)] == [2, 2]


async def test_a_cancelled_caller_may_not_have_told_of_its_change(
    cache: Cache, fake: FakeRedis
) -> None:
    fake.answers.clear()
    telling = asyncio.create_task(cache.outdate("tide:1"))
    await all_waiting()

    telling.cancel()
    await all_waiting()

    assert telling.cancelled()
    assert not believes(cache)
    fake.answers.set()


async def test_when_the_breaker_opens_nothing_is_believed_for_a_while(
    cache: Cache, fake: FakeRedis, sea: Sea
) -> None:
    """Redis may come back as it was before the last changes."""
    await height(cache, sea)
    for _ in range(3):
        fake.breaker.failed()

    assert not believes(cache)
    await all_waiting()
    assert believes(cache)
    await height(cache, sea)
    assert sea.loads == 2


async def test_where_there_is_no_redis_nobody_is_owed_anything() -> None:
    async with Cache(Redis(None)) as cache:
        await cache.outdate("tide:1")

        assert believes(cache)


async def test_a_commit_that_was_given_up_is_told_of_again_as_it_may_still_come(
    cache: Cache, pauses: Pauses, sea: Sea
) -> None:
    await cache.outdate("tide:1", doubtful=True)
    await height(cache, sea)
    sea.height = 2  # it came after all
    assert await height(cache, sea) == 1

    await pauses.end()

    assert await height(cache, sea) == 2
    for _ in range(9):
        await pauses.end()
    assert pauses.asked == [1, 2, 4, 8, 16, 32]


async def test_clearing_ends_what_every_process_keeps(
    cache: Cache, elsewhere: tuple[Cache, FakeRedis], sea: Sea
) -> None:
    other, _ = elsewhere
    await height(other, sea)
    sea.height = 2

    await cache.clear()

    assert await height(other, sea) == 2


async def test_clearing_fails_without_redis(cache: Cache, fake: FakeRedis) -> None:
    fake.down = True

    with pytest.raises(RedisUnavailable):
        await cache.clear()


async def test_look_ups_and_loads_are_counted(cache: Cache, fake: FakeRedis, sea: Sea) -> None:
    before = counted()

    await height(cache, sea)
    await height(cache, sea)
    age(fake.kept)
    sea.fault = Unavailable()
    await height(cache, sea)
    sea.fault, fake.down = None, True
    await height(cache, sea)

    assert counted() - before == Counter(miss=2, hit=1, stale=1, bypass=1, loads=3)


def counted() -> Counter[str]:
    counts = Counter(loads=LOADS.values().get((KIND.name,), 0))
    for (kind, outcome), count in LOOKUPS.values().items():
        if kind == KIND.name:
            counts[outcome] = count
    return counts


async def test_a_real_server_keeps_and_forgets_the_same_way(redis: Redis, sea: Sea) -> None:
    async with Cache(redis) as cache, Cache(redis) as other:
        assert [await height(each, sea) for each in (cache, other, cache)] == [1, 1, 1]
        assert sea.loads == 1

        sea.height = 2
        await cache.outdate("tide:1")
        assert [await height(each, sea) for each in (cache, other, cache)] == [2, 2, 2]

        sea.height = None
        await other.clear()
        assert [await height(each, sea) for each in (cache, other, cache)] == [None, None, None]
        assert sea.loads == 3


async def test_five_hundred_misses_of_a_real_server_are_one_load(redis: Redis, sea: Sea) -> None:
    sea.answers.clear()
    async with Cache(redis) as cache, asyncio.timeout(20):
        before = counted()
        asked = [asyncio.create_task(height(cache, sea)) for _ in range(500)]
        while (counted() - before)["miss"] < 500:  # noqa: ASYNC110 - a count has no event
            await asyncio.sleep(0.001)
        sea.answers.set()

        assert await asyncio.gather(*asked) == [1] * 500
        assert sea.loads == 1


async def test_a_fill_on_a_real_server_loses_against_a_later_change(redis: Redis, sea: Sea) -> None:
    sea.answers.clear()
    async with Cache(redis) as cache, Cache(redis) as other, asyncio.timeout(20):
        slow = asyncio.create_task(height(cache, sea))
        while not sea.loads:  # noqa: ASYNC110 - it is the cache that starts it
            await asyncio.sleep(0.001)
        sea.height = 2
        await other.outdate("tides")
        sea.answers.set()

        assert await slow == 1
        assert [await height(cache, sea), await height(other, sea)] == [2, 2]
