"""The limiter of one process, which must not be filled by a crowd."""

from app.throttling.in_process import InProcess
from app.throttling.tiers import Tiers

ONE = Tiers.parse("1/minute")


def test_subjects_do_not_share_a_budget() -> None:
    limiter = InProcess()

    assert [limiter.charge(each, ONE).passed for each in "aabb"] == [True, False, True, False]


def test_whoever_came_longest_ago_is_forgotten_first() -> None:
    limiter = InProcess(most=2)
    for each in "abac":  # b leaves when c comes
        limiter.charge(each, ONE)

    assert [limiter.charge(each, ONE).passed for each in "ac"] == [False, False]
    assert limiter.charge("b", ONE).passed


def test_its_own_clock_lets_a_budget_come_back() -> None:
    moments = iter([0, 59_999, 120_000])
    limiter = InProcess(clock=moments.__next__)

    assert [limiter.charge("a", ONE).passed for _ in range(3)] == [True, False, True]
