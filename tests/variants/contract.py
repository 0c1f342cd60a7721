"""Sees the service's own session refuse an API that is not as its document, or its clients, say."""

from __future__ import annotations

import os

from tests.variants.variant import CheckFailedError, Variant

FIELD = ("src/app/auth/schemas.py", "expires_in: int", "expires_in: str")
"""A file, what stands there, and what would break every client."""
SOMEBODY = {
    **{f"GIT_{role}_NAME": "Somebody" for role in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{role}_EMAIL": "somebody@example.com" for role in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
SESSION = ("uv", "run", "nox", "-s", "openapi")
WRITE = ("uv", "run", "app", "openapi", "--write")


def holds_to_its_document(variant: Variant) -> None:
    """With one field changed the session names the drift, and once that is written, the break."""
    variant.run(*WRITE)
    git(variant, "init", "--quiet", "--initial-branch=main")
    git(variant, "add", "--all")
    git(variant, "commit", "--quiet", "--message=Begin")
    variant.run(*SESSION)
    name, field, changed = FIELD
    file = variant.folder / name
    before = file.read_text("utf-8")
    file.write_text(before.replace(field, changed), "utf-8")
    refuses(variant, "openapi.json is not what the code says")
    variant.run(*WRITE)
    refuses(variant, "This breaks clients")
    file.write_text(before, "utf-8")


def refuses(variant: Variant, reason: str) -> None:
    """The session fails, and says why. Raises CheckFailedError."""
    try:
        variant.run(*SESSION)
    except CheckFailedError as error:
        if reason not in str(error):
            raise
    else:
        raise CheckFailedError(f"{FIELD[1]} became {FIELD[2]}, and nox -s openapi does not mind")


def git(variant: Variant, *words: str) -> str:
    """Runs git there, as somebody without settings, and gives what it says."""
    return variant.run("git", *words, **SOMEBODY)
