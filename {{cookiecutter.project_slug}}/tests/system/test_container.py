"""The Dockerfile's own steps, replayed in a plain folder; no image is built."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.migrations import ROOT
from tests.container import dockerfile
from tests.system.processes import KEYS, free_port, ready, running

pytestmark = pytest.mark.system

INHERITED = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
"""What belongs to the environment of the tests, and would mislead that of the image."""
OFFLINE = re.compile(r"(?i)error sending request|dns error|failed to (fetch|download)")
PORT = "8000"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Stands for the image's /app."""
    if not shutil.which("uv"):
        pytest.skip("not run: needs uv")
    if not (ROOT / "uv.lock").exists():
        pytest.skip("not run: needs a uv.lock, which `uv sync` writes")
    (tmp_path / "app").mkdir()
    return tmp_path / "app"


def variables(stage: str, app: Path) -> dict[str, str]:
    """The ENV of a stage."""
    said = [pair for rest in dockerfile.of(stage, "ENV") for pair in shlex.split(rest)]
    pairs = (pair.partition("=") for pair in said)
    return {
        name: value.replace("/app/", f"{app}/").replace("$PATH", os.environ["PATH"])
        for name, _, value in pairs
    }


def build(app: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
    environment = kept | variables("build", app) | {"UV_PYTHON": sys.executable}
    for word, rest in dockerfile.stage("build"):
        if word == "COPY" and not rest.startswith("--from"):
            copy(rest, app)
        elif word == "RUN":
            run(rest, app, environment)


def copy(rest: str, app: Path) -> None:
    *sources, target = shlex.split(rest)
    for source in sources:
        if (ROOT / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, app / target, ignore=ignored)
        else:
            (app / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, app / target)


def run(step: str, app: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S602 - a line of our own Dockerfile
        step, shell=True, cwd=app, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode and OFFLINE.search(done.stderr):
        pytest.skip(f"not run: {step} needs the network")
    assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"


def files(app: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in app.rglob("*")}


def test_what_the_dockerfile_builds_serves_and_writes_nothing(
    app: Path, servers: dict[str, str], tmp_path: Path
) -> None:
    build(app)
    assert not (app / ".venv" / "bin" / "pytest").exists()
    assert not (app / "tools").exists()
    assert all(sources.with_name("__pycache__").exists() for sources in app.glob("src/app/*/*.py"))
    before, port = files(app), free_port()
    command = [*json.loads(dockerfile.of("", "CMD")[0]), "--port", str(port)]
    words = json.loads(dockerfile.of("", "HEALTHCHECK")[0].partition("CMD ")[2])
    probe = [word.replace(PORT, str(port)) for word in words]
    settings = variables("", app) | servers | {"JWT_KEYS": KEYS, "PYTHONPATH": ""}

    with running(command, app, tmp_path / "log", **settings) as process:
        ready(process, port)
        with running(probe, app, tmp_path / "probe", **settings) as healthy:
            assert healthy.ended() == 0, healthy.said()
        process.terminate()
        assert process.ended() == 0, process.said()

    with running(probe, app, tmp_path / "probe", **settings) as unhealthy:
        assert unhealthy.ended() != 0
    assert files(app) == before
