"""Whatever the OpenAPI document allows or forbids is sent, and every answer held against it."""

import sys
from pathlib import Path

import pytest

from app.core.migrations import ROOT
from app.main import create_app
from tests.system.processes import APP, free_port, ready, running

pytestmark = pytest.mark.system

HERE = Path(__file__).parent
OPERATIONS = [way for ways in create_app().openapi()["paths"].values() for way in ways]
FUZZ = [
    *[sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "fuzzing.toml"), "run"],
    *["--checks=all", "--max-examples=50", "--no-color"],
]


def test_the_service_answers_as_its_document_says(address: str, tmp_path: Path) -> None:
    port = free_port()
    serve = [*APP, "serve", "--port", str(port)]
    log = tmp_path / "service.log"
    hooks = {"PYTHONPATH": str(ROOT / "src"), "SCHEMATHESIS_HOOKS": str(HERE / "fuzzing_hooks.py")}
    with running(serve, ROOT, log, DATABASE_URL=address, ENVIRONMENT="test") as service:
        ready(service, port)
        document = f"http://127.0.0.1:{port}/openapi.json"
        with running([*FUZZ, document], tmp_path, tmp_path / "fuzzing.log", **hooks) as fuzzer:
            code = fuzzer.wait(120)

    assert code == 0, fuzzer.said()
    assert f"Tested: {len(OPERATIONS)}" in fuzzer.said()
