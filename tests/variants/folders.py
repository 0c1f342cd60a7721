"""Looks into a rendered folder for what an option brings that no request could show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

LOCK = "uv.lock"
"""`uv sync` writes it: no render holds it."""
KEEPS_IT_UP = {"Deployment", "Service", "Job", "HorizontalPodAutoscaler", "PodDisruptionBudget"}


def image_is_built_of_what_is_there(folder: Path) -> str | None:
    """Everything that the Dockerfile copies from the project stands in it."""
    text = (folder / "Dockerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE)
    names = {name for several in copied for name in several.split()} - {LOCK}
    wrong = [name for name in sorted(names) if not (folder / name).exists()]
    return f"Dockerfile: copies {wrong or 'nothing'}" if wrong or not names else None


def compose_starts_the_service(folder: Path) -> str | None:
    """One of its containers is built here and answers on a port; what is mounted is there."""
    services = parsed(folder / "compose.yaml")["services"].values()
    ours = [each for each in services if "build" in each and "ports" in each]
    mounts = [mount.split(":")[0] for each in services for mount in each.get("volumes", [])]
    missing = [path for path in mounts if path.startswith("./") and not (folder / path).exists()]
    return None if ours and not missing else f"compose.yaml: builds {len(ours)}, lacks {missing}"


def kubernetes_gets_what_it_needs(folder: Path) -> str | None:
    """The overlay leads to a deployment of the service, and to all that keeps it up."""
    kinds = {each["kind"] for each in manifests(folder / "deploy/overlays/production")}
    missing = sorted(KEEPS_IT_UP - kinds)
    return f"deploy: no {', '.join(missing)}" if missing else None


def manifests(folder: Path) -> Iterator[dict[str, Any]]:
    """What the kustomization of the folder puts together, unchanged."""
    for name in parsed(folder / "kustomization.yaml")["resources"]:
        path = folder / name
        yield from manifests(path) if path.is_dir() else [parsed(path)]


def github_runs_sessions(folder: Path) -> str | None:
    """Some step of some job calls nox, for sessions that there are."""
    return unknown(folder, (folder / ".github/workflows/ci.yml").read_text("utf-8"))


def gitlab_runs_sessions(folder: Path) -> str | None:
    """A job that calls nox by its own name is called like a session."""
    path = folder / ".gitlab-ci.yml"
    jobs = [name for name, job in parsed(path).items() if "extends" in job]
    return unknown(folder, path.read_text("utf-8").replace('"$CI_JOB_NAME"', " ".join(jobs)))


def unknown(folder: Path, text: str) -> str | None:
    """Sessions that a CI's file calls and the noxfile has not; that it calls none."""
    noxfile = (folder / "noxfile.py").read_text("utf-8")
    known = set(re.findall(r"^def (\w+)\(session", noxfile, re.MULTILINE))
    calls = re.findall(r"^ *- .*\bnox -s ([\w ]+)", text, re.MULTILINE)
    called = {name for names in calls for name in names.split()}
    wrong = sorted(called - known) or ([] if called else ["nothing"])
    return f"CI calls {', '.join(wrong)} of nox" if wrong else None


def parsed(path: Path) -> dict[str, Any]:
    """What a YAML file holds."""
    return dict(yaml.safe_load(path.read_text("utf-8")))
