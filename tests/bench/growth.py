"""Measures how the cost of a request grows with rows, workers and connections."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, cycle, islice
from pathlib import Path

from tests.bench import growth_report, run
from tests.bench.driver import Headers, asked, drive, encoded
from tests.bench.growth_report import Grown
from tests.bench.measured import API, ME, ORDERS, PAGE, PERSON, get, orders, signed_in
from tests.bench.stage import BESIDE, Server, Stage, staged
from tests.variants import interpreters
from tests.variants.rendering import render

ROWS = (10_000, 100_000, 1_000_000)
WORKERS = (1, 2, 4)
CONNECTIONS = (10, 100, 1000)
FEW = 4
"""Connections where latency is what counts, and not how many requests wait for each other."""

# Of each list's entries none lives long enough to be seen: every read is one of PostgreSQL.
UNCACHED = {"CACHE_TTL_SECONDS": "0.001"}
_DESCRIPTORS = 4096


def by_rows(stage: Stage, bearer: Headers, count: int) -> Iterator[Grown]:
    """Reads that must cost the same however many rows there are, and an order, uncached."""
    for rows in ROWS:
        print(f"{rows} rows ...", flush=True)
        email = json.loads(PERSON)["email"]
        ids = json.loads(stage.run("python", str(BESIDE / "rows.py"), str(rows), email))
        with changed(stage, UNCACHED), stage.service() as service:
            page = json.loads(asyncio.run(asked(service.port, encoded("GET", ORDERS, bearer))))
            deep = deepened(page["meta"]["next_cursor"], seconds=rows * 9 // 10)
            requests = {
                "product by id": (encoded("GET", f"{API}/products/{each}") for each in cycle(ids)),
                "first page of products": get(PAGE),
                "first page of orders": get(ORDERS, bearer),
                "deep page of orders": get(f"{ORDERS}&cursor={deep}", bearer),
                "place an order": orders(ids, bearer),
            }
            for name, each in requests.items():
                yield grown(service, Grown("rows", rows, name), each, FEW, count)
            yield Grown("rows", rows, growth_report.SLOW, asyncio.run(slow(service)))


def by_workers(stage: Stage, bearer: Headers, count: int) -> Iterator[Grown]:
    """What several processes bring on the cores that there are."""
    for workers in WORKERS:
        print(f"{workers} workers ...", flush=True)
        with stage.service("--workers", str(workers)) as service:
            requests = asyncio.run(mixed(service, bearer))
            yield grown(service, Grown("workers", workers, "a mix"), requests, 32, count)


def by_connections(stage: Stage, bearer: Headers, count: int) -> Iterator[Grown]:
    """One process, and a crowd of clients that all ask again as soon as they are answered."""
    with stage.service() as service:
        for size in CONNECTIONS:
            print(f"{size} connections ...", flush=True)
            requests = asyncio.run(mixed(service, bearer))
            yield grown(service, Grown("connections", size, "a mix"), requests, size, count)


def grown(
    service: Server, point: Grown, requests: Iterator[bytes], at_once: int, count: int
) -> Grown:
    """The best of three rounds: what else runs on the machine only ever adds."""
    asyncio.run(drive(service.port, islice(requests, count // 4), at_once))
    rounds = []
    for _ in range(3):
        since = time.perf_counter()
        taken = asyncio.run(drive(service.port, islice(requests, count), at_once))
        rate = count / (time.perf_counter() - since)
        p50, p95 = (run.percentile(taken, percent) * 1000 for percent in (50, 95))
        rounds.append(point._replace(value=p50, p95=p95, rate=rate))
    return min(rounds, key=lambda each: each.value)


async def mixed(service: Server, bearer: Headers) -> Iterator[bytes]:
    """What clients of the catalogue ask for most, from the cache as soon as it holds."""
    page = json.loads(await asked(service.port, encoded("GET", PAGE)))
    products = [encoded("GET", f"{API}/products/{each['id']}") for each in page["data"]]
    own = encoded("GET", ME, bearer)
    return chain.from_iterable((product, own, encoded("GET", PAGE)) for product in cycle(products))


async def slow(service: Server) -> float:
    """How many of the statements so far took longer than 50 ms, in per cent."""
    text = (await asked(service.port, encoded("GET", "/metrics"))).decode()
    counted = {
        edge: float(line.split()[-1])
        for line in text.splitlines()
        for edge in ("0.05", "+Inf")
        if line.startswith("db_query_seconds_bucket") and f'le="{edge}"' in line
    }
    return 100 * (1 - counted["0.05"] / counted["+Inf"])


def deepened(cursor: str, seconds: int) -> str:
    """A cursor of the same list, for rows that are so much older."""
    packed = urlsafe_b64decode(f"{cursor}=")
    micros = int.from_bytes(packed[8:16], "big") - seconds * 1_000_000
    return (
        urlsafe_b64encode(packed[:8] + micros.to_bytes(8, "big") + packed[16:]).decode().strip("=")
    )


@contextmanager
def changed(stage: Stage, settings: dict[str, str]) -> Iterator[None]:
    """For services that are started meanwhile."""
    before = stage.settings.copy()
    stage.settings.update(settings)
    try:
        yield
    finally:
        stage.settings.clear()
        stage.settings.update(before)


def allow_descriptors() -> None:
    """One for each connection, to us and to the services that we start."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has neither it nor the limit

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(_DESCRIPTORS, most), most))


def main(words: list[str]) -> int:
    """The exit code: 1 when something grows that must not."""
    parser = argparse.ArgumentParser(prog="nox -s growth --", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("bench"), help="where the files go")
    parser.add_argument("--count", type=int, default=1500, help="requests in a round")
    options = parser.parse_args(words)
    allow_descriptors()
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        project = render({}, Path(folder).resolve())
        with staged(project, interpreters.obtain()) as stage:
            with stage.service() as service:
                _, bearer = asyncio.run(signed_in(service.port))
            found = [
                *by_rows(stage, bearer, options.count),
                *by_workers(stage, bearer, 2 * options.count),
                *by_connections(stage, bearer, 2 * options.count),
            ]
    lines = growth_report.budgets(found)
    growth_report.write(options.into, found, lines)
    print(f"\n{growth_report.told(found, lines)}\n\nKept in {options.into}/")
    return int(any(line.over for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
