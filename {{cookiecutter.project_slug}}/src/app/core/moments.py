"""Days and points in time that clients give, as text and within what every calendar knows."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _as_text(value: object) -> object:
    """Otherwise a number, also in quotes, would be taken for the seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and value[4:5] == "-"):
        return value
    raise PydanticCustomError("date_text", 'Input should be text such as "2026-11-20"')


def _in_utc(moment: datetime) -> datetime:
    """At the ends of the calendar the driver would fail, or take the very ends for infinity."""
    try:
        found = moment.astimezone(UTC)
    except OverflowError:
        found = _FIRST
    if not _FIRST < found < _LAST:
        raise PydanticCustomError("moment_out_of_range", "must lie in the years 1 to 9999")
    return found


Day = Annotated[date, BeforeValidator(_as_text)]
"""A date on the calendar, wherever one looks at it."""

Moment = Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(_in_utc)]
"""With an offset, so that it is the same from every place."""
