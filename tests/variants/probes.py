"""One probe per option: seen from outside, an option works when on and is gone when off."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.variants import residue, service
from tests.variants.sheets import Sheet

Seen = Callable[[str], str | None]
"""Asks the service at an address; says what is wrong, or nothing."""


@dataclass(frozen=True)
class Probe:
    """How an answer shows over HTTP, and the words that only it may bring along."""

    over_http: Seen
    absent: Seen
    words: str


def products_are_listed(address: str) -> str | None:
    """The page list answers, and holds the seeds."""
    status, body = service.get(f"{address}/api/v1/products")
    seeds = json.loads(body).get("data") if status == 200 else None
    return None if seeds else f"GET /api/v1/products: {status} {body[:200]!r}, expected the seeds"


def products_are_unknown(address: str) -> str | None:
    """The path is as unknown as any other, in the documentation too."""
    status, body = service.get(f"{address}/api/v1/products")
    _, schema = service.get(f"{address}/openapi.json")
    gone = status == 404 and b'"openapi"' in schema and b"product" not in schema.lower()
    return None if gone else f"GET /api/v1/products: {status} {body[:200]!r}, expected no trace"


def tokens_are_judged(address: str) -> str | None:
    """Whichever library signs: a token from a login opens its owner's door, a touched one none."""
    api = f"{address}/api/v1"
    person = {"email": f"{secrets.token_hex(8)}@example.com", "password": secrets.token_hex(16)}
    service.post(f"{api}/auth/register", person)
    status, body = service.post(f"{api}/auth/login", person)
    token = json.loads(body).get("access_token", "") if status == 200 else ""
    seen = [service.get(f"{api}/users/me", shown)[0] for shown in (token, touched(token))]
    right = seen == [200, 401]
    return None if right else f"POST /auth/login: {status}, GET /users/me: {seen}, not [200, 401]"


def touched(token: str) -> str:
    """The same token with another first character in its signature."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'B' if signature.startswith('A') else 'A'}{signature[1:]}"


PROBES: Mapping[str, Probe] = {
    "jwt_library=pyjwt": Probe(tokens_are_judged, tokens_are_judged, r"(?i)\bpyjwt\b"),
    "jwt_library=python-jose": Probe(tokens_are_judged, tokens_are_judged, r"(?i)\bjose\b"),
    "example": Probe(products_are_listed, products_are_unknown, r"(?i)\bproducts?\b|\bsku\b"),
}
"""By option, or by option=value where a choice is probed."""


def chosen(key: str, sheet: Sheet) -> bool:
    """Whether the sheet answers yes to the option, or with the value, that the key names."""
    option, _, value = key.partition("=")
    return sheet[option] == (value or True)


def seen(address: str, sheet: Sheet) -> list[str]:
    """What the running service does against the answers."""
    asked = [p.over_http if chosen(key, sheet) else p.absent for key, p in PROBES.items()]
    return [wrong for ask in asked if (wrong := ask(address))]


def left_over(folder: Path, sheet: Sheet) -> list[str]:
    """Each line that speaks of something declined."""
    declined = [probe for key, probe in PROBES.items() if not chosen(key, sheet)]
    return [
        line for probe in declined for line in residue.lines_with(re.compile(probe.words), folder)
    ]
