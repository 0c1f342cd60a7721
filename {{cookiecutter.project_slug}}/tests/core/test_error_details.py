"""A database error names the constraint and shows no row."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.database import Database
from app.core.outages import constraint


async def test_a_refused_row_is_not_quoted(database: Database) -> None:
    with pytest.raises(IntegrityError) as refused:
        async with database.unit_of_work() as work:
            await work.session.execute(
                text("CREATE TEMPORARY TABLE cakes (recipe text, CONSTRAINT ck_good CHECK (false))")
            )
            recipe = {"recipe": "hunter2"}
            await work.session.execute(text("INSERT INTO cakes VALUES (:recipe)"), recipe)

    told = "".join(traceback.format_exception(refused.value))
    assert constraint(refused.value) == "ck_good"
    assert "ck_good" in told
    assert "Failing row" not in told
    assert "hunter2" not in told.replace('"hunter2"', "")  # as this file has it
