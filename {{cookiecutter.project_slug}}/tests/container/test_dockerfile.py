"""The image holds what the service runs on and no more, and its user can change none of it."""

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

from app.core.migrations import ROOT
from tests.container import dockerfile


def test_hadolint_finds_nothing() -> None:
    """Every rule, those of its shell lines too; an exception would stand beside its line."""
    hadolint = Path(sysconfig.get_path("scripts"), "hadolint")
    if not hadolint.exists():
        pytest.skip("not run: needs hadolint, which has no wheel for this system")
    command = [str(hadolint), str(dockerfile.PATH)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_build_is_sent_what_it_copies_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]

    assert rules[0] == "*"
    sent = {rule.removeprefix("!/") for rule in rules if rule.startswith("!")}
    assert sent == {source for source, _ in dockerfile.copied()}


def test_it_has_the_python_that_developers_have() -> None:
    (python,) = re.findall(r'^ARG PYTHON="(.*)"$', dockerfile.TEXT, re.MULTILINE)

    assert python == (ROOT / ".python-version").read_text("utf-8").strip()
    (last,), (build,) = dockerfile.of("", "FROM"), dockerfile.of("build", "FROM")
    assert last.startswith("python:${PYTHON}-slim-")
    assert build == f"{last} AS build"


def test_the_last_stage_takes_the_built_service_and_leaves_the_tools_behind() -> None:
    assert dockerfile.of("", "COPY") == ["--from=build /app /app"]
    (made,) = dockerfile.of("", "RUN")
    assert made.startswith("useradd ")


def test_it_runs_as_somebody_who_owns_nothing_there() -> None:
    (user,) = dockerfile.of("", "USER")
    (made,) = dockerfile.of("", "RUN")
    number, _, group = user.partition(":")

    assert f"--uid {number} " in made
    assert int(number) == int(group) > 0
    assert not any("--chown" in rest for rest in dockerfile.of("", "COPY"))
