"""A table of one's own in the service's database."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.core.scratch import TABLE


@pytest.fixture
async def scratch(database: Database) -> AsyncIterator[Database]:
    async with database.engine.begin() as connection:
        await connection.execute(text(TABLE))
    yield database
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE scratch"))
        await connection.execute(text("DROP FUNCTION IF EXISTS at_commit"))
