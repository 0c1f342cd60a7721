"""A moment is understood wherever its client lives, and refused where no calendar reaches."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.moments import Day, Moment

DAY, MOMENT = TypeAdapter(Day), TypeAdapter(Moment)


def test_one_moment_is_the_same_from_every_place() -> None:
    here, there = "2026-11-20T12:00:00+02:00", "2026-11-20T10:00:00Z"

    assert MOMENT.validate_python(here).isoformat() == "2026-11-20T10:00:00+00:00"
    assert MOMENT.dump_json(MOMENT.validate_python(here)) == MOMENT.dump_json(
        MOMENT.validate_python(there)
    )


@pytest.mark.parametrize(
    "given",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:59.999999Z",
        "2026-11-20T12:00:00",
        "soon",
    ],
)
def test_a_moment_that_cannot_be_kept_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(given)


def test_a_day_is_a_day() -> None:
    assert DAY.validate_python("2026-11-20") == date(2026, 11, 20)
    assert DAY.validate_python(date(2026, 11, 20)) == date(2026, 11, 20)


@pytest.mark.parametrize("kind", [DAY, MOMENT])
@pytest.mark.parametrize("given", [0, 86400.0, "0", "86400", "-100-01-01", True, None])
def test_a_number_is_no_time(kind: TypeAdapter[object], given: object) -> None:
    with pytest.raises(ValidationError):
        kind.validate_python(given)
