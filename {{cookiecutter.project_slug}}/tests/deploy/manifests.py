"""The Kubernetes manifests, put together as kustomize would."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from app.core.migrations import ROOT

DEPLOY = ROOT / "deploy"
OVERLAY = DEPLOY / "overlays" / "production"

type Manifest = dict[str, Any]  # Any: whatever YAML holds


def read(path: Path) -> Manifest:
    found: Manifest = yaml.safe_load(path.read_text("utf-8"))
    return found


def kustomizations(folder: Path = OVERLAY) -> Iterator[tuple[Path, Manifest]]:
    """Folder and content of each, that of the base first."""
    content = read(folder / "kustomization.yaml")
    for name in content["resources"]:
        if (folder / name).is_dir():
            yield from kustomizations((folder / name).resolve())
    yield folder, content


def files() -> list[Path]:
    """Every file that is part of the overlay, but for the kustomizations."""
    paths = [folder / name for folder, each in kustomizations() for name in each["resources"]]
    return [path for path in paths if not path.is_dir()]


MANIFESTS = [read(path) for path in files()]


def the(kind: str, name: str = "app") -> Manifest:
    (found,) = [
        each for each in MANIFESTS if (each["kind"], each["metadata"]["name"]) == (kind, name)
    ]
    return found


PODS: list[Manifest] = [
    the(kind, name)["spec"]["template"]
    for kind, name in (("Deployment", "app"), ("Job", "migrate"))
]


def settings() -> dict[str, str]:
    """What is in the config map: the literals of the base, and over them those of the overlay."""
    generators = [one for _, each in kustomizations() for one in each["configMapGenerator"]]
    pairs = [literal.partition("=") for one in generators for literal in one["literals"]]
    return {name: value for name, _, value in pairs}


def secrets(pod: Manifest) -> dict[str, str]:
    """Which key of the secret becomes which file."""
    return {item["path"]: item["key"] for item in _mounted(pod)["items"]}


def secret(pod: Manifest) -> str:
    """The name of the secret."""
    name: str = _mounted(pod)["secretName"]
    return name


def _mounted(pod: Manifest) -> Manifest:
    (found,) = [each["secret"] for each in pod["spec"]["volumes"] if "secret" in each]
    mounted: Manifest = found
    return mounted
