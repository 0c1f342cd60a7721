"""The worker's pod is the service's, but for what it runs and that nobody calls it."""

from app.jobs.worker import GRACE_SECONDS
from tests.deploy.manifests import PODS, the

POD = the("Deployment", "worker")["spec"]["template"]
(WORKER,) = POD["spec"]["containers"]
CALLED = {"startupProbe", "livenessProbe", "readinessProbe", "lifecycle"}


def test_it_has_the_rights_settings_and_secrets_of_the_service() -> None:
    service = PODS[0]["spec"]
    (app,) = service["containers"]
    own = {"name", "command", "ports"}

    assert WORKER["command"] == ["app", "worker"]
    assert {k: v for k, v in WORKER.items() if k not in own} == {
        k: v for k, v in app.items() if k not in CALLED | own
    }
    assert {k: v for k, v in POD["spec"].items() if k != "containers"} == {
        k: v for k, v in service.items() if k not in {"containers", "topologySpreadConstraints"}
    }


def test_only_prometheus_reaches_it() -> None:
    labels = POD["metadata"]["labels"]
    (policy,) = the("NetworkPolicy")["spec"]["podSelector"]["matchExpressions"]

    assert labels == the("Deployment", "worker")["spec"]["selector"]["matchLabels"]
    assert labels[policy["key"]] in policy["values"]
    assert labels != the("Service")["spec"]["selector"]
    assert [port["name"] for port in WORKER["ports"]] == ["metrics"]


def test_what_runs_has_the_time_to_end() -> None:
    assert POD["spec"]["terminationGracePeriodSeconds"] > GRACE_SECONDS + 2
