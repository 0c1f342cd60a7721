"""Reads the service around: its resources, its permissions, its history."""

import ast
from collections.abc import Iterator
from pathlib import Path

from scaffold import edits, listing
from scaffold.history import head, next_number, revisions
from scaffold.refusal import Refused
from scaffold.sources import assignments, parsed, read
from scaffold.surroundings import Known, Surroundings

SOURCE = Path("src/app")
MAIN = SOURCE / "main.py"
PERMISSIONS = SOURCE / "auth" / "permissions.py"
PEOPLE = "tests.people.a_person"


def root() -> Path:
    """The service's folder, from here upwards. Raises Refused."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / MAIN).exists():
            return folder
    raise Refused(
        [f"There is no {MAIN.as_posix()} here or above: run this in the folder of the service."]
    )


def surroundings(project: Path) -> Surroundings:
    """What a new resource has to fit in with. Raises Refused."""
    history = revisions(project)
    found = list(models(project))
    for path in (MAIN, PERMISSIONS):
        parsed(read(project / path), path)
    return Surroundings(
        resources=dict(resources(project, found)),
        # Of a folder on another branch git leaves what Python compiled.
        folders=frozenset(
            path.name for path in (project / SOURCE).iterdir() if any(path.rglob("*.py"))
        ),
        tables=frozenset(table for _, _, table in found),
        permissions=frozenset(edits.names(read(project / PERMISSIONS), listing.literal("HOLDERS"))),
        head=head(history),
        next_number=next_number(history),
    )


def models(project: Path) -> Iterator[tuple[Path, ast.ClassDef, str]]:
    """Each class with a table: the file, the class, the table."""
    for path in sorted((project / SOURCE).rglob("models.py")):
        for node in parsed(read(path), path).body:
            table = isinstance(node, ast.ClassDef) and dict(assignments(node)).get("__tablename__")
            if isinstance(node, ast.ClassDef) and isinstance(table, ast.Constant):
                yield path, node, str(table.value)


def resources(
    project: Path, found: list[tuple[Path, ast.ClassDef, str]]
) -> Iterator[tuple[str, Known]]:
    """Models with the key of `Resource` whose table is called like their folder."""
    for path, model, table in found:
        folder = path.parent.name
        if folder == table and "Resource" in map(ast.unparse, model.bases):
            yield (
                folder,
                Known(
                    table=table,
                    model=model.name,
                    module=f"app.{folder}.models",
                    owned="PROTECTED" in ast.unparse(model),
                    soft_delete="deleted_at" in dict(declarations(model)),
                    factory=PEOPLE if folder == "users" else factory(project, folder),
                ),
            )


def declarations(model: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The columns, each with its annotation."""
    for each in model.body:
        if isinstance(each, ast.AnnAssign):
            yield ast.unparse(each.target), ast.unparse(each.annotation)


def factory(project: Path, folder: str) -> str | None:
    """What makes one in a test: the first coroutine that begins with the database."""
    path = project / "tests" / folder / "factories.py"
    for node in parsed(read(path), path).body if path.exists() else ():
        if isinstance(node, ast.AsyncFunctionDef):
            first, *_ = [*map(ast.unparse, node.args.args), ""]
            if first == "database: Database":
                return f"tests.{folder}.factories.{node.name}"
    return None
