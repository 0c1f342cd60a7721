from collections.abc import Sequence
from dataclasses import replace

from tests.load.gauges import Gauges
from tests.load.verdict import growth

STEADY = Gauges(memory=100_000_000, descriptors=130, postgresql=10, redis=6)


def said(samples: Sequence[Gauges]) -> list[str]:
    return list(growth(samples))


def test_a_service_that_holds_what_it_held_is_fine() -> None:
    assert said([STEADY] * 60) == []


def test_memory_that_grows_by_a_twentieth_is_told() -> None:
    later = replace(STEADY, memory=105_000_000)

    assert said([STEADY] * 30 + [later] * 30) == ["Memory grew by 5.0%."]
    assert said([STEADY] * 30 + [replace(later, memory=104_900_000)] * 30) == []


def test_one_descriptor_more_is_told() -> None:
    later = replace(STEADY, descriptors=131)

    assert said([STEADY] * 30 + [later] * 30) == [
        "There were 114 other descriptors at first, and 115 in the end."
    ]


def test_a_pool_may_open_its_last_connection_late_and_none_beyond_it() -> None:
    full, leaking = (replace(STEADY, redis=n, descriptors=124 + n) for n in (8, 9))

    assert said([STEADY] * 30 + [full] * 30) == []
    assert said([STEADY] * 30 + [leaking] * 30) == [
        "There were 9 connections to Redis, of a pool of 8."
    ]


def test_a_peak_and_the_warming_up_decide_nothing() -> None:
    cold, peak = replace(STEADY, memory=60_000_000, redis=1), replace(STEADY, descriptors=500)

    assert said([cold] * 12 + [STEADY] * 44 + [peak] * 4) == []
