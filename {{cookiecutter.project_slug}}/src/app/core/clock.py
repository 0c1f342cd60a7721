"""The one place that reads the time, so that tests can set it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, aware and in UTC, as the whole service speaks it."""
    return datetime.now(UTC)
