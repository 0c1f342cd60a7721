"""What this process counts and measures, as Prometheus reads it."""

from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import accumulate
from typing import cast

from opentelemetry import metrics
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import QueuePool

from app.core import counts, timings
from app.core.counts import Counts
from app.core.database import Database
from app.observability.requests import observe_in_flight
from app.observability.resource import resource

REGISTRY = CollectorRegistry()
_EDGES = [*map(str, timings.BOUNDS), "+Inf"]
OPEN: set[Database] = set()
"""The databases whose connections are counted."""


class _PlainTimings(Collector):
    """OpenTelemetry takes single measurements only, and these are added up without it."""

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Read at each scrape."""
        for each in timings.ALL:
            family = HistogramMetricFamily(each.name, each.description, labels=each.labels)
            for values, histogram in each.values().items():
                counted = zip(_EDGES, accumulate(histogram.counts), strict=True)
                family.add_metric(values, list(counted), histogram.seconds)
            yield family


@cache
def publish() -> None:
    """Registers all that is counted and measured, once for the process, with every feature loaded.

    What a library or a feature measures by OpenTelemetry's interface is published as well.
    """
    reader = PrometheusMetricReader(scope_info_enabled=False, registry=REGISTRY)
    provider = MeterProvider([reader], resource(), shutdown_on_exit=False)
    metrics.set_meter_provider(provider)
    REGISTRY.register(_PlainTimings())
    meter = provider.get_meter("app")
    for each in counts.ALL:
        meter.create_observable_counter(
            each.name, [partial(_counted, each)], description=each.description
        )
    meter.create_observable_gauge(
        "db_pool_connections", [_pooled], description="Connections to PostgreSQL, by state."
    )
    meter.create_observable_gauge(
        "db_pool_size", [_size], description="Connections to PostgreSQL at most."
    )
    meter.create_observable_gauge(
        "http_server_active_requests", [observe_in_flight], description="Requests under way."
    )


def text() -> bytes:
    """Everything, in Prometheus' text format; some milliseconds of work."""
    return generate_latest(REGISTRY)


def _counted(each: Counts, _: CallbackOptions) -> Iterable[Observation]:
    for values, count in list(each.values().items()):  # a copy: a scrape runs in a thread
        yield Observation(count, dict(zip(each.labels, values, strict=True)))


def _pools() -> list[QueuePool]:
    return [cast(QueuePool, database.engine.pool) for database in list(OPEN)]


def _pooled(_: CallbackOptions) -> Iterable[Observation]:
    pools = _pools()
    yield Observation(sum(pool.checkedout() for pool in pools), {"state": "used"})
    yield Observation(sum(pool.checkedin() for pool in pools), {"state": "idle"})


def _size(_: CallbackOptions) -> Iterable[Observation]:
    yield Observation(sum(pool.size() for pool in _pools()))
