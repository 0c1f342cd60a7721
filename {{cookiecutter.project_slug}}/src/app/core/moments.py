"""Points in time that clients give: with an offset, and within what every calendar knows."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError


def _in_utc(moment: datetime) -> datetime:
    """At the ends of the calendar the driver could not convert it either, and would fail."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError(
            "moment_out_of_range", "must lie in the years 1 to 9999"
        ) from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
