"""Renders one variant, takes it through its checks and says how it went."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.variants import pins
from tests.variants.rendering import render
from tests.variants.sheets import Sheet, label
from tests.variants.variant import Check, CheckFailedError, Variant


@dataclass
class Outcome:
    """What became of one variant; `fault` is empty when every check passed."""

    label: str
    files: int = 0
    seconds: float = 0.0
    passed: list[str] = field(default_factory=list)
    fault: str = ""
    locked: set[str] = field(default_factory=set)
    """`name==version` of all that the fresh lock holds."""


Say = Callable[[str], None]
Turn = Callable[[str], AbstractContextManager[object]]
"""What a check, by its name, has to wait for."""


def build(
    sheet: Sheet,
    checks: Mapping[str, Check],
    python: str,
    say: Say = print,
    turn: Turn = nullcontext,
) -> Outcome:
    """The outcome; a variant that fails leaves its folder, which the fault names."""
    into = Path(tempfile.mkdtemp(prefix="variant-"))
    outcome, began = Outcome(label(sheet)), time.monotonic()
    variant = Variant(render(sheet, into), sheet, python)
    outcome.files = sum(path.is_file() for path in variant.folder.rglob("*"))
    try:
        for name, check in checks.items():
            with turn(name):
                since = time.monotonic()
                said = check(variant)
            outcome.passed.append(name)
            say(f"{name}: {time.monotonic() - since:.1f} s  {last_line(said)}".rstrip())
    except CheckFailedError as error:
        again = f"uvx nox -s variants -- {outcome.label}"
        outcome.fault = f"{name}: {error}\nIts folder: {variant.folder}\nAgain: {again}"
    except KeyboardInterrupt:
        shutil.rmtree(into, ignore_errors=True)
        raise
    else:
        outcome.locked = pins.locked(variant.folder)
        shutil.rmtree(into)
    outcome.seconds = time.monotonic() - began
    return outcome


def last_line(said: object) -> str:
    """What a command concluded: pytest's counts, say; nothing of a check that is no command."""
    lines = str(said or "").strip().splitlines()
    return lines[-1].strip("= ") if lines else ""
