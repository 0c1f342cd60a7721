"""Whether a request is traced is decided before the work, by its caller or by chance."""

from os import environ

import pytest

from app.core.settings import UnsafeSettings
from app.observability.tracing import leaves_none, refuse_other_protocols, share, telemetry, wanted

HERE = "http://127.0.0.1:4318"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": HERE}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": HERE}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": HERE, "OTEL_SDK_DISABLED": "True"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": HERE, "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
    ids=str,
)
def test_there_are_traces_once_there_is_somewhere_to_send_them(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], *, expected: bool
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert wanted() is expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, 0.05),
        ({"OTEL_TRACES_SAMPLER_ARG": "0.5"}, 0.5),
        ({"OTEL_TRACES_SAMPLER": "parentbased_always_off"}, 1),
    ],
    ids=str,
)
def test_the_share_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: float
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert share() == expected


@pytest.mark.parametrize("text", ["much", "5", "-1", "nan"])
def test_a_share_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", text)

    with pytest.raises(UnsafeSettings, match="OTEL_TRACES_SAMPLER_ARG: must be"):
        share()


@pytest.mark.parametrize(
    "name", ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"]
)
@pytest.mark.parametrize("protocol", ["grpc", "http/json"])
def test_a_protocol_that_the_exporter_does_not_speak_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, protocol: str
) -> None:
    monkeypatch.setenv(name, protocol)
    assert telemetry()["tracing"] is False, "without a collector nothing is sent"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", HERE)

    with pytest.raises(
        UnsafeSettings, match=f"{name}: {protocol} is not spoken here; set http/pro"
    ):
        telemetry()


def test_the_protocol_of_traces_counts_before_that_of_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf")

    refuse_other_protocols()


def test_chance_chooses_among_those_without_a_trace() -> None:
    scope = {"path": "/api/v1/users/me", "headers": []}

    chosen = sum(not leaves_none(0.05, scope) for _ in range(20_000))

    assert 700 < chosen < 1300


def test_a_callers_trace_is_taken_over() -> None:
    scope = {"path": "/api/v1/users/me", "headers": [(b"traceparent", b"00-1-2-01")]}

    assert not leaves_none(0, scope)


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/metrics"])
def test_probes_and_scrapes_leave_none(path: str) -> None:
    assert leaves_none(1, {"path": path, "headers": [(b"traceparent", b"00-1-2-01")]})
