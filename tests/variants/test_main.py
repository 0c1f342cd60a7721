"""Tests what a run of variants comes to, and where it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.variants import __main__ as command_line
from tests.variants import pins
from tests.variants.build import Outcome
from tests.variants.table import markdown, table

TRIED = [
    Outcome("example=yes", 100, 12.34, ["ruff", "tests"], locked={"a==1"}),
    Outcome("example=no", 80, 1.0, ["ruff"], "tests: 1 failed\n..."),
    Outcome("python_version=3.14"),
]


@pytest.mark.parametrize(
    ("outcome", "code", "said"),
    [
        (Outcome("fine", 1, 1.0, ["ruff"], locked={"a==1"}), 0, "fine"),
        (Outcome("bad", 1, 1.0, [], "ruff: no"), 1, "FAILED ruff"),
        (Outcome("old", 1, 1.0, ["ruff"], locked={"b==1"}), 1, "a: locked by no variant"),
        (Outcome("late", 1, 1.0, ["ruff"], locked={"a==2"}), 0, "shows others since: a==2"),
    ],
)
def test_a_failure_and_an_unused_pin_decide_the_exit_code(
    outcome: Outcome,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(pins, "tested", lambda: {"a==1"})
    monkeypatch.setattr(command_line, "fulfilled", lambda orders: [outcome] * len(orders))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert command_line.main(["--quick"]) == code
    assert said in capsys.readouterr().out


def test_the_list_for_a_ci_provider_is_all_that_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command_line.main(["--list-json"]) == 0
    assert all("python_version=" in words for words in json.loads(capsys.readouterr().out))


def test_the_table_has_a_row_for_each_variant_also_one_that_could_not_run() -> None:
    assert table(TRIED).splitlines() == [
        "variant              files  seconds  checks",
        "example=yes          100    12.3     ruff, tests",
        "example=no           80     1.0      ruff, FAILED tests",
        "python_version=3.14  -      -        not run",
    ]


def test_the_report_stands_in_files_and_where_ci_shows_summaries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("Before.\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    command_line.report(TRIED, tmp_path / "new" / "report")
    told = json.loads((tmp_path / "new" / "report" / "variants.json").read_text("utf-8"))
    assert [each["label"] for each in told] == [each.label for each in TRIED]
    assert told[0]["locked"] == ["a==1"]
    page = (tmp_path / "new" / "report" / "variants.md").read_text("utf-8")
    assert summary.read_text("utf-8") == f"Before.\n{page}"
    assert page == markdown(TRIED)
    assert "| example=no | 80 | 1.0 | ruff, FAILED tests |" in page
    assert "tests: 1 failed\n..." in page
