"""Attempts, which each process counts itself, and the queue, of which all tell the same."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import RowMapping

from app.core.counts import Counts
from app.core.database import Database
from app.jobs.repository import JobRepository
from app.observability.metrics import REGISTRY

ATTEMPTS = Counts("job_attempts_total", "Attempts at jobs, by how they ended.", "job", "outcome")

log = structlog.get_logger()

_PATIENCE_SECONDS = 1
_STATES = ("waiting", "scheduled", "running", "failed")
_SINGLE = {
    "job_queue_oldest_seconds": "For how long the first of the waiting jobs has been due.",
    "job_workers": "Workers that are alive.",
}


class _Depth(Collector):
    """Read at each scrape, by one query; without an answer there is nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.get_running_loop()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Runs in a thread of its own, while the loop goes on."""
        asked = asyncio.run_coroutine_threadsafe(self._ask(), self._loop)
        try:
            depth = asked.result(_PATIENCE_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other metrics are shown
            asked.cancel()
            log.warning("job_queue_unknown", reason=type(error).__name__)
            return
        jobs = GaugeMetricFamily("job_queue", "Jobs, by state.", labels=["state"])
        for state in _STATES:
            jobs.add_metric([state], depth[state])
        yield jobs
        for name, description in _SINGLE.items():
            yield GaugeMetricFamily(name, description, depth[name])

    async def _ask(self) -> RowMapping:
        async with self._database.reading() as session:
            return await JobRepository(session).depth()


@asynccontextmanager
async def published(database: Database) -> AsyncIterator[None]:
    """For as long as the database is open."""
    collector = _Depth(database)
    REGISTRY.register(collector)
    try:
        yield
    finally:
        REGISTRY.unregister(collector)
