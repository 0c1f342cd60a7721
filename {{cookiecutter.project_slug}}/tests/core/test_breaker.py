"""The breaker, with a clock that stands still until it is told."""

import pytest

from app.core.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock=clock)


def open_it(breaker: Breaker) -> None:
    assert [breaker.failed() for _ in range(3)] == [False, False, True]


def test_it_opens_after_three_failures_in_a_row(breaker: Breaker) -> None:
    open_it(breaker)

    assert breaker.is_open
    assert not breaker.lets_in()


def test_a_success_in_between_starts_the_count_anew(breaker: Breaker) -> None:
    for outcome in (breaker.failed, breaker.failed, breaker.succeeded, breaker.failed):
        assert not outcome()

    assert not breaker.is_open
    assert breaker.lets_in()


def test_after_a_second_it_lets_one_trial_in_at_a_time(breaker: Breaker, clock: Clock) -> None:
    open_it(breaker)
    clock.now += 0.99
    assert not breaker.lets_in()

    clock.now += 0.01
    assert [breaker.lets_in() for _ in range(3)] == [True, False, False]


def test_a_trial_that_succeeds_closes_it(breaker: Breaker, clock: Clock) -> None:
    open_it(breaker)
    clock.now += 1
    assert breaker.lets_in()

    assert breaker.succeeded()
    assert not breaker.is_open
    assert breaker.lets_in()
    assert not breaker.failed(), "one failure is not yet three"


def test_a_trial_that_fails_or_never_tells_is_followed_by_the_next_a_second_later(
    breaker: Breaker, clock: Clock
) -> None:
    open_it(breaker)
    for tells in (True, False, True):
        clock.now += 1
        assert breaker.lets_in()
        if tells:
            assert not breaker.failed(), "it was open already"
        assert not breaker.lets_in()


def test_whoever_wants_to_know_is_told_once_each_time_it_opens(
    breaker: Breaker, clock: Clock
) -> None:
    told: list[bool] = []
    breaker.opened.append(lambda: told.append(breaker.is_open))
    open_it(breaker)
    breaker.failed()
    assert told == [True]

    breaker.succeeded()
    open_it(breaker)
    assert told == [True, True]
