"""Who waits for a connection keeps a place."""

import asyncio

import pytest
from sqlalchemy import text

from app.core.database import Database

ANY = text("SELECT 1")


async def test_whoever_waits_is_served_before_those_who_come_later(address: str) -> None:
    served: list[str] = []

    async def use(name: str) -> None:
        async with database.unit_of_work() as work:
            await work.session.execute(ANY)
            served.append(name)

    async with Database(address, pool_size=1) as database, asyncio.TaskGroup() as group:
        async with database.unit_of_work() as first:
            await first.session.execute(ANY)
            for name in ("second", "third"):
                group.create_task(use(name))
            await asyncio.sleep(0)  # now both wait
        await use("last")

    assert served == ["second", "third", "last"]


@pytest.mark.parametrize("late", [False, True], ids=["while waiting", "when it was their turn"])
async def test_whoever_gives_up_leaves_the_connection_to_the_next(
    address: str, *, late: bool
) -> None:
    async def use() -> None:
        async with database.unit_of_work() as work:
            await work.session.execute(ANY)

    async with Database(address, pool_size=1) as database, asyncio.TaskGroup() as group:
        async with database.unit_of_work() as first:
            await first.session.execute(ANY)
            impatient = group.create_task(use())
            patient = group.create_task(use())
            await asyncio.sleep(0)  # now both wait
            if not late:
                impatient.cancel()
        impatient.cancel()
        await patient

    assert impatient.cancelled()
