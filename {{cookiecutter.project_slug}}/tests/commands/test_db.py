"""psql gets an address in its own spelling, and the password where nobody else reads it."""

import pytest

from app.commands.db import psql


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_the_password_is_kept_out_of_the_arguments(scheme: str) -> None:
    (_, address), apart = psql(f"{scheme}://me:hunter2@db:5433/app?sslmode=require")

    assert address == "postgresql://me@db:5433/app?sslmode=require"
    assert apart == "hunter2"


def test_a_socket_needs_no_password() -> None:
    (_, address), apart = psql("postgresql+asyncpg://me@/app?host=/run/pg&port=5432")

    assert address == "postgresql://me@/app?host=%2Frun%2Fpg&port=5432"
    assert apart is None
