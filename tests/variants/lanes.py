"""Works through orders on the cores there are, one process a lane."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from functools import partial
from tempfile import TemporaryDirectory

from tests.variants import service
from tests.variants.build import Outcome, build
from tests.variants.checks import ALONE, STAGES
from tests.variants.orders import Order
from tests.variants.sheets import label
from tests.variants.static import PASSED

LANES = (os.cpu_count() or 1) + 1
"""One more than there are cores: tests wait, for locks and time-outs, a fifth of their time."""


class Seats:
    """Lets checks run beside each other, but those that need the machine alone."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.free = multiprocessing.Semaphore(lanes)
        self.next = multiprocessing.Lock()

    @contextmanager
    def taken(self, check: str) -> Iterator[None]:
        """Waits for a seat, or for all of them; whoever comes later waits behind."""
        with ExitStack() as seats:
            with self.next:
                for _ in range(self.lanes if check in ALONE else 1):
                    seats.enter_context(self.free)
            yield


def fulfilled(orders: Sequence[Order]) -> Iterator[Outcome]:
    """The outcomes, as they come; an interrupt ends every lane and what it has started."""
    service.interrupt_when_ended()
    with TemporaryDirectory(prefix="passed-") as passed, started(passed) as lanes:
        numbered = enumerate(orders, start=1)
        ordered = [lanes.submit(fulfil, number, order) for number, order in numbered]
        try:
            for done in as_completed(ordered):
                yield done.result()
        except BaseException:
            for each in ordered:
                each.cancel()
            for pid in filter(None, (lane.pid for lane in multiprocessing.active_children())):
                os.kill(pid, signal.SIGINT)
            raise


def started(passed: str) -> ProcessPoolExecutor:
    """The lanes, which know what passed on any of them by notes in this folder."""
    return ProcessPoolExecutor(LANES, initializer=settle, initargs=(Seats(LANES), passed))


SEATS: list[Seats] = []
"""The lane's own: handed over at its start, as nothing of the kind travels with an order."""


def settle(seats: Seats, passed: str) -> None:
    """Begins a lane, which types again only what differs from its variants before.

    Ctrl-C reaches us alone, who hand it on once; Windows has no such thing.
    """
    SEATS.append(seats)
    os.environ |= {PASSED: passed, "MYPY_CACHE_DIR": f"{passed}/mypy-{os.getpid()}"}
    if hasattr(os, "setsid"):
        os.setsid()


def fulfil(number: int, order: Order) -> Outcome:
    """Builds what is ordered. One that takes minutes says how far it is."""
    words = label(order.sheet)
    if order.python is None:
        return Outcome(words)
    say = silent if order.stage == "static" else partial(say_so, number)
    say(words)
    try:
        return build(order.sheet, STAGES[order.stage], order.python, say, SEATS[0].taken)
    except KeyboardInterrupt:
        os._exit(1)  # or the lane would begin with the next order


def say_so(number: int, line: str) -> None:
    """Prints a line at once, and whose it is."""
    print(f"  #{number} {line}", flush=True)


def silent(_: str) -> None:
    """Prints nothing."""
