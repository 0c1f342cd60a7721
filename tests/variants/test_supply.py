"""Tests what becomes of an advisory, and of a service that cannot be asked for any."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.variants import supply
from tests.variants.sheets import code_options, covering, label, questions

FOUND = json.dumps(
    {
        "dependencies": [
            {"name": "fine", "version": "1", "vulns": []},
            {"name": "old", "version": "2", "vulns": [{"id": "X-1", "fix_versions": ["3"]}]},
        ]
    }
)
Answers = Callable[[str, int], Path]


@pytest.fixture
def pip_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Puts a pip-audit on the path that says this, and notes how it was called."""
    monkeypatch.setattr(supply, "render", lambda _, into: into / "service")
    monkeypatch.setattr(supply, "exported", lambda *_: None)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    def answers(said: str, code: int) -> Path:
        called = tmp_path / "called"
        script = tmp_path / "pip-audit"
        script.write_text(
            f"#!/bin/sh\necho \"$@\" >> '{called}'\necho '{said}'\nexit {code}\n", "utf-8"
        )
        script.chmod(0o755)
        return called

    return answers


def test_an_advisory_is_named_with_its_way_out_and_fails(
    pip_audit: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    pip_audit(FOUND, 1)
    assert supply.audit_all() == 1
    assert "old 2: X-1, fixed in 3" in capsys.readouterr().out


def test_without_an_answer_nothing_is_said_to_be_fine(
    pip_audit: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    called = pip_audit("", 1)
    assert supply.audit_all() == supply.UNANSWERED == 3
    assert "No advisory service answers" in capsys.readouterr().out
    assert all(f"service={name}" in called.read_text("utf-8") for name in supply.SERVICES)


def test_what_is_accepted_is_accepted_where_its_answer_was_given_alone(pip_audit: Answers) -> None:
    called = pip_audit('{"dependencies": []}', 0)
    assert supply.audit_all() == 0
    calls = called.read_text("utf-8").splitlines()
    sheets = map(label, covering(code_options(questions())))
    for sheet, call in zip(sheets, calls, strict=True):
        assert ("--ignore-vuln" in call) is ("python-jose" in sheet)


def test_every_accepted_advisory_has_its_reason() -> None:
    assert all(all(each.values()) for each in supply.ACCEPTED.values())
