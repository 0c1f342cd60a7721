"""A request's way through the service can be followed, and costs nobody else a wait."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from app.core.migrations import ROOT
from tests.system.collector import Collector, collecting
from tests.system.processes import (
    APP,
    KEYS,
    PATIENCE,
    Process,
    free_port,
    get,
    ready,
    running,
    within,
)

pytestmark = pytest.mark.system

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@contextmanager
def serving(
    folder: Path, servers: dict[str, str], **settings: str
) -> Iterator[tuple[Process, int]]:
    port = free_port()
    settings = {
        **servers,
        "PYTHONPATH": str(ROOT / "src"),
        "JWT_KEYS": KEYS,
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        **settings,
    }
    command = [*APP, "serve", "--port", str(port)]
    with running(command, folder, folder / "log", **settings) as process:
        ready(process, port)
        yield process, port


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


def attributes(span: Span) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def lines(process: Process, request_id: str) -> list[dict[str, Any]]:
    said = [json.loads(line) for line in process.said().splitlines() if line.startswith("{")]
    return [line for line in said if line.get("request_id") == request_id]


def key_of_nobody(port: int, **headers: str) -> None:
    """A request that asks PostgreSQL and Redis, and fails."""
    get(port, "/api/v1/users/me?who=ada", **{"X-API-Key": "ak_" + "x" * 43, **headers})


def test_one_trace_crosses_the_route_postgresql_and_redis(
    collector: Collector, servers: dict[str, str], tmp_path: Path
) -> None:
    with serving(tmp_path, servers, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as (process, port):
        traceparent = f"00-{TRACE}-{CALLER}-01"
        key_of_nobody(port, traceparent=traceparent, **{"X-Request-ID": "seven"})
        assert within(lambda: any(span.kind == Span.SPAN_KIND_SERVER for span in collector.spans))

        told = lines(process, "seven")
    root = next(span for span in collector.spans if span.kind == Span.SPAN_KIND_SERVER)
    inner = [span for span in collector.spans if span is not root]
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}
    assert root.parent_span_id.hex() == CALLER
    assert root.name == "GET /api/v1/users/me"
    assert attributes(root)["app.request_id"] == "seven"
    assert {attributes(span)["db.system.name"] for span in inner} == {"postgresql", "redis"}
    assert {span.parent_span_id for span in inner} == {root.span_id}
    assert told
    assert {(line["trace_id"], line["span_id"]) for line in told} == {(TRACE, root.span_id.hex())}


def test_spans_hold_nothing_that_a_person_wrote(
    collector: Collector, servers: dict[str, str], tmp_path: Path
) -> None:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_TRACES_SAMPLER_ARG": "1"}
    with serving(tmp_path, servers, **settings) as (_, port):
        key_of_nobody(port)
        assert within(lambda: len(collector.spans) > 2)

    assert "ada" not in str(collector.spans)
    assert "xxxx" not in str(collector.spans)


def test_what_is_not_sampled_sends_nothing(
    collector: Collector, servers: dict[str, str], tmp_path: Path
) -> None:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_TRACES_SAMPLER_ARG": "0"}
    with serving(tmp_path, servers, **settings) as (process, port):
        key_of_nobody(port, **{"X-Request-ID": "seven"})
        process.send_signal(signal.SIGTERM)
        assert process.ended() == 0

        assert collector.spans == []
        assert "trace_id" not in str(lines(process, "seven"))


def test_what_is_waiting_is_sent_before_the_end(
    collector: Collector, servers: dict[str, str], tmp_path: Path
) -> None:
    settings = {"OTEL_TRACES_SAMPLER_ARG": "1", "OTEL_BSP_SCHEDULE_DELAY": "60000"}
    settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url
    with serving(tmp_path, servers, **settings) as (process, port):
        key_of_nobody(port)
        process.send_signal(signal.SIGTERM)
        assert process.ended() == 0

    assert collector.spans


def test_without_a_collector_nothing_is_loaded_for_it(tmp_path: Path) -> None:
    code = "import sys, threading, app.main; print(threading.active_count(), *sorted(sys.modules))"
    settings = {"PYTHONPATH": str(ROOT / "src"), "ENVIRONMENT": "test"}
    with running([APP[0], "-c", code], tmp_path, tmp_path / "log", **settings) as process:
        assert process.ended() == 0

    threads, *modules = process.said().split()
    assert threads == "1"
    assert not [each for each in modules if each.startswith("opentelemetry.exporter.otlp")]


def test_a_collector_that_hangs_holds_up_neither_requests_nor_the_end(
    servers: dict[str, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.settimeout(PATIENCE)
        settings = {"OTEL_TRACES_SAMPLER_ARG": "1"}
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with serving(tmp_path, servers, **settings) as (process, port):
            key_of_nobody(port)
            exporter, _ = deaf.accept()
            with exporter:
                started = time.monotonic()
                for _ in range(50):
                    key_of_nobody(port)
                assert time.monotonic() - started < 5

                process.send_signal(signal.SIGTERM)
                assert process.ended() == 0
                assert time.monotonic() - started < 9
