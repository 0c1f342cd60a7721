"""What Kubernetes is told is valid, holds together and asks for no more than it needs."""

import re
import shutil
import subprocess
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.container import dockerfile
from tests.deploy import manifests
from tests.deploy.manifests import MANIFESTS, PODS, the

OLDEST = "1.34"
"""The Kubernetes of which every field here is an ordinary part."""
CONTAINERS = [each["spec"]["containers"][0] for each in PODS]
each_pod = pytest.mark.parametrize("each", PODS, ids=["app", "migrate"])


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda each: each["kind"])
def test_kubernetes_would_take_it(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, OLDEST, strict=True)


def test_no_file_is_forgotten() -> None:
    reached = {
        *manifests.files(),
        *(f / "kustomization.yaml" for f, _ in manifests.kustomizations()),
    }

    assert {path.resolve() for path in reached} == set(manifests.DEPLOY.rglob("*.yaml"))


def test_kustomize_puts_the_same_together() -> None:
    command = ["kustomize", "build"] if shutil.which("kustomize") else ["kubectl", "kustomize"]
    if not shutil.which(command[0]):
        pytest.skip("not run: needs kustomize or kubectl")
    done = subprocess.run(  # noqa: S603 - our own words
        [*command, str(manifests.OVERLAY)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    built = list(yaml.safe_load_all(done.stdout))
    (config,) = [each for each in built if each["kind"] == "ConfigMap"]

    assert config["data"] == manifests.settings()
    assert sorted(each["kind"] for each in built) == sorted(
        ["ConfigMap", *(each["kind"] for each in MANIFESTS)]
    )


def test_a_patch_changes_what_there_is() -> None:
    for _, content in manifests.kustomizations():
        for patch in content.get("patches", []):
            found: Any = the(patch["target"]["kind"], patch["target"]["name"])
            for change in yaml.safe_load(patch["patch"]):
                for step in change["path"].split("/")[1:]:
                    found = found[step]


@each_pod
def test_it_may_do_nothing_that_it_need_not(each: dict[str, Any]) -> None:
    (container,) = each["spec"]["containers"]
    (user,) = dockerfile.of("", "USER")
    of_pod = each["spec"]["securityContext"]

    assert f"{of_pod['runAsUser']}:{of_pod['runAsGroup']}" == user
    assert of_pod["runAsNonRoot"] is True
    assert of_pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert each["spec"]["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"requests", "limits"} == container["resources"].keys()


def test_whoever_chooses_pods_finds_them() -> None:
    labels = PODS[0]["metadata"]["labels"]
    chosen = [
        the("Deployment")["spec"]["selector"]["matchLabels"],
        the("Service")["spec"]["selector"],
        the("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        *(
            each["labelSelector"]["matchLabels"]
            for each in PODS[0]["spec"]["topologySpreadConstraints"]
        ),
    ]
    (policy,) = the("NetworkPolicy")["spec"]["podSelector"]["matchExpressions"]

    assert all(each == labels for each in chosen)
    assert {each["metadata"]["labels"][policy["key"]] for each in PODS} <= set(policy["values"])


def test_names_that_are_referred_to_exist() -> None:
    scaled = the("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    generated = {
        one["name"] for _, each in manifests.kustomizations() for one in each["configMapGenerator"]
    }

    assert the(scaled["kind"], scaled["name"])["apiVersion"] == scaled["apiVersion"]
    assert the("ServiceAccount", PODS[0]["spec"]["serviceAccountName"])
    assert [each["configMapRef"]["name"] for each in CONTAINERS[0]["envFrom"]] == list(generated)


def test_every_image_gets_its_version_from_the_overlay() -> None:
    (image,) = manifests.read(manifests.OVERLAY / "kustomization.yaml")["images"]

    assert {each["image"] for each in CONTAINERS} == {image["name"]}
    assert re.fullmatch(r"[\w.-]+", image["newTag"])
    assert image["newTag"] != "latest"


def test_what_is_rolled_out_never_leaves_fewer_pods_than_before() -> None:
    spec = the("Deployment")["spec"]

    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert "replicas" not in spec, "it would undo what the autoscaler did"
    assert the("HorizontalPodAutoscaler")["spec"]["minReplicas"] > 1
