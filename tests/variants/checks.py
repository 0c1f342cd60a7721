"""The checks that a variant passes, each a name and a function that raises on a fault."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.variants import pins, probes, residue, service
from tests.variants.sheets import Sheet

LINES_SHOWN = 40
LONGEST_COMMAND = 600
"""Seconds; a test that hangs would otherwise hold up everything."""


class CheckFailedError(Exception):
    """What the check saw, as far as a reader needs it."""


@dataclass(frozen=True)
class Variant:
    """One rendered service: its folder, what was answered, and the Python that runs it."""

    folder: Path
    sheet: Sheet
    python: str

    def run(self, *command: str, **settings: str) -> str:
        """The output of a command in the service's folder. Raises CheckFailedError."""
        env = service.environment(self.python) | QUIET | settings
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that stop() reaches all that it started
            )
            ended = self.ended(process)
            output.seek(0)
            lines = output.read().decode("utf-8", "replace").splitlines()
        if ended:
            shown = "\n".join(lines[-LINES_SHOWN:])
            raise CheckFailedError(f"{' '.join(command)} {ended}:\n{shown}")
        return "\n".join(lines)

    @staticmethod
    def ended(process: subprocess.Popen[bytes]) -> str:
        """How the process ended, if not well; nothing of it runs on."""
        try:
            code = process.wait(LONGEST_COMMAND)
        except subprocess.TimeoutExpired:
            return f"was stopped after {LONGEST_COMMAND} s"
        finally:
            service.stop(process)
        return f"ended with {code}" if code else ""


QUIET = {"NO_COLOR": "1", "TERM": "dumb", "UV_NO_PROGRESS": "1"}
Check = Callable[[Variant], object]


def command(*words: str, **settings: str) -> Check:
    """The check that a command ends with 0 in the service's folder."""
    return lambda variant: variant.run(*words, **settings)


def leaves_nothing(variant: Variant) -> None:
    """No tag and brace of the template, no word of a declined feature, no gap in a chosen one."""
    left = residue.of_template(variant.folder) + probes.left_over(variant.folder, variant.sheet)
    if wrong := left + probes.missing(variant.folder, variant.sheet):
        raise CheckFailedError("\n".join(wrong))


def compiles(variant: Variant) -> None:
    """Every file compiles, under the Python that will run it."""
    variant.run(variant.python, "-c", COMPILE)


COMPILE = """
import pathlib
for path in pathlib.Path().rglob("*.py"):
    compile(path.read_bytes(), str(path), "exec")
"""


def pinned(variant: Variant) -> None:
    """The fresh lock holds tested versions only."""
    if untested := sorted(pins.locked(variant.folder) - pins.tested()):
        names = ", ".join(untested)
        raise CheckFailedError(f"{names}: not in {pins.TESTED.name}. {pins.WAY_OUT}")


def probed(variant: Variant) -> None:
    """Served over HTTP, each option does what its answer says."""
    log = variant.folder.with_name("service.log")
    with log.open("w+") as output:
        try:
            with service.running(variant.folder, variant.python, output) as served:
                wrong = probes.seen(served.address, variant.sheet)
        except service.ServiceNotReadyError as error:
            wrong = [str(error)]
    if wrong:
        tail = log.read_text("utf-8", "replace").splitlines()[-LINES_SHOWN:]
        raise CheckFailedError("\n".join([*wrong, f"Its log, {log}, ends with:", *tail]))


STATIC: Mapping[str, Check] = {
    "residue": leaves_nothing,
    "ruff": command("ruff", "check", "--no-cache", "-q"),
    "format": command("ruff", "format", "--check", "--no-cache", "-q"),
    "compile": compiles,
    "contracts": command("lint-imports", "--no-cache", PYTHONPATH="src"),
    "lock": command("uv", "lock", "-q"),
    "pins": pinned,
}
INSTALLED: Mapping[str, Check] = {
    "residue": leaves_nothing,
    "install": command("uv", "sync", "-q"),
    "pins": pinned,
    "ruff": command("uv", "run", "ruff", "check"),
    "format": command("uv", "run", "ruff", "format", "--check"),
    "types": command("uv", "run", "mypy"),
    "contracts": command("uv", "run", "lint-imports"),
    "tests": command("uv", "run", "pytest"),
    "probes": probed,
}
SYSTEM: Mapping[str, Check] = {
    **INSTALLED,
    "system": command("uv", "run", "pytest", "-m", "system"),
}
