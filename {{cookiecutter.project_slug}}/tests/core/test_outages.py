"""Real failures of a real PostgreSQL, told apart."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.database import Database
from app.core.outages import constraint, is_outage, sqlstate


async def failure(database: Database, *statements: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as failed:
        async with database.unit_of_work() as work:
            for statement in statements:
                await work.session.execute(text(statement))
    return failed.value


RAISE = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"


@pytest.mark.parametrize(
    "state",
    ["08006", "40001", "40P01", "53100", "53300", "55P03", "57014", "57P01", "57P03", "58030"],
)
async def test_what_may_pass_by_itself_is_an_outage(database: Database, state: str) -> None:
    error = await failure(database, RAISE.format(state=state))

    assert (sqlstate(error), is_outage(error)) == (state, True)


@pytest.mark.parametrize(
    "state", ["22021", "22003", "23505", "23503", "3D000", "42501", "42P01", "55000"]
)
async def test_what_will_fail_again_is_a_bug(database: Database, state: str) -> None:
    error = await failure(database, RAISE.format(state=state))

    assert (sqlstate(error), is_outage(error)) == (state, False)


async def test_a_statement_that_is_cancelled_is_an_outage(database: Database) -> None:
    error = await failure(database, "SET LOCAL statement_timeout = 20", "SELECT pg_sleep(5)")

    assert is_outage(error)


async def test_a_connection_that_is_lost_in_use_is_an_outage(database: Database) -> None:
    end = "SELECT pg_terminate_backend(pg_backend_pid())"
    error = await failure(database, "SET LOCAL ROLE NONE", end, "SELECT 1")

    assert is_outage(error)


@pytest.mark.parametrize("error", [TimeoutError(), PoolTimeout()])
def test_running_out_of_time_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


def test_any_other_exception_is_a_bug() -> None:
    assert not is_outage(ValueError())


async def test_a_violated_constraint_is_known_by_its_name(database: Database) -> None:
    error = await failure(
        database,
        "CREATE TEMPORARY TABLE cakes (name text CONSTRAINT uq_cakes UNIQUE)",
        "INSERT INTO cakes VALUES ('a'), ('a')",
    )

    assert isinstance(error, IntegrityError)
    assert constraint(error) == "uq_cakes"
