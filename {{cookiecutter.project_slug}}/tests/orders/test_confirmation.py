"""Whoever places an order gets a mail about it, once, and not before it stands."""

import asyncio
import json
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from sqlalchemy import select, text

from app.core.database import Database
from app.core.migrations import ROOT
from app.mail.models import OutgoingMessage
from app.orders.confirmation import CONFIRMATION
from tests.conftest import JWT_KEY
from tests.jobs.conftest import Worked, execute, jobs_database, worked
from tests.orders.factories import ORDERS, wanting
from tests.people import Person, signed_in
from tests.products.factories import on_sale
from tests.system.collector import collecting
from tests.system.processes import APP, free_port, ready, running, within

__all__ = ["jobs_database", "worked"]  # fixtures

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def mails(database: Database) -> list[tuple[str, str]]:
    async with database.reading() as session:
        rows = await session.execute(select(OutgoingMessage.recipient, OutgoingMessage.text))
        return [(row.recipient, row.text) for row in rows]


async def place(database: Database, client: AsyncClient, quantity: int = 1) -> int:
    cap = await on_sale(database, stock=3)
    answer = await client.post(ORDERS, json=wanting((cap.id, quantity)))
    return answer.status_code


async def queued(database: Database) -> list[str]:
    async with database.reading() as session:
        rows = await session.scalars(text("SELECT args ->> 'origin' FROM procrastinate_jobs"))
        return list(rows)


async def test_an_order_is_confirmed_once(
    jobs_database: Database, hers: AsyncClient, ada: Person, worked: Worked
) -> None:
    hers.headers["X-Request-ID"] = "seven"
    assert await place(jobs_database, hers) == 201
    assert await mails(jobs_database) == []
    assert [origin for origin in await queued(jobs_database) if '"seven"' in origin]

    for _ in range(2):
        await worked(CONFIRMATION)

    [(recipient, words)] = await mails(jobs_database)
    assert recipient == ada.email
    assert "Its total is" in words


async def test_an_order_that_is_refused_is_not_confirmed(
    jobs_database: Database, hers: AsyncClient
) -> None:
    assert await place(jobs_database, hers, quantity=4) == 409
    assert await queued(jobs_database) == []


async def test_whoever_has_erased_the_account_gets_no_mail(
    jobs_database: Database, hers: AsyncClient, worked: Worked
) -> None:
    assert await place(jobs_database, hers) == 201
    await execute(jobs_database, "UPDATE users SET erased_at = now()")

    await worked(CONFIRMATION)

    assert await mails(jobs_database) == []
    assert await queued(jobs_database) == []


@pytest.mark.system
async def test_the_trace_of_a_request_goes_on_in_its_job(
    application: FastAPI,
    jobs_database: Database,
    servers: dict[str, str],
    ada: Person,
    tmp_path: Path,
) -> None:
    """From a client's header through the service and the queue to a worker's span and log line."""
    cap = await on_sale(jobs_database)
    async with signed_in(application, ada) as client:
        headers = {**client.headers, "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    port = free_port()
    with collecting() as collector:
        settings = {
            **servers,
            "JWT_KEYS": json.dumps([JWT_KEY]),
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "50",
        }
        with (
            running(
                [*APP, "serve", f"--port={port}"], ROOT, tmp_path / "served", **settings
            ) as api,
            running([*APP, "worker"], ROOT, tmp_path / "worked", **settings) as worker,
        ):
            await asyncio.to_thread(ready, api, port)
            async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                body = wanting((cap.id, 1))
                answer = await client.post(ORDERS, json=body, headers=headers)
            assert answer.status_code == 201, answer.text

            def spans() -> list[Span]:
                return [span for span in collector.spans if span.name == "job orders.confirmation"]

            assert await asyncio.to_thread(within, lambda: bool(spans())), worker.said()
            told = [json.loads(line) for line in worker.said().splitlines() if line[0] == "{"]

    [span] = spans()
    [line] = [line for line in told if line.get("job") == "orders.confirmation"]
    assert (span.trace_id.hex(), line["trace_id"]) == (TRACE, TRACE)
    assert line["span_id"] == span.span_id.hex()
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert len(await mails(jobs_database)) == 1
