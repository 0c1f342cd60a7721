import asyncio
from uuid import uuid4

from tests.load.driver import drive
from tests.load.tally import Tally
from tests.load.visitor import SIGN_IN, Visitor
from tests.load.wire import Answer, Connection
from tests.people import Person

STALL = 0.2


class Stalled(Visitor):
    """Whose first request takes long, and every other no time; never gets a token."""

    def __init__(self, status: int = 401) -> None:
        super().__init__(Connection(0), Person(uuid4(), "ada@example.com"))
        self.status = status
        self.sent = 0

    async def post(self, path: str, body: object, **headers: str) -> Answer:
        self.sent += 1
        await asyncio.sleep(STALL if self.sent == 1 else 0)
        return Answer(self.status, b"{}")


async def test_at_a_rate_each_request_is_measured_from_its_moment() -> None:
    tally, visitor = Tally(), Stalled()

    await drive([visitor], 0.39, tally, rate=50)

    assert len(tally) == 20
    # Ten were due while the first one stalled: all but the last of them waited for long.
    assert sum(each > STALL / 4 for each in tally.times[SIGN_IN.name]) >= 7


async def test_what_a_stall_left_no_time_for_is_a_fault() -> None:
    tally, visitor = Tally(), Stalled(200)

    await drive([visitor], STALL / 2, tally, rate=50)

    assert visitor.sent == 1
    assert tally.faults == {(SIGN_IN.name, "never sent"): len(tally) - 1}


async def test_a_rate_is_shared_by_all() -> None:
    tally, visitors = Tally(), [Stalled() for _ in range(4)]

    await drive(visitors, 0.195, tally, rate=100)

    assert len(tally) == 20
    assert all(visitor.sent for visitor in visitors)


async def test_without_a_rate_nobody_waits_but_for_the_own_answer() -> None:
    tally, visitor = Tally(), Stalled()

    await drive([visitor], STALL + 0.1, tally)

    assert len(tally) > 20
    times = tally.times[SIGN_IN.name]
    assert max(times) == times[0]


async def test_every_answer_but_a_success_is_a_fault() -> None:
    good, bad = Tally(), Tally()

    await drive([Stalled(200)], 0.1, good)
    await drive([Stalled(503)], 0.1, bad)

    assert not good.faults
    assert bad.faults[SIGN_IN.name, "503"] == len(bad)


async def test_a_connection_that_fails_is_a_fault_too() -> None:
    tally = Tally()
    nobody = Visitor(Connection(1), Stalled().person)

    await drive([nobody], 0.02, tally)

    assert set(tally.faults) == {(SIGN_IN.name, "ConnectionRefusedError")}
