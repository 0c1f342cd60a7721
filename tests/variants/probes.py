"""One probe per option: seen from outside, an option works when on and is gone when off."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.variants import folders, residue, service
from tests.variants.sheets import Sheet

Seen = Callable[[str], str | None]
"""Asks the service at an address; says what is wrong, or nothing."""
NEVER = "(?!)"
"""The pattern of what cannot stand anywhere."""
Found = Callable[[Path], str | None]
"""Looks into the service's folder; says what is wrong, or nothing."""


def nothing(_: object) -> None:
    """There is nothing to see there."""


@dataclass(frozen=True)
class Probe:
    """How an answer shows over HTTP or in the folder, and the words that only it may bring."""

    over_http: Seen = nothing
    absent: Seen = nothing
    words: str = NEVER
    in_folder: Found = nothing


def example_works(address: str) -> str | None:
    """The catalogue holds the seeds, and an order for one of them is kept for its owner."""
    return products_are_listed(address) or orders_are_kept(address)


def products_are_listed(address: str) -> str | None:
    """The page list answers, and holds the seeds."""
    seeds = listed(f"{address}/api/v1/products")
    return None if seeds else "GET /api/v1/products: expected the seeds"


def orders_are_kept(address: str) -> str | None:
    """Whoever is signed in orders what is in stock, and finds the order in the list."""
    orders, token = f"{address}/api/v1/orders", signed_in(address)
    seeds = [seed for seed in listed(f"{address}/api/v1/products") if seed["stock"]]
    lines = [{"product_id": seed["id"], "quantity": 1} for seed in seeds]
    status, body = service.post(orders, {"items": lines}, token)
    placed = json.loads(body)["id"] if status < 300 else None
    kept = placed in [order["id"] for order in listed(orders, token)]
    return None if kept else f"POST /api/v1/orders: {status} {body[:200]!r}, then not in the list"


def listed(url: str, bearer: str = "") -> list[dict[str, Any]]:
    """What a list holds; nothing when it does not answer."""
    status, body = service.get(url, bearer)
    return json.loads(body).get("data", []) if status == 200 else []


def example_is_unknown(address: str) -> str | None:
    """Its paths are as unknown as any other, in the documentation too."""
    statuses = [service.get(f"{address}/api/v1/{room}")[0] for room in ("products", "orders")]
    _, schema = service.get(f"{address}/openapi.json")
    told = b"product" in schema.lower() or b"/orders" in schema or b'"openapi"' not in schema
    gone = statuses == [404, 404] and not told
    return None if gone else f"GET /api/v1/products, /api/v1/orders: {statuses}, expected no trace"


def tokens_are_judged(address: str) -> str | None:
    """Whichever library signs: a token from a login opens its owner's door, a touched one none."""
    token = signed_in(address)
    me = f"{address}/api/v1/users/me"
    seen = [service.get(me, shown)[0] for shown in (token, touched(token))]
    return None if seen == [200, 401] else f"GET /users/me: {seen}, not [200, 401]"


def signed_in(address: str) -> str:
    """The access token of somebody new; empty when there is none to be had."""
    auth = f"{address}/api/v1/auth"
    person = {"email": f"{secrets.token_hex(8)}@example.com", "password": secrets.token_hex(16)}
    service.post(f"{auth}/register", person)
    status, body = service.post(f"{auth}/login", person)
    return str(json.loads(body).get("access_token", "")) if status == 200 else ""


def touched(token: str) -> str:
    """The same token with another first character in its signature."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'B' if signature.startswith('A') else 'A'}{signature[1:]}"


def jobs_have_a_worker(address: str) -> str | None:
    """A worker tells that it is alive, in the metrics; at the start it takes a moment."""
    for _ in range(50):
        _, body = service.get(f"{address}/metrics")
        if b"\njob_workers 1.0\n" in body:
            return None
        time.sleep(0.2)
    return "GET /metrics: expected job_workers 1.0"


def jobs_are_unknown(address: str) -> str | None:
    """The metrics are there and tell nothing of a queue."""
    status, body = service.get(f"{address}/metrics")
    gone = status == 200 and b"job_" not in body
    return None if gone else f"GET /metrics: {status}, expected nothing about jobs"


PROBES: Mapping[str, Probe] = {
    "jwt_library=pyjwt": Probe(tokens_are_judged, tokens_are_judged, r"(?i:\bpyjwt\b)"),
    "jwt_library=python-jose": Probe(tokens_are_judged, tokens_are_judged, r"(?i:\bjose\b)"),
    "example": Probe(example_works, example_is_unknown, r"(?i:\bproducts?\b|\bsku\b|\borders\b)"),
    "background_jobs": Probe(
        jobs_have_a_worker,
        jobs_are_unknown,
        r"(?i:procrastinate|background.jobs?\b|\bapp[./ ](jobs|worker)\b|\bjob_(queue|workers))",
    ),
    "deployment=docker,kubernetes": Probe(
        words=r"(?i:\bdockerfile|\.dockerignore|hadolint)",
        in_folder=folders.image_is_built_of_what_is_there,
    ),
    "deployment=docker": Probe(
        words=r"(?i:\bcompose\.(yaml|md)|docker[ -]compose|\bjaeger\b)",
        in_folder=folders.compose_starts_the_service,
    ),
    "deployment=kubernetes": Probe(
        words=r"(?i:kubernetes|kustomiz|\bkubectl\b|^deploy/)",
        in_folder=folders.kubernetes_gets_what_it_needs,
    ),
    "ci=github": Probe(
        words=r"(?i:\bgithub\b(?!\.com/)|dependabot|zizmor)",
        in_folder=folders.github_runs_sessions,
    ),
    "ci=gitlab": Probe(words=r"(?i:\bgitlab\b)", in_folder=folders.gitlab_runs_sessions),
}
"""By a key as in the manifest: an option, or one or more of its values."""


def chosen(key: str, sheet: Sheet) -> bool:
    """Whether the sheet answers yes to the option, or with a value, that the key names."""
    option, _, values = key.partition("=")
    return sheet[option] in (values.split(",") if values else [True])


def seen(address: str, sheet: Sheet) -> list[str]:
    """What the running service does against the answers."""
    asked = [p.over_http if chosen(key, sheet) else p.absent for key, p in PROBES.items()]
    return [wrong for ask in asked if (wrong := ask(address))]


def missing(folder: Path, sheet: Sheet) -> list[str]:
    """What the folder lacks of what was chosen."""
    looked = [probe.in_folder(folder) for key, probe in PROBES.items() if chosen(key, sheet)]
    return [wrong for wrong in looked if wrong]


def left_over(folder: Path, sheet: Sheet) -> list[str]:
    """Each line that speaks of something declined."""
    declined = [probe.words for key, probe in PROBES.items() if not chosen(key, sheet)]
    return list(residue.lines_with(re.compile("|".join(declined) or NEVER), folder))
