"""The command line as a whole: what it offers and how it refuses."""

import sys
from types import SimpleNamespace
from typing import cast

import pytest
import typer
from typer.testing import CliRunner

from app.cli import assembled, main
from app.core.feature import Feature
from app.core.settings import read

OWN = [
    "dev",
    "serve",
    "migrate",
    "revision",
    "downgrade",
    "db",
    "check",
    "routes",
    "openapi",
    "purge",
]


@pytest.mark.parametrize("command", OWN)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(assembled([]), [command, "--help"])

    assert result.exit_code == 0
    assert f"Usage: app {command}" in " ".join(result.output.split())


def test_features_bring_commands_of_their_own() -> None:
    greetings = typer.Typer()
    greetings.command("greet")(lambda: typer.echo("hello"))
    feature = cast(Feature, SimpleNamespace(COMMANDS=[greetings]))

    assert CliRunner().invoke(assembled([feature]), ["greet"]).output == "hello\n"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://me:hunter2@db/app", "DATABASE_URL: must begin with postgresql://"),
        ("postgresql://me:hunter2@127.0.0.1:1/app", "The database of DATABASE_URL cannot be"),
    ],
)
def test_what_people_can_mend_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setattr(sys, "argv", ["app", "migrate"])
    read.cache_clear()

    with pytest.raises(SystemExit) as end:
        main()
    read.cache_clear()

    told = capsys.readouterr().err
    assert end.value.code == 1
    assert sentence in told
    assert "Traceback" not in told
    assert "hunter2" not in told
