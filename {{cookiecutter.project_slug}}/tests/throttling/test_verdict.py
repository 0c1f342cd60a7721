"""What the headers promise is what happens."""

import re

import pytest
from hypothesis import given

from app.throttling.tiers import Tiers
from app.throttling.verdict import Verdict, verdict
from app.throttling.window import Outcome, Window
from tests.throttling import arrivals
from tests.throttling.arrivals import START
from tests.throttling.model import Model
from tests.throttling.test_window import in_process

TIERS = Tiers.parse("3/second;20/10seconds;100/minute")


def ratelimit(told: Verdict) -> tuple[str, int, int]:
    found = re.fullmatch(r'"(.+)";r=(\d+);t=(\d+)', dict(told.headers)[b"ratelimit"].decode())
    assert found
    return found[1], int(found[2]), int(found[3])


@given(tiers=arrivals.tiers, moments=arrivals.moments)
def test_retry_after_is_the_first_second_at_which_a_request_passes(
    tiers: Tiers, moments: list[int]
) -> None:
    model = Model(tiers)
    for now, outcome in zip(moments, in_process(tiers, moments), strict=True):
        told = verdict(tiers, outcome)

        if model.charge(now):
            assert told.retry_after == 0
            assert b"retry-after" not in dict(told.headers)
        else:
            assert model.passes(now + 1000 * told.retry_after)
            assert not model.passes(now + 1000 * (told.retry_after - 1))
            assert dict(told.headers)[b"retry-after"] == b"%d" % told.retry_after


@given(tiers=arrivals.tiers, moments=arrivals.moments)
def test_so_many_more_requests_pass_now_and_one_more_after_so_many_seconds(
    tiers: Tiers, moments: list[int]
) -> None:
    model = Model(tiers)
    for now, outcome in zip(moments, in_process(tiers, moments), strict=True):
        _, remaining, seconds = ratelimit(verdict(tiers, outcome))
        model.charge(now)

        assert model.room(now) == remaining
        assert model.room(now + 1000 * seconds) > remaining
        assert model.room(now + 1000 * (seconds - 1)) <= remaining


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        ([(START, 1, 0), (START, 1, 0), (START, 1, 0)], ("3/second", 2, 2)),
        ([(START, 1, 0), (START, 19, 0), (START, 50, 0)], ("20/10seconds", 1, 11)),
        ([(START, 1, 0), (START, 20, 0), (START, 100, 0)], ("100/minute", 0, 61)),
    ],
)
def test_the_tier_that_is_told_of_is_nearest_to_its_limit_and_stays_so_longest(
    windows: list[tuple[int, int, int]], told: tuple[str, int, int]
) -> None:
    outcome = Outcome(passed=True, now=START, windows=[Window(*each) for each in windows])

    assert ratelimit(verdict(TIERS, outcome)) == told


def test_every_limit_is_listed_under_the_name_it_has_in_the_settings() -> None:
    outcome = Outcome(passed=True, now=START, windows=[Window(START, 1, 0)] * 3)

    assert dict(verdict(TIERS, outcome).headers)[b"ratelimit-policy"] == (
        b'"3/second";q=3;w=1, "20/10seconds";q=20;w=10, "100/minute";q=100;w=60'
    )


def test_after_limits_were_lowered_nobody_is_told_of_less_than_nothing() -> None:
    lowered = Tiers.parse("3/second")
    outcome = Outcome(passed=False, now=START, windows=[Window(START, 30, 0)])

    assert ratelimit(verdict(lowered, outcome)) == ("3/second", 0, 2)
