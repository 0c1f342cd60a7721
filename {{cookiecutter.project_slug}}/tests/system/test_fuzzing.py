"""Whatever the OpenAPI document allows or forbids is sent, and every answer held against it."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.auth import tokens
from app.core.database import Database
from app.core.migrations import ROOT
from app.main import create_app
from app.sessions.dependencies import session_service
from app.users.models import Role
from tests.effort import tries
from tests.people import a_person
from tests.system.processes import APP, Process, free_port, ready, running

pytestmark = pytest.mark.system

HERE = Path(__file__).parent
LONGEST = 240
EXAMPLES = tries(50)  # for each operation
OPERATIONS = [way for ways in create_app().openapi()["paths"].values() for way in ways]
FUZZ = [
    *[sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "fuzzing.toml"), "run"],
    *["--checks=all", f"--max-examples={EXAMPLES}", "--no-color"],
]


# No schema says which text is a cursor or a scope, and a second credential is refused by itself.
LENIENT = ["--exclude-checks=positive_data_acceptance"]
# Whoever fuzzes these is signed out, and sees nothing but 401 from then on.
STAY = ["--exclude-path-regex=logout|auth/sessions|me/erase|auth/password/change"]


async def admin(address: str) -> str:
    """The header of somebody who may do everything."""
    async with Database(address) as database, database.unit_of_work() as work:
        person = await a_person(database, role=Role.ADMIN)
        begun = await session_service(work.session).start(person.id)
    return f"Authorization: Bearer {tokens.issue(person.id, begun.session_id)[0]}"


@pytest.fixture(scope="module")
def fuzzers(
    application: FastAPI,
    address: str,
    redis_settings: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Process]]:
    """Both at once: fuzzer and service wait for each other half of the time."""
    servers = {"DATABASE_URL": address, **redis_settings, "JWT_KEYS": os.environ["JWT_KEYS"]}
    bearer = asyncio.run(admin(address))
    admins = [*STAY, *LENIENT, "--header", bearer]
    with (
        fuzzing(servers, tmp_path_factory.mktemp("stranger")) as stranger,
        fuzzing(servers, tmp_path_factory.mktemp("admin"), *admins) as somebody,
    ):
        yield {"stranger": stranger, "admin": somebody}


def test_a_stranger_is_answered_as_the_document_says(fuzzers: dict[str, Process]) -> None:
    fuzzer = fuzzers["stranger"]

    assert fuzzer.wait(LONGEST) == 0, fuzzer.said()
    assert f"Tested: {len(OPERATIONS)}" in fuzzer.said()


def test_an_admin_is_answered_as_the_document_says(fuzzers: dict[str, Process]) -> None:
    fuzzer = fuzzers["admin"]

    assert fuzzer.wait(LONGEST) == 0, fuzzer.said()


@contextmanager
def fuzzing(servers: dict[str, str], folder: Path, *options: str) -> Iterator[Process]:
    port = free_port()
    serve = [*APP, "serve", "--port", str(port)]
    hooks = {"PYTHONPATH": str(ROOT / "src"), "SCHEMATHESIS_HOOKS": str(HERE / "fuzzing_hooks.py")}
    with running(serve, ROOT, folder / "service.log", **servers, ENVIRONMENT="test") as service:
        ready(service, port)
        command = [*FUZZ, *options, f"http://127.0.0.1:{port}/openapi.json"]
        with running(command, folder, folder / "fuzzing.log", **hooks) as fuzzer:
            yield fuzzer
