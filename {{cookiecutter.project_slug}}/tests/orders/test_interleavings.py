"""Whatever people do at once in one shop, nothing is lost and nothing is doubled."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import ClassVar, Protocol

import pytest
from fastapi import FastAPI
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.core.cache import Cache
from app.core.database import Database
from app.core.redis import Redis
from app.gate.gate import Gate
from app.main import create_app
from app.throttling.limiter import Limiter
from tests.effort import tries
from tests.orders.shop import Attempt, Shop, opened

pytestmark = pytest.mark.system

CUSTOMERS, PRODUCTS, STOCK = 2, 3, 4


class Action(Protocol):
    """One of those that happen at once; `sent` is what was sent in the steps before."""

    async def happen(self, shop: Shop, sent: list[Attempt]) -> None: ...


@dataclass(frozen=True)
class Place:
    customer: int
    wanted: dict[int, int]

    async def happen(self, shop: Shop, sent: list[Attempt]) -> None:
        products = list(shop.supplied)
        lines = {products[which]: number for which, number in self.wanted.items()}
        attempt = Attempt(shop.customers[self.customer], lines)
        shop.attempts.append(attempt)
        await shop.send(attempt)


@dataclass(frozen=True)
class Retry:
    which: int
    times: int

    async def happen(self, shop: Shop, sent: list[Attempt]) -> None:
        again = sent[self.which : self.which + 1] * self.times
        await asyncio.gather(*[shop.send(attempt) for attempt in again])


@dataclass(frozen=True)
class Cancel:
    which: int
    times: int

    async def happen(self, shop: Shop, sent: list[Attempt]) -> None:
        again = sent[self.which : self.which + 1] * self.times
        await asyncio.gather(*[shop.cancel(attempt) for attempt in again])


@dataclass(frozen=True)
class Restock:
    product: int
    by: int

    async def happen(self, shop: Shop, sent: list[Attempt]) -> None:
        await shop.restock(list(shop.supplied)[self.product], self.by)


few = st.integers(1, 3)
products = st.integers(0, PRODUCTS - 1)
earlier = st.integers(0, 9)
actions: st.SearchStrategy[Action] = st.one_of(
    st.builds(Place, st.integers(0, CUSTOMERS - 1), st.dictionaries(products, few, min_size=1)),
    st.builds(Retry, earlier, few),
    st.builds(Cancel, earlier, few),
    st.builds(Restock, products, few),
)


class Interleavings(RuleBasedStateMachine):
    """Each step is a handful of actions on as many connections."""

    runner: ClassVar[asyncio.Runner]
    application: ClassVar[FastAPI]

    def __init__(self) -> None:
        super().__init__()
        self._stack = AsyncExitStack()
        shop = opened(self.application, customers=CUSTOMERS, products=PRODUCTS, stock=STOCK)
        self.shop = self.runner.run(self._stack.enter_async_context(shop))

    @rule(together=st.lists(actions, min_size=2, max_size=5))
    def at_once(self, together: list[Action]) -> None:
        async def happen() -> None:
            sent = list(self.shop.attempts)
            await asyncio.gather(*[each.happen(self.shop, sent) for each in together])

        self.runner.run(happen())

    @invariant()
    def the_books_agree_with_what_everybody_was_told(self) -> None:
        books = self.runner.run(self.shop.books())
        told = [attempt.told for attempt in self.shop.attempts]
        cancelled = {order for order, is_now in books.orders.items() if is_now == "cancelled"}

        assert {each: books.stock[each] + books.sold[each] for each in books.stock} == (
            self.shop.supplied
        )
        assert all(len(orders) <= 1 for orders in told)
        assert books.orders.keys() == {order for orders in told for order in orders}
        assert sorted(cancelled) == sorted(self.shop.cancelled)

    def teardown(self) -> None:
        self.runner.run(self._stack.aclose())


@pytest.mark.usefixtures("application", "database")  # its settings; and it clears the tables
def test_stock_and_orders_always_add_up(address: str) -> None:
    class Here(Interleavings):
        runner = asyncio.Runner()
        application = create_app()

    state = Here.application.state
    redis = Redis(None)
    state.database, state.cache = Database(address), Cache(redis)
    state.gate = Gate(state.database, redis, state.cache, Limiter(redis))
    with Here.runner:
        run_state_machine_as_test(
            Here,
            # Not shrunk: what happens at once seldom happens the same way again.
            settings=settings(
                max_examples=tries(30),
                stateful_step_count=10,
                deadline=None,
                phases=[Phase.generate],
            ),
        )
        Here.runner.run(state.database.engine.dispose())
