"""Every check of the service; `nox` alone runs those that belong before a push."""

import difflib
from pathlib import Path

import nox

OPENAPI = Path("openapi.json")

# Each session works in the project's own environment, which `uv run` keeps as `uv.lock` says.
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "tests"]


@nox.session
def lint(session: nox.Session) -> None:
    """Look for faults, another format, and imports that cross the layers."""
    session.run("uv", "run", "ruff", "check")
    session.run("uv", "run", "ruff", "format", "--check")
    session.run("uv", "run", "lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of everything, this file included."""
    session.run("uv", "run", "mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the fast suite; fails below the coverage that pyproject.toml asks for."""
    session.run("uv", "run", "pytest", "--cov", *session.posargs)


@nox.session
def system(session: nox.Session) -> None:
    """Run the slower checks of the whole service: fuzzing, several processes, faults."""
    session.run("uv", "run", "pytest", "-m", "system", *session.posargs)


@nox.session
def openapi(session: nox.Session) -> None:
    """Compare the committed openapi.json with what the code says."""
    if not OPENAPI.exists():
        session.skip(f"There is no {OPENAPI} yet; write and commit it: uv run app openapi --write")
    said = session.run("uv", "run", "-q", "app", "openapi", silent=True)
    kept = OPENAPI.read_text(encoding="utf-8")
    if drift := list(difflib.unified_diff(kept.splitlines(), str(said).splitlines(), lineterm="")):
        session.log("\n".join(drift))
        session.error(f"{OPENAPI} is not what the code says; if so meant: app openapi --write")
