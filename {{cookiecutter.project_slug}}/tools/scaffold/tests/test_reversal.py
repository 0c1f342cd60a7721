"""The revisions of what goes go too, or another takes them back; the history stays one line."""

from pathlib import Path

import pytest

from scaffold.change import Change
from scaffold.history import ancestors, head, revisions
from scaffold.reversal import Way, deleted, dropped, kept, makes
from scaffold.surroundings import Surroundings

TABLE = """\
\"\"\"{table}.\"\"\"

from alembic import op

revision: str = "{name}"
down_revision: str | None = {parents}

NAMES = ("a", "b")


def upgrade() -> None:
    \"\"\"Makes {table}.\"\"\"
    op.create_table("{table}")


def downgrade() -> None:
    op.drop_index("ix_{table}", "{table}")
    op.drop_table("{table}")
"""
JOIN = """\
revision = "0004_join"
down_revision = (
    # A line for each history.
    "0002_notes",
    "0003_users",
)


def upgrade() -> None: ...
"""
HISTORY = {
    "0001_core": "None",
    "0002_notes": '"0001_core"',
    "0003_users": '"0001_core"',
    "0005_tags": '"0004_join"',
    "0006_books": '"0005_tags"',
}
VERSIONS = Path("migrations", "versions")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / VERSIONS).mkdir(parents=True)
    (tmp_path / VERSIONS / "0004_join.py").write_text(JOIN, "utf-8")
    for name, parents in HISTORY.items():
        table = name.partition("_")[2]
        text = TABLE.format(name=name, parents=parents, table=table)
        (tmp_path / VERSIONS / f"{name}.py").write_text(text, "utf-8")
    return tmp_path


def around(project: Path) -> Surroundings:
    tables = frozenset(name.partition("_")[2] for name in HISTORY)
    history = revisions(project)
    nothing = frozenset[str]()
    return Surroundings({}, nothing, tables, nothing, head(history), "0007")


def parents(project: Path) -> dict[str, tuple[str, ...]]:
    return {each.name: each.parents for each in revisions(project)}


def test_what_followed_a_deleted_revision_follows_the_one_before(project: Path) -> None:
    change = Change(project)

    assert deleted(change, {"tags"}, around(project)) == []
    change.apply()

    assert "0005_tags" not in parents(project)
    assert parents(project)["0006_books"] == ("0004_join",)


def test_a_join_forgets_what_is_gone_and_keeps_its_comments(project: Path) -> None:
    change = Change(project)

    assert deleted(change, {"notes"}, around(project)) == []
    change.apply()

    join = (project / VERSIONS / "0004_join.py").read_text("utf-8")
    assert join == JOIN.replace('    "0002_notes",\n', "")


def test_a_join_of_nothing_else_follows_what_was_before(project: Path) -> None:
    change = Change(project)

    assert deleted(change, {"notes", "users", "books"}, around(project)) == []
    change.apply()

    assert parents(project)["0004_join"] == ("0001_core",)
    assert head(revisions(project)) == "0005_tags"


def test_what_was_released_is_dropped_by_a_new_revision(project: Path) -> None:
    change = Change(project)
    before = {path.name: path.read_bytes() for path in (project / VERSIONS).iterdir()}

    assert dropped(change, {"notes", "tags"}, around(project)) == []
    change.apply()

    assert parents(project)["0007_drop_tags"] == ("0006_books",)
    assert parents(project)["0008_drop_notes"] == ("0007_drop_tags",)
    assert (project / VERSIONS / "0008_drop_notes.py").read_text("utf-8") == (
        '''\
"""Takes 0002_notes back."""

from alembic import op

revision: str = "0008_drop_notes"
down_revision: str | None = "0007_drop_tags"

NAMES = ("a", "b")


def upgrade() -> None:
    op.execute("""
        -- squawk-ignore require-concurrent-index-deletion
        DROP INDEX ix_notes
    """)
    op.execute("""
        -- squawk-ignore ban-drop-table
        DROP TABLE notes
    """)


def downgrade() -> None:
    """Makes notes."""
    op.create_table("notes")
'''
    )
    after = {path.name: path.read_bytes() for path in (project / VERSIONS).iterdir()}
    assert before.items() <= after.items()


def test_a_revision_that_drops_a_table_has_not_made_it(project: Path) -> None:
    change = Change(project)
    dropped(change, {"notes"}, around(project))
    change.apply()

    assert {each.name for each in revisions(project) if "notes" in makes(each)} == {"0002_notes"}


def test_what_is_kept_stays(project: Path) -> None:
    change = Change(project)

    assert kept(change, {"notes"}, around(project)) == []
    assert change.files == {}


@pytest.mark.parametrize("way", [deleted, dropped])
@pytest.mark.parametrize("line", ['op.add_column("notes", x)', 'op.execute("ALTER TABLE notes")'])
def test_a_table_that_was_changed_later_is_not_taken_back(
    project: Path, way: Way, line: str
) -> None:
    books = project / VERSIONS / "0006_books.py"
    text = books.read_text("utf-8")
    books.write_text(text.replace('op.create_table("books")', line), "utf-8")

    (fault,) = way(Change(project), {"notes"}, around(project))

    assert fault.startswith("migrations/versions/0006_books.py is also about notes")


def test_a_revision_of_two_resources_is_not_taken_back_for_one(project: Path) -> None:
    books = project / VERSIONS / "0006_books.py"
    text = books.read_text("utf-8")
    made = 'op.create_table("books")'
    books.write_text(text.replace(made, f'{made}\n    op.create_index("x", "tags")'), "utf-8")

    (fault,) = deleted(Change(project), {"books"}, around(project))

    assert fault.startswith("migrations/versions/0006_books.py is also about tags")


def test_ancestors_are_all_that_a_revision_follows(project: Path) -> None:
    assert ancestors(revisions(project), "0005_tags") == {
        "0001_core",
        "0002_notes",
        "0003_users",
        "0004_join",
    }
