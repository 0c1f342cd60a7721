"""No secret reaches a log, from whichever logger."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from pydantic import SecretBytes, SecretStr

from app.core.settings import Environment
from app.observability.logging import configure
from app.observability.redaction import HIDDEN
from app.observability.settings import LogFormat, LogSettings

SECRET = "hunter2"


pytestmark = pytest.mark.usefixtures("logging_restored")


@pytest.fixture(params=list(LogFormat))
def form(request: pytest.FixtureRequest) -> LogSettings:
    return LogSettings(log_format=request.param)


@pytest.mark.parametrize(
    "told",
    [
        {"given": SecretStr(SECRET)},
        {"given": SecretBytes(SECRET.encode())},
        {"deep": {"list": [{"of": SecretStr(SECRET)}]}},
        {"password": SECRET},
        {"new_password_again": SECRET},
        {"headers": {"Authorization": f"Bearer {SECRET}", "X-API-Key": SECRET}},
        {"refresh_token": SECRET.encode()},
        {"Set-Cookie": [SECRET]},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "logger",
    [
        structlog.get_logger,
        lambda: structlog.get_logger("child").bind(room="kitchen"),
        lambda: structlog.get_logger().new().bind(),
    ],
    ids=["root", "child", "bound"],
)
def test_values_are_hidden_by_their_type_or_their_name(
    capsys: pytest.CaptureFixture[str],
    form: LogSettings,
    logger: Callable[[], Any],
    told: dict[str, Any],
) -> None:
    configure(form, Environment.PRODUCTION)

    logger().info("said", **told, cake="plain")

    said = capsys.readouterr().out
    assert SECRET not in said
    assert HIDDEN in said
    assert "Secret" not in said
    assert "plain" in said


def test_what_is_bound_for_a_whole_request_is_hidden_too(
    capsys: pytest.CaptureFixture[str], form: LogSettings
) -> None:
    configure(form, Environment.PRODUCTION)

    with structlog.contextvars.bound_contextvars(token=SECRET):
        structlog.get_logger().info("said")
        logging.getLogger("child").info("said")

    assert capsys.readouterr().out.count(HIDDEN) == 2


@pytest.mark.parametrize("name", [None, "child", "child.of.a.child"])
@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("given %s", SecretStr(SECRET)),
        ("connecting to %s", f"postgresql://app:{SECRET}@db:5432/name"),
        ("connecting to %s", f"rediss://:{SECRET}@cache:6379/0"),
        ("sent Authorization: %s", f"Bearer {SECRET}"),
        ("sent %s", {"password": SECRET, "cake": "plain"}),
        ("GET /reset?token=%s&page=1", SECRET),
    ],
)
def test_what_libraries_say_is_hidden(
    capsys: pytest.CaptureFixture[str],
    form: LogSettings,
    name: str | None,
    sentence: str,
    value: object,
) -> None:
    configure(form, Environment.PRODUCTION)

    logging.getLogger(name).warning(sentence, value)

    said = capsys.readouterr().out
    assert SECRET not in said
    assert HIDDEN in said


@pytest.mark.parametrize(
    "harmless",
    [
        "GET http://host:8000/tokens?page=1@2",
        "Uvicorn running on http://127.0.0.1:8000",
        "the password is wrong",
    ],
)
def test_what_is_no_secret_stays(
    capsys: pytest.CaptureFixture[str], form: LogSettings, harmless: str
) -> None:
    configure(form, Environment.PRODUCTION)

    logging.getLogger("uvicorn.error").info(harmless)

    assert harmless in capsys.readouterr().out


def test_a_traceback_is_told_without_the_address_in_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(LogSettings(), Environment.PRODUCTION)

    try:
        raise OSError(f"no route to redis://:{SECRET}@cache:6379")  # noqa: TRY301 - a library's
    except OSError:
        structlog.get_logger().exception("down")

    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert SECRET not in str(line)
    assert "OSError: no route to redis://" in line["exception"]
