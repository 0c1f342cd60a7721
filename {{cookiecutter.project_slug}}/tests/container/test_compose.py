"""`compose.yaml` starts the service as production would, and holds nothing that is secret."""

import re
from typing import Any

import pytest
import yaml

from app.core.migrations import ROOT
from app.main import SETTINGS

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("app", "migrate")
VARIABLE = re.compile(r"\$\{\w+:[?-][^}]*\}")


def values() -> list[tuple[str, str]]:
    """Every variable of every container."""
    each = (service.get("environment", {}) for service in SERVICES.values())
    return [pair for environment in each for pair in environment.items()]


def test_no_secret_stands_in_it() -> None:
    secret = re.compile(r"PASSWORD|KEYS|SECRET|TOKEN")

    written = [(name, VARIABLE.sub("", value)) for name, value in values()]
    assert [name for name, value in written if secret.search(name) and value] == []
    assert [name for name, value in written if re.search(r"//[^/]*:[^/]+@", value)] == []


def test_without_its_secrets_nothing_starts() -> None:
    required = {match for _, value in values() for match in re.findall(r"\$\{(\w+):\?", value)}

    assert required == {"POSTGRES_PASSWORD", "JWT_KEYS"}


def test_it_sets_settings_that_there_are() -> None:
    known = {name.upper() for kind in SETTINGS for name in kind.model_fields}
    given = {name for name in SERVICES["app"]["environment"] if not name.startswith("OTEL_")}

    assert given <= known


@pytest.mark.parametrize("name", OURS)
def test_the_service_may_change_nothing_but_its_temporary_folder(name: str) -> None:
    service = SERVICES[name]

    assert (service["read_only"], service["tmpfs"]) == (True, ["/tmp"])  # noqa: S108 - in a container
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_service_starts_after_a_migration_that_succeeded() -> None:
    assert SERVICES["migrate"]["command"] == ["app", "migrate"]
    assert "restart" not in SERVICES["migrate"]
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert SERVICES["app"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }


def test_whoever_is_waited_for_says_when_it_is_ready() -> None:
    conditions = [
        (name, how["condition"])
        for service in SERVICES.values()
        if isinstance(waited_for := service.get("depends_on", {}), dict)
        for name, how in waited_for.items()
    ]
    healthy = {name for name, condition in conditions if condition == "service_healthy"}

    assert healthy >= {"postgres", "valkey"}
    assert all("test" in SERVICES[name]["healthcheck"] for name in healthy)


def test_only_this_machine_reaches_it() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_images_are_of_a_version() -> None:
    foreign = [service["image"] for service in SERVICES.values() if "build" not in service]

    assert all(re.search(r":v?\d+", image) for image in foreign)
