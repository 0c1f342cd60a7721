"""`app check` finds everything that is wrong, says what to do about it, and keeps secrets."""

from asyncio import to_thread
from pathlib import Path

import pytest
from typer.testing import Result

from app.core import migrations
from app.core.database import url
from tests import databases, tls
from tests.commands.conftest import Run


def lines(result: Result) -> dict[str, str]:
    return dict(line.split(maxsplit=1) for line in result.output.splitlines())


def test_a_service_that_would_start_is_found_in_order(run: Run, address: str) -> None:
    result = run("check", DATABASE_URL=address)

    assert result.exit_code == 0, result.output
    subjects = ["settings", "revisions", "postgresql", "redis", "migrations", "roles"]
    assert dict.fromkeys(subjects, "ok").items() <= lines(result).items()
    assert set(lines(result).values()) - {"ok"} == {lines(result)["note"]}


def test_what_somebody_should_know_is_a_note_and_no_fault(run: Run, address: str) -> None:
    result = run("check", DATABASE_URL=address)

    assert result.exit_code == 0
    assert lines(result)["note"].startswith("SMTP_URL: is not set")


def test_every_fault_of_the_settings_is_told_at_once(run: Run) -> None:
    result = run("check", CORS_ORIGINS='["*"]', DATABASE_POOL_SIZE="many")

    assert result.exit_code == 1
    assert "DATABASE_POOL_SIZE: Input should be a valid integer" in result.output
    assert "CORS_ORIGINS: names no origin" in result.output
    assert "many" not in result.output


def test_a_missing_address_is_told_with_the_way_out(run: Run) -> None:
    result = run("check")

    assert result.exit_code == 1
    assert lines(result)["settings"].startswith("DATABASE_URL: is not set; give the address")


def test_a_server_that_is_down_is_told_without_the_password(run: Run) -> None:
    result = run("check", DATABASE_URL="postgresql://me:hunter2@127.0.0.1:1/app")

    assert result.exit_code == 1
    assert "does not answer" in lines(result)["postgresql"]
    assert "Connect call failed ('127.0.0.1', 1)" in lines(result)["migrations"]
    assert "hunter2" not in result.output


def test_a_redis_that_was_configured_and_does_not_answer_is_a_fault(run: Run, address: str) -> None:
    result = run("check", DATABASE_URL=address, REDIS_URL="redis://me:hunter2@127.0.0.1:1")

    assert result.exit_code == 1
    assert "does not answer: Error 111 connecting" in lines(result)["redis"]
    assert "hunter2" not in result.output


async def test_servers_that_nobody_vouches_for_are_told_with_the_reason(
    run: Run, address: str, tmp_path: Path
) -> None:
    (tmp_path / "theirs").mkdir()
    ours, theirs = tls.Authority.made(tmp_path), tls.Authority.made(tmp_path / "theirs")
    context = theirs.vouches_for(tls.HOST)
    async with tls.postgresql(address, context) as front, tls.redis("/nowhere", context) as other:
        trusted = tls.through(front, address, sslmode="verify-full", sslrootcert=str(ours.ca))
        cache = f"rediss://{tls.HOST}:{other.port}?ssl_ca_certs={ours.ca}"
        result = await to_thread(run, "check", DATABASE_URL=trusted, REDIS_URL=cache)

    assert result.exit_code == 1
    for subject in ("postgresql", "redis", "migrations"):
        assert "certificate verify failed" in lines(result)[subject]


def test_a_redis_that_nobody_configured_is_a_fault_of_the_settings_only(
    run: Run, address: str
) -> None:
    result = run("check", DATABASE_URL=address, REDIS_URL=None)

    assert result.exit_code == 1
    assert lines(result)["settings"].startswith("REDIS_URL: is not set; give the address")
    assert "redis" not in lines(result)


def test_a_database_that_does_not_exist_is_named(run: Run, server: str) -> None:
    missing = url(server).set(database="nowhere").render_as_string(hide_password=False)

    result = run("check", DATABASE_URL=missing)

    assert lines(result)["postgresql"] == 'does not answer: database "nowhere" does not exist'


def test_a_database_behind_the_code_is_told_with_the_command(run: Run, server: str) -> None:
    with databases.made(server) as empty:
        result = run("check", DATABASE_URL=empty)

    assert result.exit_code == 1
    (newest,) = migrations.heads()
    assert lines(result)["migrations"] == f"at nothing instead of {newest}; run: app migrate"


def test_a_table_that_the_newest_revision_did_not_bring_is_named(
    run: Run, server: str, template: str
) -> None:
    with databases.made(server, template) as address:
        databases.run(address, "DROP TABLE idempotency_keys")
        result = run("check", DATABASE_URL=address)

    assert result.exit_code == 1
    assert lines(result)["migrations"].startswith("no table idempotency_keys: see docs/")


def test_a_login_that_may_not_take_the_roles_is_told_with_the_grant_to_run(
    run: Run, server: str, template: str
) -> None:
    with databases.login(server) as login, databases.made(server, template) as address:
        databases.run(address, f"GRANT SELECT ON alembic_version TO {login.username}")
        plain = databases.as_login(login, address)
        result = run("check", DATABASE_URL=plain)
        assert result.exit_code == 1
        told, _, grant = lines(result)["roles"].partition("run: ")
        assert told.startswith(f"{login.username} may not work as ")

        databases.run(server, grant)
        assert lines(run("check", DATABASE_URL=plain))["roles"] == "ok"


def test_two_newest_revisions_are_told_with_the_command(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "heads", lambda: ["aaa", "bbb"])

    result = run("check")

    assert "aaa, bbb. Join them first: app revision --merge" in lines(result)["revisions"]
