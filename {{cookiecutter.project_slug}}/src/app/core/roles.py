"""As whom the service works in the database, and whose rows each sees of a protected table."""

from collections.abc import Iterator

CALLER = "{{ cookiecutter.project_slug }}_caller"
"""Sees of protected tables the rows of the one who is asking, and no others."""

SYSTEM = "{{ cookiecutter.project_slug }}_system"
"""Sees every row: purges, exports, erasures and commands."""

ROLES = (CALLER, SYSTEM)

PROTECTED = {"info": {"protected": True}}
"""The last of a model's `__table_args__`; its `user_id` says whose a row is."""


def protect(table: str) -> Iterator[str]:
    """For a revision: the statements after which each role sees its own rows of `table`.

    A condition holds for rows read and rows written. There is no OR in it, by which PostgreSQL
    would give up the index: whoever may see more has a role with a policy of its own. Revisions
    have run with these words: for others, write another function.
    """
    # Once a transaction has set it, the setting reads '' in the next, and not NULL.
    me = "nullif(current_setting('app.user_id', true), '')::uuid"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f'CREATE POLICY {table}_caller ON {table} TO "{CALLER}" USING (user_id = {me})'
    yield f'CREATE POLICY {table}_system ON {table} TO "{SYSTEM}" USING (true)'


def grants(login: str) -> str:
    """What lets a login take the roles; only the caller's rights are its own without asking."""
    return f'GRANT "{CALLER}" TO {login}; GRANT "{SYSTEM}" TO {login} WITH INHERIT FALSE;'
