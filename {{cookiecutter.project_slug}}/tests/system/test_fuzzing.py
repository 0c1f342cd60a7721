"""Whatever the OpenAPI document allows or forbids is sent, and every answer held against it."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.auth import tokens
from app.core.database import Database
from app.core.migrations import ROOT
from app.main import create_app
from app.sessions.dependencies import session_service
from app.users.models import Role
from tests.people import a_person
from tests.system.processes import APP, KEYS, free_port, ready, running

pytestmark = pytest.mark.system

HERE = Path(__file__).parent
OPERATIONS = [way for ways in create_app().openapi()["paths"].values() for way in ways]
FUZZ = [
    *[sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "fuzzing.toml"), "run"],
    *["--checks=all", "--max-examples=50", "--no-color"],
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


def test_a_stranger_is_answered_as_the_document_says(
    servers: dict[str, str], tmp_path: Path
) -> None:
    fuzz(servers, tmp_path)


@pytest.mark.usefixtures("application")  # whose keys sign the token
def test_an_admin_is_answered_as_the_document_says(servers: dict[str, str], tmp_path: Path) -> None:
    bearer = asyncio.run(admin(servers["DATABASE_URL"]))
    fuzz(servers, tmp_path, *STAY, *LENIENT, "--header", bearer)


def fuzz(servers: dict[str, str], folder: Path, *options: str) -> None:
    port = free_port()
    serve = [*APP, "serve", "--port", str(port)]
    keys = os.environ.get("JWT_KEYS", KEYS)
    settings = {**servers, "JWT_KEYS": keys, "ENVIRONMENT": "test"}
    hooks = {"PYTHONPATH": str(ROOT / "src"), "SCHEMATHESIS_HOOKS": str(HERE / "fuzzing_hooks.py")}
    with running(serve, ROOT, folder / "service.log", **settings) as service:
        ready(service, port)
        command = [*FUZZ, *options, f"http://127.0.0.1:{port}/openapi.json"]
        with running(command, folder, folder / "fuzzing.log", **hooks) as fuzzer:
            code = fuzzer.wait(240)

    assert code == 0, fuzzer.said()
    assert options or f"Tested: {len(OPERATIONS)}" in fuzzer.said()
