"""What is left after a removal refers to nothing that is gone, or nothing goes."""

from pathlib import Path

import pytest

from scaffold import reversal
from scaffold.project import surroundings
from scaffold.refusal import Refused
from scaffold.removal import removal

LISTED = """\
[notes]
files = ["tests/notes_load.py"]

[notes.lines]
"README.md" = ["- [notes]"]
"gone.md" = ["anything"]

[tags]
files = []
lines = {}
"""
MAIN = "from app import (\n    http,\n    notes,\n    tags,\n)\n"
HOLDERS = 'HOLDERS = {\n    "notes:read": a,\n    "notes_x:read": a,\n}\n'
FILES = {
    "README.md": "# Service\n\n- [notes](src/app/notes): short texts\n- [tags]: words\n",
    "pyproject.toml": "",
    "migrations/env.py": "",
    "migrations/versions/0001_core.py": 'revision = "0001"\ndown_revision = None\n',
    "src/app/main.py": MAIN,
    "src/app/auth/permissions.py": HOLDERS,
    "src/app/notes/models.py": 'class Note(Resource):\n    __tablename__ = "notes"\n',
    "src/app/tags/models.py": 'class Tag(Resource):\n    __tablename__ = "tags"\n',
    "tests/auth/test_deny_by_default.py": """\
PUBLIC = {
    "GET /api/v1/notes",
    "GET /api/v1/notes/{note_id}",
    "GET /api/v1/notes_x",
}
""",
    "tests/notes/test_router.py": "import app.notes.models\n",
    "tests/notes_load.py": "from app.notes.models import Note\n",
    "tools/scaffold/example.toml": LISTED,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def remove(project: Path, *names: str) -> None:
    removal(project, list(names), surroundings(project), reversal.deleted).apply()


def faults(project: Path, *names: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        remove(project, *names)
    return refused.value.faults


def text(project: Path, name: str) -> str:
    return (project / name).read_text("utf-8")


def test_a_resource_goes_with_its_files_its_entries_and_what_came_with_it(project: Path) -> None:
    remove(project, "notes")

    assert not (project / "src" / "app" / "notes").exists()
    assert not (project / "tests" / "notes").exists()
    assert not (project / "tests" / "notes_load.py").exists()
    assert text(project, "src/app/main.py") == MAIN.replace("    notes,\n", "")
    assert text(project, "src/app/auth/permissions.py") == HOLDERS.replace(
        '    "notes:read": a,\n', ""
    )
    assert text(project, "README.md") == "# Service\n\n- [tags]: words\n"
    assert text(project, "tests/auth/test_deny_by_default.py") == (
        'PUBLIC = {\n    "GET /api/v1/notes_x",\n}\n'
    )


def test_a_file_that_a_team_has_deleted_does_not_come_back(project: Path) -> None:
    (project / "README.md").unlink()
    (project / "tests" / "auth" / "test_deny_by_default.py").unlink()

    remove(project, "notes")

    assert not (project / "README.md").exists()
    assert not (project / "tests" / "auth" / "test_deny_by_default.py").exists()


def test_the_list_of_what_came_along_goes_with_the_last_of_it(project: Path) -> None:
    remove(project, "notes")
    assert text(project, "tools/scaffold/example.toml") == LISTED

    remove(project, "tags")
    assert not (project / "tools").exists()


def test_what_is_no_resource_is_refused_with_those_that_are(project: Path) -> None:
    assert faults(project, "auth", "notes", "none") == [
        "There is no resource auth; there are: notes, tags.",
        "There is no resource none; there are: notes, tags.",
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("from app.notes.models import Note", "imports app.notes.models.Note"),
        ("from app.notes import models", "imports app.notes.models"),
        ("from app import notes", "imports app.notes"),
        ("import app.notes", "imports app.notes"),
        ('x = ForeignKey("notes.id")', "refers to notes.id"),
    ],
)
def test_a_resource_that_depends_on_it_may_go_along(project: Path, line: str, what: str) -> None:
    models = project / "src" / "app" / "tags" / "models.py"
    models.write_text(f"{line}\n{models.read_text('utf-8')}", "utf-8")

    assert faults(project, "notes") == [
        f"src/app/tags {what}. Take it along: remove-resource notes tags"
    ]
    remove(project, "notes", "tags")


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("src/app/main2.py", "src/app/main2.py"),
        ("src/app/auth/who.py", "src/app/auth"),
        ("tests/load/mix.py", "tests/load"),
        ("tests/people.py", "tests/people.py"),
        ("migrations/env.py", "migrations/env.py"),
    ],
)
def test_other_code_that_depends_on_it_has_to_be_changed_first(
    project: Path, file: str, named: str
) -> None:
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_text("from app.notes.models import Note\n", "utf-8")

    assert faults(project, "notes") == [
        f"{named} imports app.notes.models.Note: change or delete it first."
    ]
