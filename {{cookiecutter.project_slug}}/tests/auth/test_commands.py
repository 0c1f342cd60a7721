"""`app generate-key` prints what JWT_KEYS takes, and only that on its output."""

import pytest
from typer.testing import CliRunner

from app.auth.commands import commands
from app.auth.keys import Algorithm
from app.auth.settings import JwtSettings


@pytest.mark.parametrize("alg", Algorithm)
def test_the_output_is_a_value_for_jwt_keys(
    alg: Algorithm, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = CliRunner().invoke(commands, ["--alg", alg])

    monkeypatch.setenv("JWT_KEYS", result.stdout)
    settings = JwtSettings(_env_file=None)
    assert settings.signing_key.alg is alg
    assert list(settings.refusals()) == []


def test_how_a_key_is_replaced_is_told_beside_it() -> None:
    assert "add the new one at the end" in CliRunner().invoke(commands, []).stderr


def test_an_algorithm_that_is_none_of_ours_is_refused() -> None:
    result = CliRunner().invoke(commands, ["--alg", "none"])

    assert result.exit_code == 2
    assert result.stdout == ""
