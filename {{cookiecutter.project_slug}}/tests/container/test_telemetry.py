"""The profile `telemetry` of `compose.yaml` reads what the service publishes, and shows it."""

from fnmatch import fnmatch
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from app.core.migrations import ROOT
from app.observability.scraping import router
from tests.container.test_compose import COMPOSE, SERVICES

TELEMETRY = {name: each for name, each in SERVICES.items() if "profiles" in each}
MOUNTS = {
    name: [tuple(mount.split(":")) for mount in each.get("volumes", [])]
    for name, each in TELEMETRY.items()
}


def configured(name: str) -> Any:
    return yaml.safe_load((ROOT / "monitoring" / name).read_text("utf-8"))


def mounted(name: str) -> dict[str, str]:
    """Each path inside a container with what lies there."""
    return {inside: outside for outside, inside, _ in MOUNTS[name]}


def test_it_starts_only_when_it_is_asked_for() -> None:
    assert set(TELEMETRY) == {"collector", "jaeger", "prometheus", "grafana"}
    assert all(each["profiles"] == ["telemetry"] for each in TELEMETRY.values())
    waiting = [
        each.get("depends_on", {}) for name, each in SERVICES.items() if name in ("app", "migrate")
    ]
    assert not any(set(waited_for) & set(TELEMETRY) for waited_for in waiting)


@pytest.mark.parametrize("name", TELEMETRY)
def test_what_is_mounted_is_there_and_stays_as_it_is(name: str) -> None:
    for outside, _, how in MOUNTS[name]:
        assert (ROOT / outside).exists(), outside
        assert how == "ro"


def test_prometheus_reads_the_port_that_the_service_publishes_on() -> None:
    (job,) = configured("prometheus.yml")["scrape_configs"]
    port = SERVICES["app"]["environment"]["METRICS_PORT"]

    assert job["static_configs"] == [{"targets": [f"app:{port}"]}]
    assert job["metrics_path"] == router.url_path_for("show")
    assert not [each for each in SERVICES["app"]["ports"] if each.endswith(f":{port}")]


def test_prometheus_knows_the_alerts() -> None:
    (pattern,) = configured("prometheus.yml")["rule_files"]
    found = [outside for path, outside in mounted("prometheus").items() if fnmatch(path, pattern)]

    assert found == ["./monitoring/alerts.yml"]


def test_traces_go_from_the_service_by_the_collector_to_jaeger() -> None:
    collector = configured("collector.yml")
    (pipeline,) = collector["service"]["pipelines"].values()
    page = (ROOT / "docs" / "compose.md").read_text("utf-8")
    _, _, port = collector["receivers"]["otlp"]["protocols"]["http"]["endpoint"].rpartition(":")

    assert f"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:{port}" in page
    assert collector["exporters"]["otlp"]["endpoint"].partition(":")[0] in TELEMETRY
    assert pipeline == {"receivers": ["otlp"], "processors": ["batch"], "exporters": ["otlp"]}
    assert mounted("collector")[TELEMETRY["collector"]["command"][0].partition("=")[2]]


def test_grafana_finds_its_servers_and_the_dashboard() -> None:
    sources = configured("provisioning/datasources/servers.yml")["datasources"]
    (folder,) = configured("provisioning/dashboards/folder.yml")["providers"]
    inside = mounted("grafana")

    assert {urlsplit(each["url"]).hostname for each in sources} == {"prometheus", "jaeger"}
    assert inside["/etc/grafana/provisioning"] == "./monitoring/provisioning"
    assert inside[f"{folder['options']['path']}/dashboard.json"] == "./monitoring/dashboard.json"


def test_nobody_signs_in_to_grafana_with_a_password_that_everybody_knows() -> None:
    environment = TELEMETRY["grafana"]["environment"]

    assert environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"


def test_nothing_of_it_is_kept() -> None:
    assert set(COMPOSE["volumes"]) == {"postgres"}
