"""What a team changes in its service before an update comes."""

from __future__ import annotations

import re

from tests.update.services import Service

DELETED = ".editorconfig"
PAGE = "docs/first-resource.md"
FILE = re.compile(r"^### `(\S+)`\n\n```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
REVISION = '''"""Notes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "6bb2a2a7ef41"
down_revision: str | Sequence[str] | None = "0001_core"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table("notes", sa.Column("text", sa.String(500), nullable=False))


def downgrade() -> None:
    op.drop_table("notes")
'''
EDITS = {
    "README.md": [("\n## Run\n", "\nAsk Ada before you change a price.\n\n## Run\n")],
    "pyproject.toml": [
        ('    "asyncpg', '    "anyio>=4",\n    "asyncpg'),
        ('    "app.observability",\n', '    "app.observability",\n    "app.notes",\n'),
        ('    "app.main",\n', '    "app.main",\n    "app.notes",\n'),
    ],
    "src/app/main.py": [
        ("    http,\n", "    http,\n    notes,\n"),
        ("\n]\nSETTINGS", "\n    notes,\n]\nSETTINGS"),
    ],
    "src/app/products/router.py": [("One page of the catalogue", "One page of the shop's goods")],
}
"""By file of the template, what a team replaces once, and by what."""


def notes(service: Service) -> dict[str, str]:
    """The files of the feature that the service's own page shows how to add."""
    return dict(FILE.findall(service.text(PAGE)))


def changed(service: Service) -> Service:
    """The service after a team has made it its own, committed."""
    for name, replacements in EDITS.items():
        if (service.folder / name).exists():
            text = service.text(name)
            for old, new in replacements:
                assert old in text, f"{name} holds no {old!r}"
                text = text.replace(old, new, 1)
            service.write(name, text)
    for name, text in notes(service).items():
        service.write(name, text)
    service.write(".env", "LOG_LEVEL=debug\n")
    (service.folder / DELETED).unlink()
    service.commit("Add notes")
    return service
