"""Sends what visitors do: without a pause, or at a rate that does not wait for the service."""

import asyncio
from collections.abc import Sequence
from itertools import count
from random import Random
from time import perf_counter

from tests.load.mix import STEPS
from tests.load.tally import Tally
from tests.load.visitor import SIGN_IN, Step, Visitor

TIMEOUT = 10
AT_THE_DOOR = 4
_DICE = Random(0)  # noqa: S311 - nothing secret; every run begins alike
_WEIGHTS = [step.weight for step in STEPS]


async def arrive(visitors: Sequence[Visitor]) -> None:
    """Signs them in, a few at once: a crowd that comes in one second is another test."""
    door = asyncio.Semaphore(AT_THE_DOOR)

    async def enter(visitor: Visitor) -> None:
        async with door:
            answer = await SIGN_IN.take(visitor)
            assert visitor.tokens, answer

    await asyncio.gather(*map(enter, visitors))


async def drive(
    visitors: Sequence[Visitor], seconds: float, tally: Tally, rate: float | None = None
) -> None:
    """Has them all at work for so long, and counts what they see.

    Without a rate the loop is closed: each sends its next request when it has the answer to the
    last. With one, in requests a second, it is open: each request has its moment, from which its
    time is measured even if it was sent late, so that a service that stalls cannot hide it. What
    could not be sent by the end is a fault.
    """
    start = perf_counter()
    await asyncio.gather(
        *(
            _closed(visitor, start + seconds, tally)
            if rate is None
            else _open(visitor, start + n / rate, start + seconds, len(visitors) / rate, tally)
            for n, visitor in enumerate(visitors)
        )
    )


async def _closed(visitor: Visitor, end: float, tally: Tally) -> None:
    while (now := perf_counter()) < end:
        await _take(visitor, now, tally)


async def _open(visitor: Visitor, first: float, end: float, pause: float, tally: Tally) -> None:
    for number in count():
        if (due := first + number * pause) >= end:
            return
        await asyncio.sleep(due - perf_counter())
        if (now := perf_counter()) < end:
            await _take(visitor, due, tally)
        else:
            tally.add(chosen(visitor).name, now - due, "never sent")


async def _take(visitor: Visitor, due: float, tally: Tally) -> None:
    step = chosen(visitor)
    try:
        async with asyncio.timeout(TIMEOUT):
            answer = await step.take(visitor)
    except (OSError, EOFError) as error:  # a TimeoutError is an OSError
        tally.add(step.name, perf_counter() - due, type(error).__name__)
    else:
        fault = "" if 200 <= answer.status < 300 else str(answer.status)
        tally.add(step.name, perf_counter() - due, fault)


def chosen(visitor: Visitor) -> Step:
    """Whoever is not signed in does so first."""
    return _DICE.choices(STEPS, _WEIGHTS)[0] if visitor.tokens else SIGN_IN
