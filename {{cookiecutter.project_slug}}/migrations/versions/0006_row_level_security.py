"""The roles as which the service works, and what each may do."""

from collections.abc import Sequence

from alembic import op
from alembic.util import CommandError
from sqlalchemy.exc import ProgrammingError

from app.core.outages import sqlstate
from app.core.roles import ROLES, grants

revision: str = "0006_row_level_security"
down_revision: str | Sequence[str] | None = "0005_join"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOT_ALLOWED = "42501"
BOTH = ", ".join(f'"{role}"' for role in ROLES)
# Roles belong to the whole server: another database's migration may make them at this moment.
CREATE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE "{role}";
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
TAKE = """
DO $$
BEGIN
    IF NOT pg_has_role('{role}', 'SET') THEN
        GRANT "{role}" TO CURRENT_USER;
    END IF;
END $$
"""
RIGHTS = """
DO $$
DECLARE
    here text := quote_ident(current_schema());
BEGIN
    EXECUTE '{give} USAGE ON SCHEMA ' || here || ' {whom}';
    EXECUTE '{give} SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ' || here || ' {whom}';
    EXECUTE '{give} USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ' || here || ' {whom}';
    EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA ' || here
        || ' {give} SELECT, INSERT, UPDATE, DELETE ON TABLES {whom}';
    EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA ' || here
        || ' {give} USAGE, SELECT ON SEQUENCES {whom}';
END $$
"""
# What other databases or logins have of a role keeps it alive.
DROP = """
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_auth_members
        WHERE roleid = '"{role}"'::regrole AND member <> CURRENT_USER::regrole
    ) THEN
        DROP ROLE "{role}";
    END IF;
EXCEPTION
    WHEN dependent_objects_still_exist OR insufficient_privilege THEN NULL;
END $$
"""


def upgrade() -> None:
    try:
        for role in ROLES:
            op.execute(CREATE.format(role=role))
            op.execute(TAKE.format(role=role))
    except ProgrammingError as refused:
        if sqlstate(refused) != NOT_ALLOWED:
            raise
        raise CommandError(_what_to_run()) from None
    op.execute(RIGHTS.format(give="GRANT", whom=f"TO {BOTH}"))


def downgrade() -> None:
    op.execute(RIGHTS.format(give="REVOKE", whom=f"FROM {BOTH}"))
    for role in ROLES:
        op.execute(DROP.format(role=role))


def _what_to_run() -> str:
    login = f'"{op.get_bind().engine.url.username}"'
    create = " ".join(f'CREATE ROLE "{role}";' for role in ROLES)
    return (
        "The login that migrates may not make roles. Let somebody who may run this once, without"
        f" what is there already, then migrate again: {create} {grants(login)}"
    )
