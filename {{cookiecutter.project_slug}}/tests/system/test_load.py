"""The sessions `load` and `soak`, cut short: they reach every route, and tell what they saw."""

import sys
from pathlib import Path

import pytest

from app.core.migrations import ROOT
from tests.load.mix import STEPS
from tests.system.processes import running

pytestmark = pytest.mark.system

LOAD = [sys.executable, "-m", "tests.load"]


def outcome(folder: Path, *words: str) -> tuple[int, str]:
    with running([*LOAD, *words], ROOT, folder / "log", COLUMNS="120") as process:
        return process.wait(90), process.said()


def test_a_short_load_finds_no_fault_and_its_profile_names_our_functions(tmp_path: Path) -> None:
    profile = tmp_path / "profile.html"
    words = ("--users=10", "--seconds=4", "--pause=0.5", f"--profile={profile}")

    code, said = outcome(tmp_path, "load", *words)

    assert code == 0, said
    assert "gate/gate.py" in profile.read_text("utf-8")
    seen = {line.split("│")[1].strip() for line in said.splitlines() if line.startswith("│")}
    assert seen - {"all"} <= {step.name for step in STEPS}
    assert {step.name for step in STEPS if step.weight > 10} <= seen


@pytest.mark.skipif(sys.platform != "linux", reason="not run: what it reads is in Linux's /proc")
def test_a_short_soak_tells_what_the_service_holds(tmp_path: Path) -> None:
    _, said = outcome(tmp_path, "soak", "--minutes=0.05", "--users=32")

    assert "requests a second; from now on" in said
    assert "connections to PostgreSQL + Redis" in said
    assert "last third" in said
