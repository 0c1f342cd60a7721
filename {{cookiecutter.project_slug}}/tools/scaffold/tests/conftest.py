"""A copy of the service, as far as resources stand in it: to add to and to take from."""

import shutil
from pathlib import Path

import pytest

SERVICE = Path(__file__).parents[3]
COPIED = (
    "pyproject.toml",
    "README.md",
    "src/app/main.py",
    "src/app/*/__init__.py",
    "src/app/**/models.py",
    "src/app/auth/permissions.py",
    "migrations/versions/*.py",
    "tests/auth/test_deny_by_default.py",
)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its folder, which is the working directory."""
    root = tmp_path / "service"
    for path in (path for pattern in COPIED for path in SERVICE.glob(pattern)):
        copy = root / path.relative_to(SERVICE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    monkeypatch.chdir(root)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))  # in no repository but its own
    return root


def files(root: Path) -> dict[str, bytes]:
    """All of them, by their paths."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and ".git" not in path.parts
    }
