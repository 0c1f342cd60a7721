"""Tests what becomes of a variant that passes, and of one that does not."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.variants import dates, pins, variant
from tests.variants.build import build
from tests.variants.rendering import SOURCE
from tests.variants.size import report
from tests.variants.variant import Check, CheckFailedError, Variant, command, telling

LOCK = """
[[package]]
name = "my-service"
version = "0.1.0"
source = { editable = "." }

[[package]]
name = "fastapi"
version = "1.2.3"
source = { registry = "index" }
"""


def locks(variant: Variant) -> None:
    """A check that does what `uv lock` does, offline."""
    (variant.folder / "uv.lock").write_text(LOCK, "utf-8")


@pytest.fixture
def folders() -> Iterator[list[Path]]:
    """Collects the folders that variants were built in; whatever is left of them goes."""
    built: list[Path] = []
    yield built
    for folder in built:
        shutil.rmtree(folder.parent, ignore_errors=True)


def test_a_variant_that_passes_is_counted_and_cleared_away(folders: list[Path]) -> None:
    seen: dict[str, Check] = {"seen": lambda v: folders.append(v.folder), "lock": locks}
    outcome = build({"example": False}, seen, sys.executable)
    assert (outcome.label, outcome.passed, outcome.fault) == ("example=no", ["seen", "lock"], "")
    assert outcome.files > 0
    assert outcome.locked == {"fastapi==1.2.3"}
    assert not folders[0].parent.exists()


def test_a_variant_that_fails_keeps_its_folder_and_says_how_to_repeat_it() -> None:
    bad = command(sys.executable, "-c", "exit('oh no')")
    outcome = build({"example": False}, {"fine": locks, "bad": bad, "later": locks}, sys.executable)
    assert outcome.passed == ["fine"]
    assert "bad: " in outcome.fault
    assert "oh no" in outcome.fault
    assert "Again: uvx nox -s variants -- example=no" in outcome.fault
    kept = re.search(r"Its folder: (.*)", outcome.fault)
    assert kept
    assert (Path(kept[1]) / "pyproject.toml").exists()
    shutil.rmtree(Path(kept[1]).parent)


def test_a_command_that_hangs_is_stopped_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variant, "LONGEST_COMMAND", 0.1)
    with pytest.raises(CheckFailedError, match=r"was stopped after 0\.1 s"):
        Variant(tmp_path, {}, "").run("sleep", "600")


def test_a_failed_test_is_named_before_its_logs() -> None:
    logs = [f"a line of the log, {number}" for number in range(200)]
    name = "FAILED tests/users/test_router.py::test_a_stranger_is_refused - assert 200 == 401"
    shown = telling([name, *logs, "1 failed in 3 s"]).splitlines()
    assert (shown[0], shown[-1]) == (name, "1 failed in 3 s")
    assert len(shown) == variant.LINES_SHOWN + 1
    assert telling(["fine", name]).splitlines() == [name, "fine"]


def test_the_tested_versions_are_names_and_numbers_in_order_under_their_date() -> None:
    head, *lines = pins.TESTED.read_text("utf-8").splitlines()
    assert head == f"{pins.HEAD}{dates.fixed(SOURCE)}"
    assert lines == sorted(set(lines))
    assert all(re.fullmatch(r"[a-z0-9.-]+==[\w.+!-]+", line) for line in lines)


def test_another_version_is_told_another_package_or_date_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "TESTED", tmp_path / "tested.txt")
    pins.write({"a==1", "b==1"}, "2026-01-01")
    assert (pins.faults({"a==1"}, "2026-01-01"), pins.shown_late({"a==1"})) == ([], set())
    assert (pins.faults({"a==2"}, "2026-01-01"), pins.shown_late({"a==2"})) == ([], {"a==2"})
    assert pins.faults({"c==1"}, "2026-01-01") == ["c: not noted"]
    assert pins.faults({"a==1"}, "2026-01-02") == ["exclude-newer: 2026-01-02, noted at 2026-01-01"]


def test_a_tree_over_its_budget_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n" * 10, "utf-8")
    assert "1 files of 140, 10 lines of 6000, median 10, longest 10" in report(tmp_path)
    assert "OVER" not in report(tmp_path)
    (tmp_path / "b.py").write_text("x = 1\n" * 6000, "utf-8")
    assert report(tmp_path).endswith("OVER the budget")
