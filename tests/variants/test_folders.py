"""Tests that an option which brings files is seen to work, and to fail when one is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.variants import folders, probes
from tests.variants.rendering import render
from tests.variants.sheets import Sheet, code_options, questions

BROKEN = {
    "deployment=docker,kubernetes": ("Dockerfile", "COPY src src", "COPY source src"),
    "deployment=docker": ("compose.yaml", "./monitoring/collector.yml", "./collector.yml"),
    "deployment=kubernetes": ("deploy/base/kustomization.yaml", "  - autoscaler.yaml\n", ""),
    "ci=github": (".github/workflows/ci.yml", "nox -s system openapi", "nox -s sistem"),
    "ci=gitlab": (".gitlab-ci.yml", "types:\n", "tipes:\n"),
}


@pytest.mark.parametrize("key", BROKEN)
def test_what_an_answer_brings_is_seen_to_be_whole_or_broken(key: str, tmp_path: Path) -> None:
    option, _, values = key.partition("=")
    sheet: Sheet = {name: answers[0] for name, answers in code_options(questions()).items()}
    sheet[option] = values.partition(",")[0]
    folder = render(sheet, tmp_path)
    assert probes.missing(folder, sheet) == []
    name, right, wrong = BROKEN[key]
    text = (folder / name).read_text("utf-8")
    assert right in text
    (folder / name).write_text(text.replace(right, wrong, 1), "utf-8")
    assert len(probes.missing(folder, sheet)) == 1


def test_every_probe_of_a_folder_is_seen_to_fail() -> None:
    looking = {key for key, each in probes.PROBES.items() if each.in_folder != probes.nothing}
    assert looking == set(BROKEN)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("- run: nox -s lint", None), ("- run: uvx nox", "CI calls nothing of nox")],
)
def test_a_ci_that_calls_no_session_checks_nothing(
    text: str, fault: str | None, tmp_path: Path
) -> None:
    (tmp_path / "noxfile.py").write_text("def lint(session): ...\n", "utf-8")
    assert folders.unknown(tmp_path, text) == fault
