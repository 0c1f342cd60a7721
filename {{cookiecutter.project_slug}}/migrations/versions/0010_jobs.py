"""The queue of jobs: the tables, types and functions of procrastinate."""

import re
from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0010_jobs"
down_revision: str | Sequence[str] | None = "0009_join"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Between two $$ a semicolon ends nothing.
STATEMENT = re.compile(r"(?:\$\$.*?\$\$|[^;])+", re.DOTALL)
TABLES = "procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs"
TYPES = "procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type"
DROP_FUNCTIONS = r"""
DO $$
DECLARE
    made regprocedure;
BEGIN
    FOR made IN SELECT oid FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || made;
    END LOOP;
END $$
"""


def upgrade() -> None:
    schema = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    for statement in filter(str.strip, STATEMENT.findall(schema)):
        op.execute(statement)


def downgrade() -> None:
    op.execute(f"DROP TABLE {TABLES}, procrastinate_workers CASCADE")
    op.execute(DROP_FUNCTIONS)
    op.execute(f"DROP TYPE {TYPES}")
