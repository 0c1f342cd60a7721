"""`compose/jobs.yaml` adds a worker that differs from the service in its command alone."""

from typing import Any

import yaml

from app.core.migrations import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose" / "jobs.yaml").read_text("utf-8"))
SERVICE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]


def test_the_worker_takes_everything_from_a_service_that_listens_nowhere() -> None:
    worker = COMPOSE["services"]["worker"]

    assert worker["extends"]["file"] == "../compose.yaml"
    assert "ports" not in SERVICE[worker["extends"]["service"]]
    assert worker["command"] == ["app", "worker"]


def test_it_starts_after_the_migration_and_may_end_what_it_does() -> None:
    worker = COMPOSE["services"]["worker"]

    assert worker["depends_on"] == SERVICE["app"]["depends_on"]
    assert worker["stop_grace_period"] == SERVICE["app"]["stop_grace_period"]
    assert worker["restart"] == SERVICE["app"]["restart"]
