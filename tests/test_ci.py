"""Tests the files that CI providers read, ours and the service's, with what audits such files."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

from tests.test_docs import sessions
from tests.variants.rendering import SOURCE, TEMPLATE

SCRIPTS = Path(sysconfig.get_path("scripts"))
GITLAB = SOURCE / ".gitlab-ci.yml"
READ = {
    "github-workflows": [
        *TEMPLATE.glob(".github/workflows/*"),
        *SOURCE.glob(".github/workflows/*"),
    ],
    "dependabot": [root / ".github" / "dependabot.yml" for root in (TEMPLATE, SOURCE)],
    "gitlab-ci": [GITLAB],
    "compose-spec": [SOURCE / "compose.yaml"],
}
"""By the name of their schema, which check-jsonschema brings along."""


def ran(*command: str | Path) -> None:
    """Fails with what the tool said."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("root", [TEMPLATE, SOURCE], ids=["the template's", "the service's"])
def test_zizmor_finds_nothing_that_a_workflow_should_not_do(root: Path) -> None:
    ran(SCRIPTS / "zizmor", "--offline", "--quiet", "--strict-collection", root / ".github")


@pytest.mark.parametrize("schema", READ)
def test_a_provider_would_take_the_file(schema: str) -> None:
    ran(SCRIPTS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *READ[schema])


def test_both_providers_run_the_same_sessions_of_the_service() -> None:
    github = (SOURCE / ".github/workflows/ci.yml").read_text("utf-8")
    noxfile = (SOURCE / "noxfile.py").read_text("utf-8")
    (default,) = re.findall(r"options\.sessions = (\[.*\])", noxfile)
    (besides,) = re.findall(r"run: .*nox -s (.+)$", github, re.MULTILINE)
    jobs = {
        name
        for name, job in yaml.safe_load(GITLAB.read_text("utf-8")).items()
        if not name.startswith(".") and ("script" in job or "extends" in job)
    }

    assert re.search(r"run: .*nox$", github, re.MULTILINE), "the default sessions"
    assert {*yaml.safe_load(default), *besides.split()} == jobs <= sessions(SOURCE / "README.md")


def test_the_service_has_the_pins_of_the_template() -> None:
    """Actions by commit, with the tag for people; uv as in the image."""
    ours, its = (
        {line.strip() for path in root.glob(".github/workflows/*") for line in uses(path)}
        for root in (TEMPLATE, SOURCE)
    )
    (uv,) = re.findall(r'"(uv==.*)"', GITLAB.read_text("utf-8"))

    assert its <= ours
    assert all(re.fullmatch(r"- uses: [\w/-]+@[0-9a-f]{40} # v[\d.]+", line) for line in its)
    assert f" {uv}\n" in (SOURCE / "Dockerfile").read_text("utf-8")


def uses(workflow: Path) -> list[str]:
    """The lines of a workflow that name an action."""
    return [line for line in workflow.read_text("utf-8").splitlines() if "uses:" in line]
