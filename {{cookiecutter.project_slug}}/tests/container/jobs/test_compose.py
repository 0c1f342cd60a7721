"""`compose/jobs.yaml` adds a worker that differs from the service in its command alone."""

from typing import Any

import yaml

from app.core.migrations import ROOT
from tests.container.test_compose import SERVICES
from tests.container.test_telemetry import configured, mounted

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose" / "jobs.yaml").read_text("utf-8"))
WORKER = COMPOSE["services"]["worker"]


def added(name: str) -> dict[str, str]:
    """Each path inside a container with what this file puts there."""
    mounts = [mount.split(":") for mount in COMPOSE["services"][name]["volumes"]]
    return {inside: outside for outside, inside, _ in mounts}


def test_the_worker_takes_everything_from_a_service_that_listens_nowhere() -> None:
    assert WORKER["extends"]["file"] == "compose.yaml", "paths begin at the first file's folder"
    assert "ports" not in SERVICES[WORKER["extends"]["service"]]
    assert WORKER["command"] == ["app", "worker"]


def test_it_starts_after_the_migration_and_may_end_what_it_does() -> None:
    for name in ("depends_on", "stop_grace_period", "restart"):
        assert WORKER[name] == SERVICES["app"][name]


def test_prometheus_and_grafana_are_told_of_it() -> None:
    port = SERVICES["app"]["environment"]["METRICS_PORT"]
    read = configured("prometheus.yml")
    (path,) = (path for path in added("prometheus") if path.endswith("scrape.yml"))
    (job,) = yaml.safe_load((ROOT / added("prometheus")[path]).read_text("utf-8"))["scrape_configs"]
    folder, _, _ = next(iter(added("grafana"))).rpartition("/")

    assert job["static_configs"] == [{"targets": [f"worker:{port}"]}]
    assert read["scrape_config_files"] == ["/etc/prometheus/*scrape.yml"]
    assert read["rule_files"] == ["/etc/prometheus/*alerts.yml"]
    assert all(
        (ROOT / each).exists()
        for name in ("prometheus", "grafana")
        for each in added(name).values()
    )
    assert any(path.startswith(folder) for path in mounted("grafana"))
