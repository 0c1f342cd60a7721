"""Pages of a list: what clients may ask for, what they get, and what counting may cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.text import Input

# Rows that a list reaches and counts: beyond, a page would cost more the deeper it lies.
REACH = 10_000


class PageQuery(Input):
    """`?page=1&limit=20`; a feature's query adds its filters and its `sort`."""

    page: Annotated[int, Field(ge=1, le=REACH)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = 20

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * self.limit

    @model_validator(mode="after")
    def _within_reach(self) -> Self:
        if self.page * self.limit > REACH:
            raise PydanticCustomError(
                "page_too_deep", f"page * limit must not exceed {REACH}; narrow the filters"
            )
        return self


@dataclass(frozen=True, slots=True)
class Slice[Row]:
    """What a repository gives: the rows of one page and how many match, REACH + 1 at most."""

    rows: Sequence[Row]
    matching: int


class PageMeta(BaseModel):
    """`total` is exact up to REACH; `total_capped` says that there are more."""

    page: int
    limit: int
    total: int
    total_capped: bool


class Page[Item](BaseModel):
    """The body of every page list."""

    data: Sequence[Item]
    meta: PageMeta

    @classmethod
    def of(cls, found: Slice[Item], query: PageQuery) -> Self:
        """The answer to `query`."""
        meta = PageMeta(
            page=query.page,
            limit=query.limit,
            total=min(found.matching, REACH),
            total_capped=found.matching > REACH,
        )
        return cls(data=found.rows, meta=meta)
