"""The queries of orders: what they cost, whose rows they see, what the database forbids."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound

from app.core.database import Database
from app.core.pagination import Dated
from app.orders.models import Order, OrderLine, OrderStatus
from app.orders.repository import OrderRepository
from app.orders.schemas import LineRead, OrderQuery, OrderRead
from app.products.schemas import ProductRead
from tests.orders.owners import Unscoped, add_many, orders_of, working_for
from tests.people import Person, a_person
from tests.products.factories import on_sale
from tests.queries import plan, statements

PRICE = Decimal("9.90")


def line(product: ProductRead, quantity: int = 1) -> LineRead:
    return LineRead(
        product_id=product.id, sku=product.sku, quantity=quantity, unit_price=product.price
    )


async def add(database: Database, owner: UUID, *products: ProductRead) -> OrderRead:
    async with orders_of(database, owner) as orders:
        return await orders.add(PRICE * len(products), [line(each) for each in products])


@pytest.fixture
async def bob(database: Database) -> Person:
    return await a_person(database)


async def test_an_order_is_kept_in_two_statements_however_many_lines(
    database: Database, ada: Person
) -> None:
    products = [await on_sale(database) for _ in range(3)]
    with statements(database) as seen:
        made = await add(database, ada.id, *products[::-1])
    with statements(database) as looked:
        async with orders_of(database, ada.id) as orders:
            found = await orders.get(made.id)

    assert len(seen) == 2
    assert len(looked) == 1
    assert found == made
    assert [item.sku for item in made.items] == [each.sku for each in products[::-1]]


async def test_lines_come_in_the_sequence_of_their_positions(
    database: Database, ada: Person
) -> None:
    made = await add(database, ada.id, *[await on_sale(database) for _ in range(3)])
    async with working_for(database, ada.id) as work:
        await work.session.execute(update(OrderLine).values(position=2 - OrderLine.position))

    async with orders_of(database, ada.id) as orders:
        found = await orders.get(made.id)

    assert found is not None
    assert found.items == made.items[::-1]


async def test_a_page_of_orders_with_their_lines_costs_one_statement(
    database: Database, ada: Person
) -> None:
    products = [await on_sale(database) for _ in range(3)]
    made = [await add(database, ada.id, *products) for _ in range(3)]

    with statements(database) as seen:
        async with orders_of(database, ada.id) as orders:
            found = await orders.page(OrderQuery(limit=1))

    assert len(seen) == 1
    assert found == [made[2], made[1]]


async def test_a_status_tells_orders_apart(database: Database, ada: Person) -> None:
    mug = await on_sale(database)
    kept, gone = await add(database, ada.id, mug), await add(database, ada.id, mug)
    async with orders_of(database, ada.id) as orders:
        gone = await orders.cancel(gone)

        assert await orders.page(OrderQuery(status=OrderStatus.PLACED)) == [kept]
        assert await orders.page(OrderQuery(status=OrderStatus.CANCELLED)) == [gone]
        assert await orders.page(OrderQuery()) == await orders.all() == [gone, kept]


@pytest.mark.parametrize(
    ("status", "index"),
    [(None, "ix_orders_user_id"), (OrderStatus.CANCELLED, "ix_orders_user_id_status")],
)
@pytest.mark.parametrize("kind", [OrderRepository, Unscoped])
async def test_the_deepest_page_reads_an_index_from_its_row_on(
    database: Database,
    ada: Person,
    status: OrderStatus | None,
    index: str,
    kind: type[OrderRepository],
) -> None:
    await add_many(database, ada.id, await on_sale(database), 3000)
    async with working_for(database, ada.id) as work:
        deep = select(Order.id, Order.created_at).order_by(Order.created_at).limit(1).offset(90)
        row = (await work.session.execute(deep)).one()
        first = OrderQuery(status=status)
        query = OrderQuery(status=status, cursor=first.cursor_after(Dated.model_validate(row)))
        with statements(database) as seen:
            found = await kind(work.session, ada.id).page(query)

        used = await plan(work.session, *seen[0])

    assert len(found) == 21
    assert f"{index} " in used
    assert "Sort" not in used.partition("order_lines")[2]


async def test_an_identifier_finds_its_order_and_the_lines_by_keys(
    database: Database, ada: Person
) -> None:
    await add_many(database, ada.id, await on_sale(database), 3000)
    async with working_for(database, ada.id) as work:
        with statements(database) as seen:
            await OrderRepository(work.session, ada.id).get(uuid4())

        used = await plan(work.session, *seen[0])

    assert "uq_orders_id_user_id " in used or "pk_orders " in used
    assert "Index Scan using pk_order_lines " in used


@pytest.mark.parametrize("kind", [OrderRepository, Unscoped])
async def test_nobody_sees_or_changes_somebody_elses_order(
    database: Database, ada: Person, bob: Person, kind: type[OrderRepository]
) -> None:
    made = await add(database, ada.id, await on_sale(database))

    async with working_for(database, bob.id) as work:
        his = kind(work.session, bob.id)
        assert await his.get(made.id) is None
        assert await his.lock(made.id) is None
        assert await his.page(OrderQuery()) == await his.all() == []
        changed = await work.session.execute(update(Order).values(version=9).returning(Order.id))
        assert changed.all() == []

    async with orders_of(database, ada.id) as hers:
        assert await hers.all() == [made]


async def test_the_queries_alone_keep_to_their_owner_too(
    database: Database, ada: Person, bob: Person
) -> None:
    made = await add(database, ada.id, await on_sale(database))

    async with database.unit_of_work() as work:
        await work.as_system()  # whom row-level security shows every row
        his = OrderRepository(work.session, bob.id)
        assert await his.get(made.id) is None
        assert await his.lock(made.id) is None
        assert await his.page(OrderQuery()) == await his.all() == []
        with pytest.raises(NoResultFound):
            await his.cancel(made)


async def test_whoever_is_nobody_sees_no_order_and_the_system_sees_all(
    database: Database, ada: Person, bob: Person
) -> None:
    mug = await on_sale(database)
    made = {(await add(database, owner, mug)).id for owner in (ada.id, bob.id)}

    async with working_for(database, None) as work:
        assert (await work.session.scalars(select(OrderLine.order_id))).all() == []
        await work.as_system()
        assert set(await work.session.scalars(select(OrderLine.order_id))) == made


async def test_nobody_can_order_in_somebody_elses_name(
    database: Database, ada: Person, bob: Person
) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with working_for(database, bob.id) as work:
            await OrderRepository(work.session, ada.id).add(PRICE, [])


async def test_a_line_belongs_to_the_owner_of_its_order(
    database: Database, ada: Person, bob: Person
) -> None:
    """Foreign keys see every row, so a policy alone would let a line into a foreign order."""
    mug = await on_sale(database)
    made = await add(database, ada.id, await on_sale(database))
    foreign = line(mug).model_dump() | {"order_id": made.id, "user_id": bob.id, "position": 1}

    with pytest.raises(IntegrityError, match="fk_order_lines_order_id_user_id_orders"):
        async with working_for(database, bob.id) as work:
            await work.session.execute(insert(OrderLine).values(foreign))


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE orders SET status = 'lost'", "ck_orders_status_known"),
        ("UPDATE orders SET total = -1", "ck_orders_total_not_negative"),
        ("UPDATE order_lines SET quantity = 0", "ck_order_lines_quantity_positive"),
        ("UPDATE order_lines SET unit_price = -1", "ck_order_lines_unit_price_not_negative"),
        ("INSERT INTO order_lines SELECT * FROM order_lines", "pk_order_lines"),
    ],
)
async def test_the_database_refuses_what_no_schema_saw(
    database: Database, ada: Person, statement: str, constraint: str
) -> None:
    await add(database, ada.id, await on_sale(database))

    with pytest.raises(IntegrityError, match=constraint):
        async with working_for(database, ada.id) as work:
            await work.session.execute(text(statement))


async def test_the_dearest_order_has_room(database: Database, ada: Person) -> None:
    total = Decimal("9999999999.99") * 1000 * 50
    async with orders_of(database, ada.id) as orders:
        made = await orders.add(total, [line(await on_sale(database))])

    assert made.total == total
    assert made.model_dump(mode="json")["total"] == "499999999999500.00"
