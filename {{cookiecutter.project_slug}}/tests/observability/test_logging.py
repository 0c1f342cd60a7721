"""Lines for machines in production, for people in development, whoever logs."""

import json
import logging
import sys
from typing import Any

import pytest
import structlog

from app.core.settings import Environment
from app.observability.logging import configure
from app.observability.settings import LogFormat, LogSettings

pytestmark = pytest.mark.usefixtures("logging_restored")


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def test_production_logs_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogSettings(), Environment.PRODUCTION)

    structlog.get_logger().info("baked", cake="line\nbreak", pieces=12)

    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "baked", "level": "info", "cake": "line\nbreak", "pieces": 12}


def test_what_libraries_log_takes_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogSettings(), Environment.PRODUCTION)

    with structlog.contextvars.bound_contextvars(request_id="seven"):
        try:
            _ = 1 / 0
        except ZeroDivisionError:
            logging.getLogger("uvicorn.error").exception("burnt %s", "cake")

    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["request_id"]) == ("burnt cake", "error", "seven")
    assert "ZeroDivisionError" in line["exception"]


def test_uvicorn_tells_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("uvicorn").addHandler(logging.StreamHandler(sys.stdout))

    configure(LogSettings(), Environment.PRODUCTION)
    logging.getLogger("uvicorn.error").info("started")

    assert [line["event"] for line in lines(capsys)] == ["started"]


def test_uvicorns_own_access_lines_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogSettings(), Environment.PRODUCTION)

    logging.getLogger("uvicorn.access").info("GET / 200")

    assert lines(capsys) == []


@pytest.mark.parametrize(("level", "shown"), [("debug", 2), ("INFO", 1), ("error", 0)])
def test_a_level_holds_for_all(capsys: pytest.CaptureFixture[str], level: str, shown: int) -> None:
    configure(LogSettings.model_validate({"log_level": level}), Environment.PRODUCTION)

    structlog.get_logger().debug("quiet")
    logging.getLogger("oven").info("loud")

    assert len(lines(capsys)) == shown


def test_development_logs_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogSettings(), Environment.DEVELOPMENT)

    structlog.get_logger().info("baked", cake="plain")
    logging.getLogger("oven").info("hot")

    told = capsys.readouterr().out
    assert "baked" in told
    assert "cake=plain" in told
    assert "hot" in told


def test_a_traceback_shows_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogSettings(), Environment.DEVELOPMENT)

    try:
        recipe = "hunter2"
        _ = recipe[99]
    except IndexError:
        structlog.get_logger().exception("burnt")

    told = capsys.readouterr().out
    assert "IndexError" in told
    assert "hunter2" not in told


def test_a_chosen_form_wins_over_the_environments(capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogSettings(log_format=LogFormat.JSON), Environment.DEVELOPMENT)

    structlog.get_logger().info("baked")

    assert lines(capsys)[0]["event"] == "baked"
