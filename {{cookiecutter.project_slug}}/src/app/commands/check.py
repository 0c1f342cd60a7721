"""`app check`: whether the service would start here, with every fault at once."""

import asyncio
import logging
from contextlib import suppress
from typing import NamedTuple

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy import text

from app.commands.target import cause
from app.core.database import Database
from app.core.feature import Check, Connections, contributions
from app.core.migrations import SeveralHeads, applied, heads, missing, require_one_head
from app.core.redis import Redis, RedisNotConfigured
from app.core.roles import ROLES, grants
from app.core.settings import UnsafeSettings, advice, faults
from app.main import FEATURES, SETTINGS

_NOT_TAKEN = text(
    "SELECT quote_ident(current_user), rolname FROM pg_roles"
    " WHERE rolname = ANY(:roles) AND NOT pg_has_role(oid, 'SET')"
)


class Finding(NamedTuple):
    """One line of the report; `fault` says what is wrong, if anything is."""

    subject: str
    fault: str | None = None


def check() -> None:
    """Check settings, connections and migrations as production would; exit 1 on any fault."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    findings = asyncio.run(inspect())
    for subject, fault in findings:
        result = Text(fault, "red") if fault else Text("ok", "green")
        Console().print(subject.ljust(12), result, soft_wrap=True)
    for sentence in advice(SETTINGS):
        Console().print("note".ljust(12), Text(sentence, "yellow"), soft_wrap=True)
    raise typer.Exit(int(any(fault for _, fault in findings)))


async def inspect() -> list[Finding]:
    """Everything there is to say; connections only where an address is set."""
    findings = [Finding("settings", fault) for fault in faults(SETTINGS)] or [Finding("settings")]
    findings.append(_revisions())
    try:
        database, redis = Database.configured(), Redis.configured()
    except UnsafeSettings:  # told above
        return findings
    async with database, redis:
        for each in contributions(FEATURES, "CHECKS", Check):
            with suppress(RedisNotConfigured):  # told above where it is a fault
                findings.append(await _answers(each, Connections(database, redis)))
        findings.append(await _migrated(database))
        findings.append(await _roles(database))
    return findings


def _revisions() -> Finding:
    try:
        require_one_head()
    except SeveralHeads as several:
        return Finding("revisions", str(several))
    return Finding("revisions")


async def _answers(check: Check, connections: Connections) -> Finding:
    try:
        await check.probe(connections)
    except RedisNotConfigured:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
        return Finding(check.name, f"does not answer: {cause(error)}")
    return Finding(check.name)


async def _migrated(database: Database) -> Finding:
    newest = heads()
    try:
        found = sorted(await applied(database))
        lacking = await missing(database)
    except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
        return Finding("migrations", f"cannot be read: {cause(error)}")
    if found == newest and lacking:
        tables = ", ".join(lacking)
        return Finding("migrations", f"no table {tables}: see docs/troubleshooting.md, Migrating")
    if found == newest:
        return Finding("migrations")
    at = ", ".join(found) or "nothing"
    return Finding("migrations", f"at {at} instead of {', '.join(newest)}; run: app migrate")


async def _roles(database: Database) -> Finding:
    """Every transaction works as one of them; roles that are not there are told of above."""
    try:
        async with database.engine.connect() as connection:
            missing = (await connection.execute(_NOT_TAKEN, {"roles": ROLES})).all()
    except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
        return Finding("roles", f"cannot be read: {cause(error)}")
    if not missing:
        return Finding("roles")
    login, names = missing[0][0], " and ".join(name for _, name in missing)
    return Finding("roles", f"{login} may not work as {names}; as an admin run: {grants(login)}")
