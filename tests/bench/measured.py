"""What is measured: requests, each with its limit, and how many times that it may cost."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice, repeat
from typing import NamedTuple

from tests.bench.driver import NO_HEADERS, Headers, asked, encoded
from tests.bench.stage import Server

API = "/api/v1"
PERSON = b'{"email": "bench@example.com", "password": "a quite long and dull password"}'
ME = f"{API}/users/me"
PAGE = f"{API}/products?limit=20"
ORDERS = f"{API}/orders?limit=20"


@dataclass(frozen=True)
class Measured:
    """A request to the service, one to the limit apps, and the ratio that is allowed."""

    name: str
    requests: Iterator[bytes]
    limit: str
    least: Iterator[bytes]
    at_most: float


class Prepared(NamedTuple):
    """What is measured beside a limit, and what is only there to be compared with."""

    beside_limits: list[Measured]
    alone: dict[str, Iterator[bytes]]
    settle: Callable[[], object]
    """Has PostgreSQL look at what it holds after the warm-up: it would do so itself within a
    minute, and plan for empty tables until then."""


async def prepared(service: Server, limits: Server, settle: Callable[[], object]) -> Prepared:
    """Signs somebody up and in, places the orders of the list, and gives what is measured."""
    person, bearer = await signed_in(service.port)
    page = await asked(service.port, encoded("GET", PAGE))
    products = [product["id"] for product in json.loads(page)["data"]]
    one = f"{API}/products/{products[0]}"
    await asked(limits.port, encoded("PUT", "/redis/page", content=page))
    content = await asked(service.port, encoded("GET", one))
    await asked(limits.port, encoded("PUT", "/redis/product", content=content))
    placing = orders(products, bearer)
    for order in islice(placing, 20):
        await asked(service.port, order)
    token = json.loads(await asked(limits.port, encoded("GET", f"/token/{person}")))
    row = ("JWT + ORM row", get("/me", {"Authorization": f"Bearer {token}"}))
    beside = [
        Measured("cached product", get(one), "Redis bytes", get("/redis/product"), 1.6),
        Measured("current user", get(ME, bearer), *row, 0.40),
        Measured("cached product, signed in", get(one, bearer), *row, 0.35),
        Measured("page of 20, cached", get(PAGE), "Redis bytes", get("/redis/page"), 1.7),
        Measured("list of 20 orders", get(ORDERS, bearer), *row, 1.6),
        Measured("place an order", placing, *row, 4.0),
    ]
    alone = {"bare route": get("/bare"), "asyncpg row": get(f"/row/{person}")}
    return Prepared(beside, alone, settle)


def get(path: str, headers: Headers = NO_HEADERS) -> Iterator[bytes]:
    """The same request for ever."""
    return repeat(encoded("GET", path, headers))


def orders(products: list[str], bearer: Headers) -> Iterator[bytes]:
    """One order after the other, of one product after the other, each with a key of its own."""
    for product in cycle(products):
        body = json.dumps({"items": [{"product_id": product, "quantity": 1}]}).encode()
        key = {"Idempotency-Key": uuid.uuid4().hex}
        yield encoded("POST", f"{API}/orders", {**bearer, **key}, body)


def logins() -> Iterator[bytes]:
    """The same login for ever."""
    return repeat(encoded("POST", f"{API}/auth/login", content=PERSON))


async def signed_in(port: int) -> tuple[str, Headers]:
    """The id of somebody new, and the header that they show."""
    person = await asked(port, encoded("POST", f"{API}/auth/register", content=PERSON))
    tokens = json.loads(await asked(port, next(logins())))
    return json.loads(person)["id"], {"Authorization": f"Bearer {tokens['access_token']}"}
