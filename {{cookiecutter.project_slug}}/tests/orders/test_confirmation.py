"""Whoever places an order gets a mail about it, once, and not before it stands."""

from httpx2 import AsyncClient
from sqlalchemy import select, text

from app.core.database import Database
from app.mail.models import OutgoingMessage
from app.orders.confirmation import CONFIRMATION
from tests.jobs.conftest import Worked, execute, jobs_database, worked
from tests.orders.factories import ORDERS, wanting
from tests.people import Person
from tests.products.factories import on_sale

__all__ = ["jobs_database", "worked"]  # fixtures


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
