"""The command line in this process, with settings of its own."""

import json
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
from tests.conftest import JWT_KEY


class Run(Protocol):
    """`run("check", LOG_LEVEL="debug")`: what `app check` says and how it ends."""

    def __call__(self, *arguments: str, **settings: str | None) -> Result: ...


@pytest.fixture
def run(
    redis_settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Run]:
    """Commands set logging up for their own output, which ends with them.

    They find everything in order but a database, unless they are told otherwise.
    """
    root, structured = logging.getLogger(), structlog.get_config()
    handlers = root.handlers
    monkeypatch.chdir(tmp_path)  # away from a developer's .env

    def run(*arguments: str, **settings: str | None) -> Result:
        read.cache_clear()
        unset = ("DATABASE_URL", "THROTTLE_ANONYMOUS", "THROTTLE_AUTHENTICATED", "THROTTLE_LOGIN")
        alone = {"ENVIRONMENT": "test", "JWT_KEYS": json.dumps([JWT_KEY]), **redis_settings}
        environment = dict.fromkeys(unset) | alone | settings
        return CliRunner().invoke(assembled(FEATURES), arguments, env=environment)

    yield run
    read.cache_clear()
    root.handlers = handlers
    structlog.configure(**structured)


@pytest.fixture
def nothing_configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL"):
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
