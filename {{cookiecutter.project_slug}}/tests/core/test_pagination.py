"""Pages within reach, totals that stop counting, and cursors that fit one list only."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.core.pagination import REACH, CursorPage, CursorQuery, Dated, Page, PageQuery, Slice

MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_page_knows_how_many_rows_come_before_it() -> None:
    assert PageQuery().offset == 0
    assert PageQuery(page=3, limit=20).offset == 40


def test_the_last_row_within_reach_can_be_asked_for_and_the_next_cannot() -> None:
    assert PageQuery(page=100, limit=100).offset == REACH - 100
    with pytest.raises(ValidationError, match="narrow the filters"):
        PageQuery(page=101, limit=100)


@pytest.mark.parametrize(
    ("matching", "total", "capped"),
    [(0, 0, False), (REACH, REACH, False), (REACH + 1, REACH, True)],
)
def test_a_total_is_exact_until_it_is_capped(matching: int, total: int, *, capped: bool) -> None:
    meta = Page[int].of(Slice([1, 2], matching), PageQuery()).meta

    assert (meta.total, meta.total_capped) == (total, capped)


class ThingQuery(CursorQuery):
    colour: str | None = None


class OtherQuery(CursorQuery):
    colour: str | None = None


def thing(number: int) -> Dated:
    return Dated(id=UUID(int=number), created_at=MOMENT + timedelta(microseconds=number))


def test_a_cursor_leads_to_just_after_the_row_it_was_made_of() -> None:
    cursor = ThingQuery().cursor_after(thing(7))

    assert ThingQuery().after is None
    assert ThingQuery(cursor=cursor).after == (thing(7).created_at, thing(7).id)


def test_a_cursor_survives_another_limit_but_no_other_filter_and_no_other_list() -> None:
    cursor = ThingQuery(colour="red").cursor_after(thing(7))

    assert ThingQuery(colour="red", limit=50, cursor=cursor).after
    for query, colour in ((ThingQuery, "blue"), (ThingQuery, None), (OtherQuery, "red")):
        with pytest.raises(ValidationError, match="belongs to another list"):
            query(colour=colour, cursor=cursor)


def changed(cursor: str, micros: int) -> str:
    """The same list, another time."""
    packed = bytearray(urlsafe_b64decode(f"{cursor}="))
    packed[8:16] = micros.to_bytes(8, "big", signed=True)
    return urlsafe_b64encode(packed).decode().rstrip("=")


@pytest.mark.parametrize("micros", [2**63 - 1, -(2**63)])
def test_a_cursor_to_a_time_that_no_calendar_has_is_refused(micros: int) -> None:
    cursor = ThingQuery().cursor_after(thing(7))

    assert ThingQuery(cursor=changed(cursor, 0)).after
    with pytest.raises(ValidationError, match="belongs to another list"):
        ThingQuery(cursor=changed(cursor, micros))


@pytest.mark.parametrize("cursor", ["", "x", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "\n"])
def test_a_cursor_that_does_not_parse_is_refused(cursor: str) -> None:
    with pytest.raises(ValidationError, match="String should match"):
        ThingQuery(cursor=cursor)


@pytest.mark.parametrize(("rows", "goes_on"), [(0, False), (2, False), (3, True)])
def test_a_list_goes_on_while_there_is_one_row_more(rows: int, *, goes_on: bool) -> None:
    query = ThingQuery(limit=2)
    page = CursorPage[Dated].of([thing(number) for number in range(rows)], query)

    assert len(page.data) == min(rows, 2)
    assert page.meta.limit == 2
    assert (page.meta.next_cursor is not None) is goes_on
    if page.meta.next_cursor:
        after = ThingQuery(cursor=page.meta.next_cursor).after
        assert after == (thing(1).created_at, thing(1).id)
