"""Orders are among what people are given, and stay behind when they are erased."""

from httpx2 import AsyncClient
from sqlalchemy import func, select

from app.core.database import Database
from app.orders.models import Order
from tests.orders.factories import place
from tests.people import Person
from tests.products.factories import on_sale

ME = "/api/v1/users/me"


async def test_people_are_given_all_their_orders_and_nobody_elses(
    hers: AsyncClient, his: AsyncClient, database: Database
) -> None:
    mug = await on_sale(database)
    await place(his, (mug, 1))
    placed = [await place(hers, (mug, 1)) for _ in range(2)]

    export = await hers.get(f"{ME}/export")

    assert export.json()["orders"] == placed[::-1]


async def test_an_erased_persons_orders_stay_and_name_nobody(
    hers: AsyncClient, ada: Person, database: Database
) -> None:
    await place(hers, (await on_sale(database), 1))

    erased = await hers.post(f"{ME}/erase", json={"password": ada.password})

    assert erased.status_code == 204
    async with database.unit_of_work() as work:
        await work.as_system()
        assert await work.session.scalar(select(func.count()).select_from(Order)) == 1
