"""A copy of the service, to add to and to take from."""

import shutil
from pathlib import Path

import pytest

SERVICE = Path(__file__).parents[3]
COPIED = ("src", "migrations", "tests/auth")
FILES = ("pyproject.toml", "README.md")


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its folder, which is the working directory."""
    root = tmp_path / "service"
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(SERVICE / name, root / name, ignore=ignored)
    for name in FILES:
        shutil.copy(SERVICE / name, root / name)
    monkeypatch.chdir(root)
    return root


def files(root: Path) -> dict[str, bytes]:
    """All of them, by their paths."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and ".git" not in path.parts
    }
