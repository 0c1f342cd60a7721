"""Tests that a service with rows and migrations of its own goes on after an update."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.update import history, team
from tests.update.installed import asked, run
from tests.update.services import Service, created

pytestmark = pytest.mark.update

PERMISSIONS = "src/app/auth/permissions.py"
HELD = '    "notes:read": frozenset(Role),\n    "notes:write": _ADMINS,\n'
LATE = re.compile(r"^```python\n(.*?LATE = .*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="session")
def grown(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service of the previous release with notes, their migration and a note in the database."""
    into = tmp_path_factory.mktemp("grown") / "services"
    grown = team.changed(created(template, history.THEN, {}, into))
    run(grown, "app", "revision", "-m", "notes")
    run(grown, "app", "migrate")
    asked(grown, "INSERT INTO notes (id, text) VALUES (gen_random_uuid(), 'Water the plants');")
    grown.commit("Migrate notes")
    return grown


@pytest.fixture(scope="session")
def updated(grown: Service) -> Service:
    """The same with today's template, its conflicts decided; its environment follows."""
    done = grown.cruft("update", "-y")
    assert done.returncode == 0, done.stdout + done.stderr
    grown.keep_both_sides()
    run(grown, "ruff", "check", "--fix", "-q")
    run(grown, "ruff", "format", "-q")
    grown.commit("Take the template's news")
    return grown


def test_two_histories_are_joined_by_the_command_that_is_told_and_rows_stay(
    updated: Service,
) -> None:
    told = run(updated, "app", "migrate", code=1).stderr
    assert told.strip() in run(updated, "app", "check", code=1).stdout
    command = re.search(r"app revision --merge -m \"(\w+)\"", told)
    assert command, told
    run(updated, "app", "revision", "--merge", "-m", command[1])
    run(updated, "app", "migrate")
    assert "Water the plants" in asked(updated, "SELECT text FROM notes;")
    assert "users" in asked(updated, "\\dt")


def test_what_the_changelog_asks_for_is_named_by_tests_and_then_done(updated: Service) -> None:
    """Routes are gated and say who may call; the page that the service carries shows how."""
    demanding = ("tests/gate/test_route.py", "tests/auth/test_deny_by_default.py")
    named = run(updated, "pytest", "-q", "-n0", *demanding, code=1).stdout
    assert "test_every_route_of_the_api_is_gated" in named
    assert "/api/v1/notes" in named

    for name, text in team.notes(updated).items():
        updated.write(name, text)
    held = updated.text(PERMISSIONS).replace("]] = {\n", f"]] = {{\n{HELD}", 1)
    updated.write(PERMISSIONS, held)
    run(updated, "pytest", "-q", "-n0", *demanding, "tests/notes", "tests/core/test_migrations.py")


def bring(in_: Service, names: dict[str, str]) -> None:
    """Fills the revision as the service's page says, with these names for those of the page."""
    (written,) = in_.folder.glob("migrations/versions/*_late.py")
    head, upgrade, _ = written.read_text("utf-8").partition("\n\ndef upgrade")
    shown = LATE.search(in_.text("docs/troubleshooting.md"))
    assert upgrade
    assert shown
    imports, late, code = shown[1].partition("LATE = ")
    for example, name in names.items():
        assert f'"{example}"' in code
        code = code.replace(f'"{example}"', f'"{name}"')
    top = head.replace("from alembic import op\n", f"from alembic import op\n{imports}")
    nothing = "\n\ndef downgrade() -> None:\n    pass\n"
    written.write_text(f"{top}\n{late}{code}{nothing}", "utf-8")


def test_an_option_that_is_turned_on_later_brings_its_tables_by_a_revision(
    template: Path, tmp_path: Path
) -> None:
    late = created(template, history.TODAY, {"example": False}, tmp_path / "services")
    run(late, "app", "migrate")
    password = "four random words here"  # noqa: S105 - of a database that lives for this test
    run(late, "app", "create-admin", "ada@example.com", said=password)
    late.commit("Lock")
    assert late.cruft("update", "-y", "--variables-to-update", '{"example": true}').returncode == 0
    run(late, "app", "migrate")
    assert "products" not in asked(late, "\\dt")

    run(late, "app", "revision", "--empty", "-m", "late")
    bring(late, {"0010_things": "0002_products", "0012_parts": "0008_orders", "things": "products"})
    run(late, "app", "migrate")
    assert {"products", "orders"} <= set(asked(late, "SELECT tablename FROM pg_tables;").split())
    assert "orders" in asked(late, "SELECT tablename FROM pg_policies;")
    assert "ada@example.com" in asked(late, "SELECT email FROM users;")
    run(late, "ruff", "check", "--fix", "-q", "migrations")
    run(late, "mypy", "migrations")
    run(late, "pytest", "-q", "-n0", "tests/core/test_migrations.py")
