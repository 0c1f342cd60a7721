"""No request, however odd, is more than a client's mistake: a problem, told quickly."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import perf_counter

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.core.database import Database
from app.users.models import Role
from tests.people import a_person, signed_in

USERS = "/api/v1/users"
ME = f"{USERS}/me"
AUTH = "/api/v1/auth"
EVENTS = "/api/v1/audit-events"
PROBLEM = {"type", "title", "status", "detail", "instance", "code", "request_id"}


@dataclass(frozen=True)
class Odd:
    """A request that nothing but its own oddity stops: an admin sends it."""

    status: int
    method: str
    path: str
    body: str | bytes | None = None
    kind: str = "application/json"
    header: tuple[bytes, bytes] | None = None


def named(value: str, status: int = 422) -> Odd:
    """Somebody's new name, as JSON."""
    return Odd(status, "PATCH", ME, '{"display_name": ' + value + "}")


def body(text: str | bytes, status: int = 422) -> Odd:
    return Odd(status, "PATCH", ME, text)


def asked(path: str, status: int = 422) -> Odd:
    return Odd(status, "GET", path)


def headed(name: str, value: bytes, status: int = 401, path: str = ME) -> Odd:
    return Odd(status, "GET", path, header=(name.encode(), value))


ODD = {
    # text that PostgreSQL cannot store, or UTF-8 not carry
    "NUL": named(r'"\u0000"'),
    "NUL within": named(r'"a\u0000b"'),
    "NUL unescaped": named('"\x00"', 400),
    "lone surrogate": named(r'"\ud800"'),
    "low surrogate first": named(r'"\udc00\ud800"'),
    "surrogate as a field": body(r'{"\ud800": "x"}'),
    "NUL as a field": body(r'{"\u0000": "x"}'),
    "no UTF-8": body(b'{"display_name": "\xff"}', 400),
    "UTF-16": body('{"display_name": "x"}'.encode("utf-16"), 400),
    "UTF-32": body('{"display_name": "x"}'.encode("utf-32-le"), 400),
    "NUL in a password": Odd(
        422, "POST", f"{AUTH}/register", r'{"email": "a@example.com", "password": "\u0000"}'
    ),
    "surrogate in an address": Odd(
        422, "POST", f"{AUTH}/login", r'{"email": "\ud800@example.com", "password": "x"}'
    ),
    "NUL in a token": Odd(422, "POST", f"{AUTH}/email/verify", r'{"token": "\u0000"}'),
    "NUL in a form": Odd(
        422, "POST", f"{AUTH}/token", "username=%00&password=x", "application/x-www-form-urlencoded"
    ),
    # numbers that no JSON should hold, or no column
    "1e400": named("1e400"),
    "NaN": named("NaN"),
    "Infinity": named("Infinity"),
    "-Infinity": named("-Infinity"),
    "2**63": named("9223372036854775808"),
    "many digits": named("9" * 4300),
    "more digits than Python reads": named("9" * 5000, 400),
    "many decimals": named("0." + "9" * 100_000),
    # the shape of it
    "deep lists": named("[" * 400 + "]" * 400),
    "deep objects": named('{"a":' * 400 + "1" + "}" * 400),
    "a thousand deep": named("[" * 1000 + "]" * 1000, 413),
    "deeper than the parser goes": named("[" * 100_000 + "]" * 100_000, 413),
    "never closed": body("[" * 900),
    "never opened": body("}" * 100_000),
    "a hundred thousand fields": body(
        "{" + ",".join(f'"{number:x}":1' for number in range(20_000)) + "}", 413
    ),
    "a hundred thousand items": named("[" + "1," * 100_000 + "1]", 413),
    "the same field again and again": body("{" + '"a":1,' * 900 + '"a":1}'),
    "too many bytes": named('"' + "x" * 300_000 + '"', 413),
    "nothing": body(""),
    "null": body("null"),
    "a list": body("[]"),
    "a comma too many": body('{"display_name": "x",}'),
    "a comment": body("{} // nothing"),
    # what says it is something else
    "XML": Odd(415, "PATCH", ME, "{}", "application/xml"),
    "text": Odd(415, "PATCH", ME, "{}", "text/plain"),
    "a form": Odd(415, "PATCH", ME, "display_name=x", "application/x-www-form-urlencoded"),
    "parts without a boundary": Odd(400, "POST", f"{AUTH}/token", "x", "multipart/form-data"),
    "a thousand form fields": Odd(
        400, "POST", f"{AUTH}/token", "a=1&" * 2000, "application/x-www-form-urlencoded"
    ),
    # paths and queries
    "NUL in a path": asked(f"{USERS}/%00"),
    "no UTF-8 in a path": asked(f"{USERS}/%ff"),
    "no UTF-8 in an unknown path": asked("/%ff%00", 404),
    "NUL in a query": asked(f"{USERS}?email=%00"),
    "2**63 in a query": asked(f"{USERS}?page=9223372036854775808"),
    "many digits in a query": asked(f"{USERS}?page={'9' * 5000}"),
    "other digits in a query": asked(f"{USERS}?page=%D9%A1x"),
    "NaN in a query": asked(f"{USERS}?limit=NaN"),
    "a time out of range": asked(f"{EVENTS}?since=99999-01-01T00:00:00Z"),
    "a time as an endless number": asked(f"{EVENTS}?since=1e400"),
    "a cursor that is none": asked(f"{EVENTS}?cursor={'_' * 43}"),
    "an unknown field in a query": asked(f"{USERS}?%ff=%00"),
    "many fields in a query": asked(f"{USERS}?{'a=1&' * 10_000}", 400),
    # headers
    "a bearer that is no ASCII": headed("Authorization", b"Bearer caf\xe9"),
    "a bearer of UTF-8": headed("Authorization", "Bearer ☕.☕.☕".encode()),
    "a bearer of NUL": headed("Authorization", b"Bearer \x00"),
    "a bearer without end": headed("Authorization", b"Bearer " + b"a.b.c" * 20_000),
    "a scheme that is no ASCII": headed("Authorization", b"\xe9 x"),
    "a bearer of deep JSON": headed("Authorization", b"Bearer " + b"W1tb" * 2000 + b".e30.x"),
    "a key that is no ASCII": Odd(400, "GET", EVENTS, header=(b"X-API-Key", b"\xe9")),
    "a type that is no ASCII": Odd(415, "PATCH", ME, "{}", "application/\xe9"),
    "a length that is none": Odd(413, "PATCH", ME, "{}", header=(b"Content-Length", b"9" * 5000)),
}


@pytest.fixture
async def admin(application: FastAPI, database: Database) -> AsyncIterator[AsyncClient]:
    async with signed_in(application, await a_person(database, role=Role.ADMIN)) as client:
        yield client


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
async def test_what_is_odd_is_refused_like_any_other_mistake(admin: AsyncClient, odd: Odd) -> None:
    kind = [] if odd.body is None else [(b"Content-Type", odd.kind.encode("latin-1"))]
    headers = [*kind, *([odd.header] if odd.header else [])]
    began = perf_counter()
    answer = await admin.request(odd.method, odd.path, content=odd.body, headers=headers)

    assert answer.status_code == odd.status, answer.text
    assert perf_counter() - began < 0.5
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json().keys() >= PROBLEM
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("name", ["User-Agent", "X-Forwarded-For", "Referer", "Cookie", "Accept"])
async def test_a_header_in_latin_1_is_nobodys_fault(admin: AsyncClient, name: str) -> None:
    answer = await admin.get(ME, headers={name.encode(): b"caf\xe9 \x80\xff"})

    assert answer.status_code == 200
