"""Every check of the template; `nox` alone runs those that belong before a commit."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nox

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # nox runs this file without its folder on the path

from tests.variants import dates, interpreters, service, size  # noqa: E402

TEMPLATE = HERE / "{{cookiecutter.project_slug}}"
SERVICE_PYTHON = next(filter(None, map(interpreters.present, interpreters.SUPPORTED)), "3.13")

TOUCH_REDIS = [
    "tests/core/test_redis.py",
    "tests/core/test_cache.py",
    "tests/throttling",
    "tests/gate",
    "tests/products",
    "tests/auth",
    "tests/sessions",
    "tests/orders",
    "tests/commands/test_cache.py",
    "tests/system/test_throttling.py",
]

nox.needs_version = ">=2026.4"
nox.options.default_venv_backend = "uv"


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """Serve a fresh render of the defaults until Ctrl-C; `-- FOLDER` says where it is kept."""
    service.interrupt_when_ended()
    into = Path(session.posargs[0] if session.posargs else tempfile.mkdtemp(prefix="demo-"))
    project = into.resolve() / "my-service"
    python = obtained(session)
    if not project.exists():
        with step(session, f"Rendering the defaults into {project}"):
            session.install("--group", "render")
            session.run("python", "-m", "tests.variants.rendering", str(into), "{}", silent=True)
    with step(session, "Installing: uv sync"), session.chdir(project):
        # A start compiles what it imports, which is less than half of what is installed.
        sync = ("uv", "sync", "-q", "--no-compile-bytecode")
        session.run(*sync, env=service.overrides(python), external=True)
    with suppress(KeyboardInterrupt):
        serve(session, project, python)
    session.log(f"Stopped. To go on: cd {project} && uv run app dev, or uv run pytest")


def obtained(session: nox.Session) -> str:
    """A Python for the service; without one the session ends with a sentence."""
    try:
        return interpreters.obtain()
    except interpreters.NoInterpreterError as error:
        session.error(str(error))


def serve(session: nox.Session, project: Path, python: str) -> None:
    """Serve `project` until it is interrupted."""
    began = time.monotonic()
    session.log("Starting: uv run app dev ...")
    try:
        with service.running(project, python) as served:
            session.log(f"Ready after {time.monotonic() - began:.1f} s. Ctrl-C stops everything.")
            session.log(f"Interactive documentation: {served.address}/docs")
            session.error(f"The service ended by itself, with {served.process.wait()}.")
    except service.ServiceNotReadyError as error:
        session.error(f"{error} Its folder: {project}")


@contextmanager
def step(session: nox.Session, what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    began = time.monotonic()
    session.log(f"{what} ...")
    yield
    session.log(f"{what}: {time.monotonic() - began:.1f} s")


@nox.session(python=SERVICE_PYTHON)
def source(session: nox.Session) -> None:
    """Check the un-rendered service where it stands, as if it were any other project."""
    with in_place(session):
        session.run("ruff", "check")
        session.run("ruff", "format", "--check")
        session.run("mypy")
        session.run("lint-imports", "--no-cache")
        session.run("pytest", "-p", "no:cacheprovider", *session.posargs)
    session.log(size.report(TEMPLATE / "src" / "app"))


@nox.session(python=SERVICE_PYTHON, default=False)
def cluster(session: nox.Session) -> None:
    """Run the tests that touch Redis against a cluster of three Valkeys instead of one."""
    with in_place(session):
        session.env["TEST_REDIS_CLUSTER"] = "1"
        chosen = ("-m", "system or not system", *TOUCH_REDIS)
        session.run("pytest", "-p", "no:cacheprovider", *chosen, *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Hold what requests cost the default service to its budgets; `-- --quick` within 90 s."""
    session.install("--group", "bench")
    session.run("python", "-m", "tests.bench", *session.posargs, interrupt_timeout=30)


@nox.session(default=False)
def growth(session: nox.Session) -> None:
    """Show how requests cost more with rows, workers and connections; within 10 minutes."""
    session.install("--group", "bench")
    session.run("python", "-m", "tests.bench.growth", *session.posargs, interrupt_timeout=30)


@nox.session(default=False)
def soak(session: nox.Session) -> None:
    """Keep a render of the defaults under load for 10 minutes; `-- --minutes 1` for less."""
    project = Path(session.create_tmp()).resolve() / "my-service"
    shutil.rmtree(project, ignore_errors=True)
    python = obtained(session)
    session.install("--group", "render")
    rendering = ("python", "-m", "tests.variants.rendering")
    session.run(*rendering, str(project.parent), "{}", silent=True)
    with session.chdir(project):
        words = ("uv", "run", "nox", "-s", "soak", "--", *session.posargs)
        session.run(*words, env=service.overrides(python), external=True)


@contextmanager
def in_place(session: nox.Session) -> Iterator[None]:
    """Work in the template's folder, with what the service needs, at the versions it names."""
    session.install("--compile-bytecode", *service_needs())
    session.env.update(caches_in(Path(session.create_tmp()).resolve()), PYTHONPATH="src")
    with session.chdir(TEMPLATE):
        yield


def service_needs() -> list[str]:
    """What to install for the service with every option on."""
    project = tomllib.loads((TEMPLATE / "pyproject.toml").read_text("utf-8"))
    uv = project["tool"]["uv"]
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    from_an_index = [wish for wish in wanted if wish not in uv["sources"]]
    return [f"--exclude-newer={uv['exclude-newer']}", *from_an_index]


def caches_in(folder: Path) -> dict[str, str]:
    """Settings that keep tools from writing into the template: cookiecutter would copy it all."""
    return {
        "COVERAGE_FILE": f"{folder}/coverage",
        "HYPOTHESIS_STORAGE_DIRECTORY": f"{folder}/hypothesis",
        "MYPY_CACHE_DIR": f"{folder}/mypy",
        "PYTHONPYCACHEPREFIX": f"{folder}/pycache",
        "RUFF_CACHE_DIR": f"{folder}/ruff",
    }


@nox.session
def generator(session: nox.Session) -> None:
    """Check the template's own Python: the questions, the hooks, the manifest, one render."""
    session.install("--group", "check")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("pytest", *session.posargs)


@nox.session(default=False)
def update(session: nox.Session) -> None:
    """Take services of the previous release, with changes and rows, to today's template."""
    session.install("--group", "check")
    session.run("pytest", "-m", "update", "tests/update", *session.posargs)


@nox.session(python=SERVICE_PYTHON, default=False)
def scaffold(session: nox.Session) -> None:
    """Break what `add-resource` writes, wish at random, and run all tests beside what it wrote."""
    session.install("--group", "check")
    session.run("pytest", "-m", "installs", "tests/scaffold", *session.posargs)


@nox.session(python=SERVICE_PYTHON, default=False)
def variants(session: nox.Session) -> None:
    """Build, check and use every variant; `-- --help` says what else, `-- example=no` one."""
    build(session, *session.posargs)


@nox.session(python=SERVICE_PYTHON)
def quick(session: nox.Session) -> None:
    """The same as `variants -- --quick`, so that a bare `nox` runs it; `-- --report FOLDER`."""
    build(session, "--quick", *session.posargs)
    session.run("pytest", "-m", "installs", "tests/variants")


@nox.session(python=SERVICE_PYTHON, default=False)
def pins(session: nox.Session) -> None:
    """Move to the newest versions and run the variants; `-- --lowest` tries the oldest instead."""
    if "--lowest" in session.posargs:
        build(session, *session.posargs)
    else:
        session.log(f"Nothing younger than {dates.move(HERE, TEMPLATE)} from now on.")
        build(session, "--write-pins")
        build(session, *session.posargs)


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Ask for advisories on what each variant runs on; exits 3 where no service answers."""
    session.install("--group", "check", "pip-audit")
    try:
        session.run("python", "-m", "tests.variants.supply", "audit")
    except nox.command.CommandFailed as error:
        raise SystemExit(error.return_code) from None


@nox.session(default=False)
def sbom(session: nox.Session) -> None:
    """List what each variant runs on, as CycloneDX; `-- FOLDER` says where, else in .nox."""
    folder = Path(session.posargs[0] if session.posargs else session.create_tmp()).resolve()
    session.install("--group", "check")
    session.run("python", "-m", "tests.variants.supply", "sbom", str(folder))
    session.log(f"Written to {folder}")


def build(session: nox.Session, *words: str) -> None:
    """Order variants; after Ctrl-C they get the time to stop the services that they started."""
    if "--list-json" not in words:  # which needs nothing, and is asked for by a machine
        session.install("--compile-bytecode", "--group", "check", *service_needs())
    command = ("python", "-m", "tests.variants", *words)
    session.run(*command, interrupt_timeout=30, terminate_timeout=5)
