"""The command line in this process, with settings of its own."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
import structlog
from typer.testing import CliRunner, Result

from app.cli import assembled
from app.core.settings import read
from app.embedded import postgres
from app.main import FEATURES


class Run(Protocol):
    """`run("check", LOG_LEVEL="debug")`: what `app check` says and how it ends."""

    def __call__(self, *arguments: str, **settings: str | None) -> Result: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """Commands set logging up for their own output, which ends with them."""
    root, structured = logging.getLogger(), structlog.get_config()
    handlers = root.handlers
    monkeypatch.chdir(tmp_path)  # away from a developer's .env

    def run(*arguments: str, **settings: str | None) -> Result:
        read.cache_clear()
        alone: dict[str, str | None] = {"ENVIRONMENT": "test", "DATABASE_URL": None}
        return CliRunner().invoke(assembled(FEATURES), arguments, env=alone | settings)

    yield run
    read.cache_clear()
    root.handlers = handlers
    structlog.configure(**structured)


@pytest.fixture
def nothing_configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    read.cache_clear()
    yield monkeypatch
    read.cache_clear()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an embedded server was before: the next start there is the quick one."""
    folder = tmp_path_factory.mktemp("postgres")
    with postgres.serve(folder, durable=False):
        return folder
