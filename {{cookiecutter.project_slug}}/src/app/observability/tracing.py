"""Which requests leave traces: a share of all, once an OTEL_* variable says where to send them."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from functools import partial
from os import environ
from random import random
from threading import Thread
from typing import Any

from fastapi.telemetry import TelemetryConfig

from app.core.database import Database
from app.core.feature import Lifespan
from app.core.settings import UnsafeSettings

_SHARE = 0.05
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_LAST_WORDS_SECONDS = 2


def wanted() -> bool:
    """Whether there is a collector; the SDK itself reads all the other variables."""
    off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    off |= environ.get("OTEL_TRACES_EXPORTER") == "none"
    told = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return not off and any(map(environ.get, told))


def telemetry() -> TelemetryConfig:
    """For FastAPI, which makes a request's first span and continues the caller's trace."""
    config: TelemetryConfig = {"metrics": False, "logs": False, "operation_spans": False}
    if not wanted():
        return config | {"tracing": False}
    refuse_other_protocols()
    from app.observability.exporting import provider  # noqa: PLC0415 - 0.1 s, and only then

    return config | {"tracer_provider": provider(), "exclude": partial(leaves_none, share())}


def refuse_other_protocols() -> None:
    """The exporter reads neither variable, and its spans would be lost. Raises UnsafeSettings."""
    name = next(filter(environ.get, _PROTOCOLS), None)
    if name and environ[name] != "http/protobuf":
        way_out = "http/protobuf, with the collector's port for it, usually 4318"
        raise UnsafeSettings([f"{name}: {environ[name]} is not spoken here; set {way_out}"])


def share() -> float:
    """Of the requests that bring no trace; all where OTEL_TRACES_SAMPLER decides afterwards.

    Raises UnsafeSettings.
    """
    if environ.get("OTEL_TRACES_SAMPLER"):
        return 1
    told = environ.get("OTEL_TRACES_SAMPLER_ARG")
    try:
        found = float(told) if told else _SHARE
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise UnsafeSettings(["OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1"])
    return found


def leaves_none(wanted_share: float, scope: MutableMapping[str, Any]) -> bool:
    """Decides before the work: a span that is thrown away costs nearly as much as one that is kept.

    A caller's trace is taken over, and its decision with it.
    """
    if str(scope["path"]).startswith(("/health", "/metrics")):
        return True
    if b"traceparent" in dict(scope["headers"]):
        return False
    return random() >= wanted_share  # noqa: S311 - no secret


@asynccontextmanager
async def _sent(_: Database) -> AsyncIterator[None]:
    yield
    if wanted():
        from app.observability.exporting import provider  # noqa: PLC0415 - as above

        last_words = Thread(target=provider().shutdown, daemon=True)
        last_words.start()
        # A collector that hangs must not hold up the stop.
        await asyncio.to_thread(last_words.join, _LAST_WORDS_SECONDS)


SENT = Lifespan("traces", _sent)
