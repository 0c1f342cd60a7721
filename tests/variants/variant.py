"""One rendered service, the commands that run in its folder, and what a check is."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.variants import service
from tests.variants.sheets import Sheet

LINES_SHOWN = 40
LONGEST_COMMAND = 900
"""Seconds; a test that hangs would otherwise hold up everything."""
QUIET = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", "UV_NO_PROGRESS": "1"}
AS_INSTALLED = {"UV_NO_SYNC": "1"}
"""`uv run` would look at the environment again, and compile all of it."""
ONE_PROCESS = "--numprocesses=0"
"""For pytest: the other cores have variants of their own."""
FAILED_TEST = re.compile(r"^(FAILED|ERROR) \S")


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
        env = service.environment(self.python) | QUIET | AS_INSTALLED | settings
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
            words, _, more = " ".join(command).partition("\n")
            raise CheckFailedError(f"{words}{more and '...'} {ended}:\n{telling(lines)}")
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


def telling(lines: Sequence[str]) -> str:
    """The end of an output, after the names of the tests that failed: logs would hide them."""
    named = [line for line in lines if FAILED_TEST.match(line)]
    end = [line for line in lines[-LINES_SHOWN:] if line not in named]
    return "\n".join([*named, *end])


Check = Callable[[Variant], object]


def command(*words: str, **settings: str) -> Check:
    """The check that a command ends with 0 in the service's folder."""
    return lambda variant: variant.run(*words, **settings)
