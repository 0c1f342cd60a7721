"""`python -m tests.load load`: what the service carries; `soak`: whether it keeps that up."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer
from redis.asyncio import Redis
from rich.console import Console

from app.core.database import Database
from tests.load import verdict
from tests.load.driver import arrive, drive
from tests.load.gauges import Gauges, gauges
from tests.load.serving import Served, served
from tests.load.tally import Tally

EVERY = 10
FEWEST = 12  # samples of a short run
USERS = 100
RAMP = (4, 8, 16, 32)  # users at once
RAMP_SECONDS = 5

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
say = Console(soft_wrap=True, highlight=False).print
type Faults = list[str]


@app.command("load")
def load_command(
    users: Annotated[int, typer.Option(min=1)] = USERS,
    seconds: Annotated[float, typer.Option(min=1)] = 60,
    pause: Annotated[float, typer.Option(min=0, help="Between a user's requests; 0: none.")] = 1,
    profile: Annotated[Path | None, typer.Option(help="HTML: where the time went.")] = None,
) -> None:
    """Let users send requests; fails when more than 1 in 1000 does."""
    with served(users, profile) as service:
        faults = asyncio.run(load(service, seconds, users / pause if pause else None))
    end(faults)


@app.command("soak")
def soak_command(
    minutes: Annotated[float, typer.Option(min=0.05)] = 10,
    users: Annotated[int, typer.Option(min=max(RAMP))] = USERS,
) -> None:
    """Keep the service at half of what it carries; fails also when it holds more and more."""
    if sys.platform != "linux":
        end(["The soak reads what a process holds from /proc, which only Linux has."])
    with served(users) as service:
        end(asyncio.run(soak(service, minutes * 60)))


async def load(service: Served, seconds: float, rate: float | None) -> Faults:
    """An open loop at that rate; without one a closed loop, as fast as the service answers."""
    await arrive(service.visitors)
    tally = Tally()

    async def tell(passed: float) -> None:
        say(f"{passed:4.0f} s  {len(tally) / passed:.0f} requests a second")

    await watched(drive(service.visitors, seconds, tally, rate), EVERY, tell)
    say(tally.table(seconds))
    return list(tally.wrong())


async def soak(service: Served, seconds: float) -> Faults:
    """An open loop, after a closed one has found its rate."""
    await arrive(service.visitors)
    capacity = max([await carried(service, users, seconds) for users in RAMP])
    say(f"Carries {capacity:.0f} requests a second; from now on {capacity / 2:.0f}.")
    tally, samples = Tally(), list[Gauges]()
    async with Database(service.database) as database, Redis.from_url(service.redis) as redis:

        async def sample(passed: float) -> None:
            samples.append(await gauges(service.process.pid, database, redis))
            say(f"{passed:4.0f} s  {len(tally) / passed:.0f} requests a second, {samples[-1]}")

        work = drive(service.visitors, seconds, tally, capacity / 2)
        await watched(work, min(EVERY, seconds / FEWEST), sample)
    say(tally.table(seconds), verdict.table(samples))
    return [*tally.wrong(), *verdict.growth(samples)]


async def carried(service: Served, users: int, seconds: float) -> float:
    """Good answers a second to so many users, for a tenth of the time at most."""
    tally, ramp = Tally(), min(RAMP_SECONDS, seconds / 10)
    await drive(service.visitors[:users], ramp, tally)
    return tally.successes / ramp


async def watched(
    work: Coroutine[None, None, None], every: float, tell: Callable[[float], Awaitable[None]]
) -> None:
    """Tells of it in this rhythm, by the seconds since it began, until it ends."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    working = loop.create_task(work)
    while not (await asyncio.wait([working], timeout=every))[0]:
        await tell(loop.time() - start)
    await working


def end(wrong: Faults) -> None:
    """With what went wrong, if anything did."""
    for sentence in wrong:
        say(sentence, style="red")
    raise typer.Exit(int(bool(wrong)))


logging.getLogger("httpx2").setLevel(logging.WARNING)
signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the service and its servers, too
app()
