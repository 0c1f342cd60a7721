"""Every check of the service; `nox` alone runs those that belong before a push."""

import difflib
import subprocess
from pathlib import Path

import nox

OPENAPI = Path("openapi.json")
MAIN = ("origin/HEAD", "origin/main", "origin/master", "main", "master")

# Each session works in the project's own environment, which `uv run` keeps as `uv.lock` says.
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "tests"]


@nox.session
def lint(session: nox.Session) -> None:
    """Look for faults, another format, and imports that cross the layers."""
    session.run("uv", "run", "ruff", "check")
    session.run("uv", "run", "ruff", "format", "--check")
    session.run("uv", "run", "lint-imports")
    session.run("uv", "run", "zizmor", "--offline", "-q", ".github")  # feature: ci=github


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
    session.run("uv", "run", "pytest", "-m", "system and not measured", *session.posargs)
    session.run("uv", "run", "pytest", "-m", "measured", *session.posargs)


@nox.session
def load(session: nox.Session) -> None:
    """Put 100 users on the service for a minute; `-- --profile FILE` says where the time went."""
    session.run("uv", "run", "python", "-m", "tests.load", "load", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Keep half of what the service carries on it for 10 minutes; `-- --minutes 1` for less."""
    session.run("uv", "run", "python", "-m", "tests.load", "soak", *session.posargs)


@nox.session
def openapi(session: nox.Session) -> None:
    """Hold openapi.json against the code, and against what clients rely on; `-- BASE` says where.

    They rely on the file of the commit at which the work left the main branch.
    """
    if not OPENAPI.exists():
        session.skip(f"There is no {OPENAPI} yet; write and commit it: uv run app openapi --write")
    said = session.run("uv", "run", "-q", "app", "openapi", silent=True)
    kept = OPENAPI.read_text(encoding="utf-8")
    if drift := list(difflib.unified_diff(kept.splitlines(), str(said).splitlines(), lineterm="")):
        session.log("\n".join(drift))
        session.error(f"{OPENAPI} is not what the code says; if so meant: app openapi --write")
    earlier = Path(session.create_tmp(), OPENAPI)
    base = left_main(session)
    # `./`: the service need not lie at the root of its repository.
    if text := git(session, "show", f"{base}:./{OPENAPI}"):
        earlier.write_text(text, encoding="utf-8")
        session.run("uv", "run", "-q", "app", "openapi", "--since", str(earlier))
    else:
        session.log(f"{base[:10]} has no {OPENAPI}: nobody relies on anything yet.")


def left_main(session: nox.Session) -> str:
    """The commit at which the work here left the main branch, or another that was named."""
    names = session.posargs or MAIN
    found = next(filter(None, (git(session, "merge-base", name, "HEAD") for name in names)), None)
    if found is None:
        session.error(
            f"No common commit with {' or '.join(names)}, so nothing says what clients rely on. "
            "Fetch the history (git fetch --unshallow), or name a base: nox -s openapi -- BASE"
        )
    return found.strip()


def git(session: nox.Session, *words: str) -> str:
    """What git says; nothing when it cannot."""
    codes = range(256)
    told = session.run(
        "git", *words, silent=True, log=False, stderr=subprocess.DEVNULL, success_codes=codes
    )
    return str(told)
