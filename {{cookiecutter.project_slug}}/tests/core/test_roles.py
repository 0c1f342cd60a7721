"""What the migrated database says of roles and policies is what the models say."""

from typing import Any

from sqlalchemy import text

from app.core.database import Database
from app.core.models import Model
from app.core.roles import CALLER, ROLES, SYSTEM
from tests import protection

# As PostgreSQL spells what `protect` says.
OWN = "(user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)"
POLICIES = """
SELECT tablename, roles::text[], cmd, permissive, qual, with_check FROM pg_policies
"""
TABLES = """
SELECT oid, relname, relrowsecurity, relforcerowsecurity FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
"""
OPEN_VIEWS = """
SELECT relname FROM pg_class
WHERE relkind = 'v' AND relnamespace = current_schema()::regnamespace
AND NOT coalesce(reloptions @> '{security_invoker=true}', false)
"""


async def asked(database: Database, question: str) -> list[Any]:
    async with database.engine.connect() as connection:
        return list(await connection.execute(text(question)))


async def test_a_table_is_secured_exactly_when_its_model_says_so(database: Database) -> None:
    found = await asked(database, TABLES)

    assert {row.relname for row in found if row.relrowsecurity} == protection.tables() != set()
    assert not [row.relname for row in found if row.relforcerowsecurity]


async def test_a_protected_table_has_a_policy_for_each_role_and_no_other(
    database: Database,
) -> None:
    found = sorted(tuple(row) for row in await asked(database, POLICIES))

    assert found == sorted(
        (table, [role], "ALL", "PERMISSIVE", condition, None)
        for table in protection.tables()
        for role, condition in ((CALLER, OWN), (SYSTEM, "true"))
    )


def test_what_belongs_to_a_protected_row_is_protected_too() -> None:
    """PostgreSQL lets a foreign key refer to a row that the caller does not see."""
    for table in Model.metadata.sorted_tables:
        parents = {key.column.table.name for key in table.foreign_keys}
        assert table.name in protection.tables() or not parents & protection.tables(), table.name


async def test_no_view_shows_what_its_owner_sees(database: Database) -> None:
    assert await asked(database, OPEN_VIEWS) == []


async def test_both_roles_may_use_tables_that_are_made_later_too(scratch: Database) -> None:
    may = text("SELECT has_table_privilege(:role, CAST(:table AS oid), :right)")
    async with scratch.engine.connect() as connection:
        tables = {row.relname: row.oid for row in await connection.execute(text(TABLES))}
        assert "scratch" in tables
        for name, table in tables.items():
            for role in ROLES:
                for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                    values = {"role": role, "table": table, "right": right}
                    assert await connection.scalar(may, values), (role, name, right)
