"""The account that `app dev` makes to play with: an admin with a random password."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe

from app.core.database import Database
from app.users.first_admin import AdminRefused, add_admin, checked

EMAIL = "admin@example.com"


async def sign_in(database: Database, folder: Path) -> tuple[str, str] | None:
    """Address and password, kept in `folder`; None for an account that somebody else made."""
    kept = folder / "demo_password"
    new = checked(EMAIL, token_urlsafe(12))
    with suppress(AdminRefused):
        await add_admin(database, new)
        _write(kept, new.password)
    return (EMAIL, kept.read_text(encoding="utf-8")) if kept.exists() else None


def _write(path: Path, secret: str) -> None:
    """For its owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secret)
