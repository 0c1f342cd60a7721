"""The time between the order to stop and the end of listening, in which readiness has turned."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.core.database import Database
from app.core.feature import Lifespan
from app.core.settings import read
from app.observability.settings import DrainSettings

log = structlog.get_logger()

ORDERED = threading.Event()
"""Whether the process was told to stop."""


@asynccontextmanager
async def _delayed(_: Database) -> AsyncIterator[None]:
    """Has the server hear of SIGTERM later; of Ctrl-C at once."""
    seconds = read(DrainSettings).drain_seconds
    stop = signal.getsignal(signal.SIGTERM)
    gets_signals = threading.current_thread() is threading.main_thread()
    if not (seconds and gets_signals and callable(stop)):
        yield
        return
    loop = asyncio.get_running_loop()

    def drain() -> None:
        if not ORDERED.is_set():
            ORDERED.set()
            log.info("draining", seconds=seconds)
            loop.call_later(seconds, stop, signal.SIGTERM, None)

    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(drain))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, stop)
        ORDERED.clear()


DELAYED = Lifespan("draining", _delayed)
