from pathlib import Path

import pytest

from app.embedded.postgres_wheel import EmbeddedPostgresUnavailable, as_server_user, binary


def test_the_wheel_brings_psql() -> None:
    assert binary("psql").is_file()


def test_windows_is_told_what_to_do_instead() -> None:
    with pytest.raises(EmbeddedPostgresUnavailable, match=r"Windows: set DATABASE_URL .* WSL\."):
        binary("postgres", platform="win32")


@pytest.mark.parametrize(("wheel", "name"), [("no_such_wheel", "postgres"), ("pytest", "postgres")])
def test_a_missing_wheel_is_named_with_the_way_out(wheel: str, name: str) -> None:
    with pytest.raises(EmbeddedPostgresUnavailable) as error:
        binary(name, wheel=wheel)
    assert wheel.replace("_", "-") in str(error.value)
    assert "install it, or set DATABASE_URL" in str(error.value)


def test_an_ordinary_user_runs_the_program_itself() -> None:
    assert as_server_user(Path("/bin/postgres"), uid=1000) == [Path("/bin/postgres")]


def test_root_steps_down_first() -> None:
    command = as_server_user(Path("/bin/postgres"), uid=0, setpriv="sh")
    assert command[0] == "sh"
    assert command[-1] == Path("/bin/postgres")


def test_root_without_setpriv_is_told_what_to_do() -> None:
    with pytest.raises(
        EmbeddedPostgresUnavailable, match=r"no-such-setpriv .*ordinary user.*DATABASE_URL"
    ):
        as_server_user(Path("/bin/postgres"), uid=0, setpriv="no-such-setpriv")
