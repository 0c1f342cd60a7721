"""A table for tests of transactions, whose foreign key is checked at the commit."""

from sqlalchemy import text

from app.core.database import Database
from app.core.unit_of_work import UnitOfWork

TABLE = """
CREATE TABLE scratch (
    id int PRIMARY KEY,
    parent int CONSTRAINT fk_scratch_parent REFERENCES scratch DEFERRABLE INITIALLY DEFERRED
)
"""

TRIGGER = """
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON scratch DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION at_commit()
"""


async def written(database: Database) -> list[int]:
    async with database.reading() as session:
        return list(await session.scalars(text("SELECT id FROM scratch ORDER BY id")))


async def write(work: UnitOfWork, number: int, parent: int | None = None) -> None:
    statement = text("INSERT INTO scratch VALUES (:id, :parent)")
    await work.session.execute(statement, {"id": number, "parent": parent})


async def at_commit(database: Database, statement: str) -> None:
    """From now on each commit of a row in `scratch` does this first."""
    body = f"BEGIN {statement}; RETURN NULL; END"
    function = f"CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(function)
        await connection.exec_driver_sql(TRIGGER)
