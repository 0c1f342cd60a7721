"""`app check`: whether the service would start here, with every fault at once."""

import asyncio
from typing import NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from app.core.database import Database
from app.core.feature import Check, contributions
from app.core.migrations import applied, heads
from app.core.settings import DatabaseSettings, faults, read
from app.main import FEATURES, SETTINGS


class Finding(NamedTuple):
    """One line of the report; `fault` says what is wrong, if anything is."""

    subject: str
    fault: str | None = None


def check() -> None:
    """Check settings, connections and migrations as production would; exit 1 on any fault."""
    findings = asyncio.run(inspect())
    table = Table("checked", "result")
    for subject, fault in findings:
        table.add_row(subject, f"[red]{fault}[/]" if fault else "[green]ok[/]")
    Console().print(table)
    raise typer.Exit(any(fault for _, fault in findings))


async def inspect() -> list[Finding]:
    """Everything there is to say; connections only where an address is set."""
    wrong = faults(SETTINGS)
    findings = [Finding("settings", fault) for fault in wrong] or [Finding("settings")]
    findings.append(_heads())
    if read(DatabaseSettings).database_url:
        async with Database.configured() as database:
            checks = contributions(FEATURES, "CHECKS", Check)
            findings += [await _connection(each, database) for each in checks]
            findings.append(await _migrated(database))
    return findings


def _heads() -> Finding:
    found = heads()
    several = f"several newest: {', '.join(found)}; join them: app revision --merge -m merge"
    return Finding("revisions", several if len(found) > 1 else None)


async def _connection(check: Check, database: Database) -> Finding:
    try:
        await check.probe(database)
    except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
        return Finding(check.name, f"{type(error).__name__}: {error}")
    return Finding(check.name)


async def _migrated(database: Database) -> Finding:
    try:
        behind = set(heads()) - set(await applied(database))
    except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
        return Finding("migrations", f"cannot be read: {type(error).__name__}")
    return Finding("migrations", "not all applied; run: app migrate" if behind else None)
