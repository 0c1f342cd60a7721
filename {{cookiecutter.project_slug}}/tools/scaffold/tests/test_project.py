"""What a new resource has to fit in with is read from the files of the service."""

from pathlib import Path

import pytest

from scaffold.history import next_number, revisions
from scaffold.project import root, surroundings
from scaffold.refusal import Refused
from scaffold.surroundings import Known

FILES = {
    "src/app/main.py": "FEATURES = [\n    users,\n]\n",
    "src/app/auth/permissions.py": 'HOLDERS = {\n    "notes:read": frozenset(Role),\n}\n',
    "src/app/notes/models.py": """\
class Note(Resource, Model):
    __tablename__ = "notes"
    __table_args__ = (PROTECTED,)

    deleted_at: Mapped[datetime | None]


class Line(Model):
    __tablename__ = "note_lines"
""",
    "src/app/users/models.py": 'class User(Resource, Model):\n    __tablename__ = "users"\n',
    "tests/notes/factories.py": """\
def note() -> dict[str, Any]: ...


async def client() -> AsyncClient: ...


async def written(database: Database, owner: UUID) -> NoteRead: ...
""",
    "migrations/versions/0001_core.py": 'revision = "0001_core"\ndown_revision = None\n',
    "migrations/versions/0009_join.py": """\
revision: str = "0009_join"
down_revision: str | Sequence[str] | None = (
    "0001_core",
)
""",
    "migrations/versions/a1b2_notes.py": 'revision = "a1b2"\ndown_revision = "0009_join"\n',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_a_folder_that_holds_only_what_was_compiled_is_none(project: Path) -> None:
    (project / "src/app/invoices/__pycache__").mkdir(parents=True)
    (project / "src/app/invoices/__pycache__/models.cpython-313.pyc").touch()

    assert surroundings(project).folders == {"auth", "notes", "users"}


def test_resources_are_known_with_what_a_reference_to_them_needs(project: Path) -> None:
    around = surroundings(project)

    assert around.resources == {
        "notes": Known(
            table="notes",
            model="Note",
            module="app.notes.models",
            owned=True,
            soft_delete=True,
            factory="tests.notes.factories.written",
        ),
        "users": Known(
            table="users", model="User", module="app.users.models", factory="tests.people.a_person"
        ),
    }
    assert around.tables == {"notes", "note_lines", "users"}
    assert around.folders == {"auth", "notes", "users"}
    assert around.permissions == {"notes:read"}


@pytest.mark.parametrize(
    "name", ["src/app/main.py", "src/app/notes/models.py", "migrations/versions/0001_core.py"]
)
def test_a_file_that_is_no_python_is_named(project: Path, name: str) -> None:
    (project / name).write_text("half = [\n", "utf-8")

    with pytest.raises(Refused, match=rf"{name} is no valid Python \(line 1: .*\): mend it first"):
        surroundings(project)


def test_the_newest_revision_is_the_one_that_none_follows(project: Path) -> None:
    around = surroundings(project)

    assert (around.head, around.next_number) == ("a1b2", "0010")


def test_numbers_begin_with_one() -> None:
    assert next_number([]) == "0001"


def test_revisions_are_read_with_all_that_they_follow(project: Path) -> None:
    assert {each.name: each.parents for each in revisions(project)} == {
        "0001_core": (),
        "0009_join": ("0001_core",),
        "a1b2": ("0009_join",),
    }


def test_two_newest_revisions_are_refused_with_the_command_that_joins_them(project: Path) -> None:
    other = project / "migrations" / "versions" / "c3d4_other.py"
    other.write_text('revision = "c3d4"\ndown_revision = "0009_join"\n', "utf-8")

    with pytest.raises(Refused, match=r"a1b2, c3d4\. Join them first: uv run app revision --merge"):
        surroundings(project)


def test_the_service_is_found_from_any_folder_inside(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "src" / "app" / "notes")

    assert root() == project


def test_where_no_service_is_nothing_can_be_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(Refused, match="run this in the folder of the service"):
        root()
