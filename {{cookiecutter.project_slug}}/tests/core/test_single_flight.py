"""What many want at once is done by one of them, and shared."""

import asyncio
import gc
from contextlib import suppress

import pytest

from app.core.single_flight import SingleFlight


class Source:
    """Loads that end when the test says so; each gives its number."""

    def __init__(self) -> None:
        self.loads = 0
        self.opened = asyncio.Event()
        self.fault: Exception | None = None

    async def load(self) -> int:
        self.loads += 1
        number = self.loads
        await self.opened.wait()
        if self.fault:
            raise self.fault
        return number


async def all_waiting() -> None:
    """Everybody has come as far as the source lets them."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_five_hundred_who_come_together_cost_one_load() -> None:
    flights, source = SingleFlight(), Source()
    asked = [asyncio.create_task(flights.join("key", source.load)) for _ in range(500)]
    await all_waiting()

    source.opened.set()

    assert await asyncio.gather(*asked) == [1] * 500
    assert source.loads == 1


async def test_other_flights_are_not_waited_for() -> None:
    flights, source = SingleFlight(), Source()
    asked = [asyncio.create_task(flights.join(key, source.load)) for key in ("a", "b")]
    await all_waiting()

    source.opened.set()

    assert sorted(await asyncio.gather(*asked)) == [1, 2]


async def test_a_landed_flight_is_not_kept() -> None:
    flights, source = SingleFlight(), Source()
    source.opened.set()

    assert await flights.join("key", source.load) == 1
    assert await flights.join("key", source.load) == 2


async def test_everybody_gets_the_exception_and_nobody_later() -> None:
    flights, source = SingleFlight(), Source()
    source.fault = LookupError("gone")
    asked = [asyncio.create_task(flights.join("key", source.load)) for _ in range(3)]
    await all_waiting()
    source.opened.set()

    outcomes = await asyncio.gather(*asked, return_exceptions=True)

    assert [str(outcome) for outcome in outcomes] == ["gone"] * 3
    source.fault = None
    assert await flights.join("key", source.load) == 2


async def test_when_the_first_is_cancelled_one_of_the_others_begins_again() -> None:
    flights, source = SingleFlight(), Source()
    first, *others = [asyncio.create_task(flights.join("key", source.load)) for _ in range(5)]
    await all_waiting()

    first.cancel()
    await all_waiting()
    source.opened.set()

    assert await asyncio.gather(*others) == [2] * 4
    assert first.cancelled()


async def test_whoever_stops_waiting_disturbs_nobody() -> None:
    flights, source = SingleFlight(), Source()
    first, second, third = [asyncio.create_task(flights.join("key", source.load)) for _ in range(3)]
    await all_waiting()

    second.cancel()
    with suppress(asyncio.CancelledError):
        await second
    source.opened.set()

    assert [await first, await third] == [1, 1]


async def test_the_load_runs_within_the_call_that_came_first() -> None:
    """So it may use that request's session, which is closed when the request ends."""
    seen: list[asyncio.Task[int] | None] = []

    async def load() -> int:
        seen.append(asyncio.current_task())
        return 1

    first = asyncio.create_task(SingleFlight().join("key", load))
    await first

    assert seen == [first]


async def test_a_failure_that_nobody_waits_for_is_not_complained_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Source()
    source.fault = LookupError()
    source.opened.set()

    with pytest.raises(LookupError):
        await SingleFlight().join("key", source.load)
    gc.collect()

    assert not caplog.records
