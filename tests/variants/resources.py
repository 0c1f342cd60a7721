"""Adds three resources to a variant, checks it again, and sees them leave without a trace."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.variants.contract import git
from tests.variants.rendering import render
from tests.variants.variant import ONE_PROCESS, CheckFailedError, Variant

ADDED = {
    "invoices": (
        *("invoice", "number:str:unique", "total:decimal", "due_on:date?", "paid:bool"),
        *("customer_id:ref:users", "--owned", "--cached"),
    ),
    "suppliers": (
        *("supplier", "name:str:80:unique", "rating:int?", "kind:enum:local,abroad"),
        *("--shared", "--soft-delete", "--paginate", "cursor"),
    ),
    "deliveries": (
        *("delivery", "supplier_id:ref:suppliers", "arrived_at:datetime:index", "papers:json?"),
        "--idempotent",
    ),
}
"""By folder, what is typed: owned and cached, shared and softly deleted, one with a reference."""
AGAIN = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports",),
)
NEAR = (
    *(f"tests/{name}" for name in ADDED),
    "tests/test_*.py",
    "tests/auth/test_deny_by_default.py",
    "tests/commands/test_check.py",
    "tests/commands/test_openapi.py",
    "tests/commands/test_purge.py",
    "tests/commands/test_routes.py",
    "tests/core/test_feature.py",
    "tests/core/test_migrations.py",
    "tests/core/test_openapi.py",
    "tests/core/test_row_level_security.py",
    "tests/users/test_router.py",
)
"""The tests of what was added, and those that walk through all features."""
EXAMPLE = ("products", "orders")
OF_THE_FOLDER = {"uv.lock", "openapi.json"}
"""What tools wrote there; a render has neither."""


def come_and_go(variant: Variant) -> None:
    """With them it passes its checks again; without them the tree is what it was."""
    git(variant, "init", "--quiet", "--initial-branch=main")
    committed(variant, "As it was")
    git(variant, "tag", "as-it-was")
    for words in ADDED.values():
        variant.run("uv", "run", "add-resource", *words)
        committed(variant, f"Add {words[0]}")
    for words in AGAIN:
        variant.run("uv", "run", *words)
    variant.run("uv", "run", "pytest", ONE_PROCESS, *near(variant.folder))
    variant.run("uv", "run", "remove-resource", *ADDED)
    git(variant, "add", "--all")
    if left := git(variant, "diff", "--cached", "--stat", "as-it-was"):
        raise CheckFailedError(f"Added and removed, they leave\n{left}")


def near(folder: Path) -> list[str]:
    """Those tests that are there, as pytest takes them."""
    found = [path for each in NEAR for path in sorted(folder.glob(each))]
    return [path.relative_to(folder).as_posix() for path in found]


def example_leaves(variant: Variant) -> None:
    """Without the example a service has the bytes of one that never had it."""
    if not variant.sheet["example"]:
        return
    variant.run("uv", "run", "remove-resource", *EXAMPLE, "--dirty", "--unreleased")
    git(variant, "add", "--all")
    names = set(git(variant, "ls-files").splitlines()) - OF_THE_FOLDER
    with tempfile.TemporaryDirectory() as into:
        never = render({**variant.sheet, "example": False}, Path(into))
        files = {path.relative_to(never).as_posix() for path in never.rglob("*") if path.is_file()}
        differ = {
            name
            for name in files & names
            if (never / name).read_bytes() != (variant.folder / name).read_bytes()
        }
    if faults := sorted(differ | (files ^ names)):
        raise CheckFailedError(f"Without the example these are not what they were: {faults}")


def committed(variant: Variant, message: str) -> None:
    """Everything that lies there."""
    git(variant, "add", "--all")
    git(variant, "commit", "--quiet", "--allow-empty", f"--message={message}")
