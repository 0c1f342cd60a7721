"""A mail about each order that was placed, by a job: nobody waits for it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel

from app.auth.dependencies import Identified
from app.core.database import Work
from app.core.unit_of_work import UnitOfWork
from app.jobs.dependencies import queue
from app.jobs.job import Job
from app.mail.dependencies import outbox
from app.mail.messages import written
from app.orders.repository import OrderRepository
from app.orders.schemas import OrderRead
from app.users.repository import UserRepository


class Placed(BaseModel):
    """Which order, and whose."""

    order_id: UUID
    user_id: UUID


async def confirm(work: UnitOfWork, placed: Placed) -> None:
    """Queues the mail; whoever has erased the account meanwhile gets none."""
    order = await OrderRepository(work.session, placed.user_id).get(placed.order_id)
    owner = await UserRepository(work.session).get(placed.user_id)
    if order and owner:
        message = written(f"Your order {order.id}", f"Thank you. Its total is {order.total}.")
        await outbox(work.session).queue(owner.email, message)


CONFIRMATION = Job(name="orders.confirmation", arguments=Placed, run=confirm)


async def _confirm(known: Identified, work: Work) -> Callable[[OrderRead], Awaitable[None]]:
    async def later(order: OrderRead) -> None:
        placed = Placed(order_id=order.id, user_id=cast(UUID, known.id))
        await queue(work.session).add(CONFIRMATION, placed)

    return later


Confirm = Annotated[Callable[[OrderRead], Awaitable[None]], Depends(_confirm)]
