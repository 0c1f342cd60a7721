"""Pages within reach, and totals that stop counting."""

import pytest
from pydantic import ValidationError

from app.core.pagination import REACH, Page, PageQuery, Slice


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
