"""The time between the order to stop and the end of listening, in which readiness has turned."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import structlog

from app.core.database import Database
from app.core.feature import Lifespan
from app.core.settings import read
from app.observability.settings import DrainSettings

log = structlog.get_logger()

ORDERED = threading.Event()
"""Whether the process was told to stop; it answers everything until it does."""


@asynccontextmanager
async def _delayed(_: Database) -> AsyncIterator[None]:
    """Passes SIGTERM on to the server later; a second one, and Ctrl-C, stop it at once."""
    stop = signal.getsignal(signal.SIGTERM)
    here = threading.current_thread() is threading.main_thread()  # others get no signal
    seconds = read(DrainSettings).drain_seconds
    if not (seconds and here and callable(stop)):
        yield
        return
    loop = asyncio.get_running_loop()

    def order(number: int, frame: FrameType | None) -> None:
        if ORDERED.is_set():
            stop(number, frame)
            return
        ORDERED.set()
        loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, None)
        log.info("draining", seconds=seconds)

    signal.signal(signal.SIGTERM, order)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, stop)
        ORDERED.clear()


DELAYED = Lifespan("draining", _delayed)
