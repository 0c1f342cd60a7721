"""Who shares an exchange, and what becomes of the others when one of them goes."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from app.core.redis_batches import Batches
from app.core.redis_questions import Words


class Exchanges:
    """Echoes every command once it is told to; remembers who went together."""

    def __init__(self) -> None:
        self.seen: list[list[Words]] = []
        self.open = asyncio.Event()
        self.failing: Words | None = None

    async def __call__(self, commands: Sequence[Words]) -> list[Any]:
        self.seen.append(list(commands))
        await self.open.wait()
        if self.failing in commands:
            raise ConnectionError
        return list(commands)


@pytest.fixture
def exchanges() -> Exchanges:
    return Exchanges()


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_everybody_gets_the_replies_to_their_own_commands(exchanges: Exchanges) -> None:
    exchanges.open.set()
    batches = Batches(exchanges, 1)

    asked: list[list[Words]] = [[("a",), ("b",)], [], [("c",)]]
    assert await asyncio.gather(*map(batches.ask, asked)) == [[("a",), ("b",)], [], [("c",)]]
    assert exchanges.seen == [[("a",), ("b",), ("c",)]]


async def test_what_comes_while_all_are_under_way_goes_together_afterwards(
    exchanges: Exchanges,
) -> None:
    batches = Batches(exchanges, 2)
    asked = []
    for name in "abcd":
        asked.append(asyncio.create_task(batches.ask([(name,)])))
        await turns()
    assert exchanges.seen == [[("a",)], [("b",)]]

    exchanges.open.set()
    await asyncio.gather(*asked)

    assert exchanges.seen[2:] == [[("c",), ("d",)]]


async def test_who_is_cancelled_leaves_the_others_their_replies(exchanges: Exchanges) -> None:
    batches = Batches(exchanges, 1)
    leaver, stayer = (asyncio.create_task(batches.ask([(name,)])) for name in "ab")
    await turns()

    leaver.cancel()
    await turns()
    exchanges.open.set()

    assert await stayer == [("b",)]


async def test_a_failure_is_everybodys_who_took_part_and_nobody_elses(
    exchanges: Exchanges,
) -> None:
    batches = Batches(exchanges, 1)
    exchanges.failing = ("b",)
    first = [asyncio.create_task(batches.ask([(name,)])) for name in "ab"]
    await turns()
    later = asyncio.create_task(batches.ask([("c",)]))
    await turns()
    exchanges.open.set()

    outcomes = await asyncio.gather(*first, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionError] * 2
    assert await later == [("c",)]


async def test_it_closes_when_nothing_is_under_way_any_more(exchanges: Exchanges) -> None:
    batches = Batches(exchanges, 1)
    asked = asyncio.create_task(batches.ask([("a",)]))
    await turns()
    closing = asyncio.create_task(batches.close())
    await turns()
    assert not closing.done()

    exchanges.open.set()
    await closing

    assert await asked == [("a",)]
