"""Runs a service's own commands, as its owner's shell would."""

from __future__ import annotations

import subprocess
import tomllib

from tests.update.services import Service
from tests.variants import interpreters, service


def here() -> dict[str, str]:
    """The environment of a shell in the service's folder."""
    return service.environment(interpreters.obtain())


def locked(in_: Service) -> set[str]:
    """`name==version` of every package that a fresh lock takes from an index."""
    subprocess.run(["uv", "lock", "-q"], cwd=in_.folder, env=here(), check=True)
    packages = tomllib.loads(in_.text("uv.lock"))["package"]
    return {
        f"{each['name']}=={each['version']}" for each in packages if "registry" in each["source"]
    }


def run(
    in_: Service, *words: str, said: str = "", code: int = 0
) -> subprocess.CompletedProcess[str]:
    """How `uv run ...` ends in the service's folder, as its owner's shell would run it."""
    env = {key: value for key, value in here().items() if key not in service.OTHER_SERVERS}
    done = subprocess.run(
        ["uv", "run", "-q", *words],
        cwd=in_.folder,
        env=env,
        input=said,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def asked(in_: Service, statement: str) -> str:
    """What the service's embedded database says to a statement."""
    plain = "\\pset tuples_only\n\\pset format unaligned\n"
    return run(in_, "app", "db", said=f"{plain}{statement}").stdout
