"""Tests which traces of the template are found in a render."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.variants.residue import of_template


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # feature: jobs",
        "| a | <!-- feature: jobs -->",
        "{{ cookiecutter.project_slug }}",
        "made with Cookiecutter",
        'f"{{name}}"',
        "{% raw %}",
    ],
)
def test_a_trace_is_found_with_its_place(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"fine\n{line}\n", "utf-8")
    assert of_template(tmp_path) == [f"a.txt:2: {line}"]


@pytest.mark.parametrize("line", ["key: ${{ github.ref }}", "a feature: none", '{"a": {"b": 1}}'])
def test_what_a_service_may_say_is_no_trace(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(line, "utf-8")
    (tmp_path / "logo.png").write_bytes(b"\0{{")
    assert of_template(tmp_path) == []
