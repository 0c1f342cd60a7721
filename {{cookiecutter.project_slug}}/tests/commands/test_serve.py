"""`app serve` starts with safe settings or not at all."""

from app.core.settings import UnsafeSettings
from tests.commands.conftest import Run


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
