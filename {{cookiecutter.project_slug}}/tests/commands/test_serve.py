"""`app serve` starts with safe settings or not at all."""

import os
import subprocess
import sys

from app.core.migrations import ROOT
from app.core.settings import UnsafeSettings
from tests.commands.conftest import Run

UNUSED = {
    "alembic",
    "app.embedded",
    "procrastinate",  # feature: background_jobs
    "psycopg",  # feature: background_jobs
    "zxcvbn",
}
LOADED = """
import sys, uvicorn
from app.cli import main
uvicorn.run = lambda *_, **__: print(*sys.modules)
sys.argv = ["app", "serve"]
main()
"""


def test_settings_that_production_cannot_live_with_are_refused_all_at_once(run: Run) -> None:
    result = run("serve", ENVIRONMENT=None, REDIS_URL=None, CORS_ORIGINS='["*"]')

    assert isinstance(result.exception, UnsafeSettings)
    assert [fault.partition(":")[0] for fault in result.exception.faults] == [
        "DATABASE_URL",
        "REDIS_URL",
        "CORS_ORIGINS",
    ]


def test_processes_that_would_share_a_port_for_measurements_are_refused(run: Run) -> None:
    result = run("serve", "--workers", "2", METRICS_PORT="9464")

    assert isinstance(result.exception, UnsafeSettings)
    assert [fault.partition(":")[0] for fault in result.exception.faults] == ["METRICS_PORT"]


def test_what_only_other_commands_need_takes_no_memory_while_serving() -> None:
    command = [sys.executable, "-c", LOADED]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "ENVIRONMENT": "test"}
    done = subprocess.run(  # noqa: S603 - our own Python
        command, env=environment, check=True, stdout=subprocess.PIPE
    )

    loaded = set(done.stdout.decode().split())
    assert "app.commands.serve" in loaded
    assert loaded & UNUSED == set()
