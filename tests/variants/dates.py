"""Moves the date that fixes every version, here and in the services to come."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

LATE = timedelta(days=2)
"""Mirrors show new versions late; a younger date would give other versions tomorrow."""
DATE = re.compile(r'(?<=^exclude-newer = ")[^"]+', re.MULTILINE)


def move(*folders: Path) -> str:
    """Writes the newest date that is safe into each folder's pyproject.toml, and gives it."""
    date = f"{datetime.now(UTC) - LATE:%Y-%m-%dT00:00:00Z}"
    for folder in folders:
        file = folder / "pyproject.toml"
        file.write_text(DATE.sub(date, file.read_text("utf-8")), "utf-8")
    return date


def fixed(folder: Path) -> str:
    """The date that its pyproject.toml holds."""
    found = DATE.search((folder / "pyproject.toml").read_text("utf-8"))
    return found[0] if found else ""
