"""Tests the search for a Python, on folders that look like pyenv's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.variants import interpreters
from tests.variants.sheets import questions, values


@pytest.fixture
def pyenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pyenv of the test's own that holds four versions."""
    for version in ("3.11.9", "3.12.9", "3.12.10", "3.12-dev"):
        executable = tmp_path / "versions" / version / "bin" / "python"
        executable.parent.mkdir(parents=True)
        executable.touch()
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    return tmp_path


def test_pyenv_gives_the_latest_patch_release(pyenv: Path) -> None:
    expected = pyenv / "versions" / "3.12.10" / "bin" / "python"
    assert interpreters.in_pyenv("3.12") == str(expected)


def test_a_version_that_pyenv_lacks_is_not_found(pyenv: Path) -> None:
    assert (pyenv / "versions").exists()
    assert interpreters.in_pyenv("3.13") is None
    assert interpreters.in_pyenv("3.1") is None


def test_the_supported_versions_are_those_that_are_asked_for() -> None:
    assert list(interpreters.SUPPORTED) == values(questions()["python_version"])


def test_without_any_interpreter_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 2\n", "utf-8")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    interpreters.present.cache_clear()
    with pytest.raises(interpreters.NoInterpreterError, match=r"needs Python 3\.12, .*Install one"):
        interpreters.obtain()
    interpreters.present.cache_clear()
