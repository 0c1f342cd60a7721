"""The queue's tables are what the installed procrastinate expects."""

from importlib.resources import files

NEWEST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""Of the migrations of procrastinate, the last that a revision of ours has."""


def test_every_migration_of_procrastinate_is_in_a_revision() -> None:
    names = [each.name for each in files("procrastinate.sql.migrations").iterdir()]

    assert NEWEST in names
    missing = sorted(name for name in names if name.endswith(".sql") and name > NEWEST)
    assert not missing, f"write these into a new revision, then name the last as NEWEST: {missing}"
