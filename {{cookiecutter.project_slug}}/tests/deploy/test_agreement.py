"""The manifests agree with the service: its settings, ports, routes, user and time to stop."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient

from app.commands.serve import GRACE_SECONDS
from app.core.migrations import ROOT
from app.core.settings import faults, read
from app.main import SETTINGS
from tests.container import dockerfile
from tests.deploy import manifests
from tests.deploy.manifests import PODS, the
from tests.system.processes import KEYS

APP, MIGRATE = (each["spec"]["containers"][0] for each in PODS)
FIELDS = {name.upper(): field for kind in SETTINGS for name, field in kind.model_fields.items()}
SECRETS = {
    "DATABASE_URL": "postgresql://app:secret@postgres:5432/app",
    "REDIS_URL": "rediss://valkey:6379/0",
    "JWT_KEYS": KEYS,
    "SMTP_URL": "smtps://app:secret@mail.example.com",
}
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
each_pod = pytest.mark.parametrize("each", PODS, ids=["app", "migrate"])


def test_production_starts_with_these_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in manifests.secrets(PODS[0]):
        (tmp_path / path).write_text(SECRETS[path], "utf-8")
    for name in FIELDS:
        monkeypatch.delenv(name, raising=False)
    given = manifests.settings() | {"ENVIRONMENT": "production", "SECRETS_DIR": str(tmp_path)}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)  # no `.env` here
    read.cache_clear()
    found = faults(SETTINGS)
    read.cache_clear()

    assert found == []


def test_a_setting_is_one_that_there_is_and_a_secret_is_a_file() -> None:
    files = manifests.secrets(PODS[0]) | manifests.secrets(PODS[1])

    assert set(manifests.settings()) | set(files) <= FIELDS.keys()
    assert set(files) == set(SECRETS)
    assert not set(manifests.settings()) & set(SECRETS)
    assert all(file == key for file, key in files.items())


def test_the_page_makes_the_secrets_that_pods_ask_for() -> None:
    page = (ROOT / "docs" / "kubernetes.md").read_text("utf-8")
    made = {
        name: set(re.findall(r"--from-literal=(\w+)=", command))
        for name, command in re.findall(r"secret generic (\w+)((?:.*\\\n)*.*)", page)
    }

    assert made == {manifests.secret(each): set(manifests.secrets(each)) for each in PODS}
    assert len(made) == 2, "the service need not know who owns the tables"


@each_pod
def test_secrets_lie_where_the_service_looks_for_them(each: dict[str, Any]) -> None:
    (container,) = each["spec"]["containers"]
    where = {mount["name"]: mount for mount in container["volumeMounts"]}

    assert where["secrets"] == {
        "name": "secrets",
        "mountPath": str(FIELDS["SECRETS_DIR"].default),
        "readOnly": True,
    }
    assert "env" not in container


@pytest.mark.parametrize("name", PROBES)
async def test_a_probe_asks_what_is_answered(client: AsyncClient, name: str) -> None:
    asked = APP[name]["httpGet"]

    assert (await client.get(asked["path"])).status_code == 200
    assert asked["port"] == "http"


def test_ports_are_those_of_the_service() -> None:
    ports = {port["name"]: port["containerPort"] for port in APP["ports"]}
    measured = manifests.settings()["METRICS_PORT"]
    annotations = PODS[0]["metadata"]["annotations"]

    assert ports == {"http": int(dockerfile.of("", "EXPOSE")[0]), "metrics": int(measured)}
    assert annotations["prometheus.io/port"] == measured
    assert the("Service")["spec"]["ports"][0]["targetPort"] in ports
    ingress = the("NetworkPolicy")["spec"]["ingress"]
    assert {port["port"] for rule in ingress for port in rule["ports"]} == ports.keys()


def test_it_has_the_time_to_stop() -> None:
    before = APP["lifecycle"]["preStop"]["sleep"]["seconds"]
    last_traces = 2

    whole = PODS[0]["spec"]["terminationGracePeriodSeconds"]
    assert whole > before + GRACE_SECONDS + last_traces


def test_the_migration_is_the_services_own_command() -> None:
    assert MIGRATE["command"] == ["app", "migrate"]
    assert json.loads(dockerfile.of("", "CMD")[0])[:2] == ["app", "serve"]
    assert "command" not in APP
    assert "args" not in APP
