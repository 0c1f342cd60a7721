"""Lists in pages and by cursors: what clients may ask for, what they get, what counting costs."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Integer, Select, bindparam, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.text import Input

# Rows that a list reaches and counts: beyond, a page would cost more the deeper it lies.
REACH = 10_000

Limit = Annotated[int, Field(ge=1, le=100)]


class PageQuery(Input):
    """`?page=1&limit=20`; a feature's query adds its filters and its `sort`."""

    page: Annotated[int, Field(ge=1, le=REACH)] = 1
    limit: Limit = 20

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


class Dated(BaseModel):
    """The parent of what is listed by cursors, which stand on these two."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    created_at: datetime


_CURSOR = Struct(">8sq16s")  # whose list, microseconds since 1970, the row's id
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CursorQuery(Input):
    """`?limit=20&cursor=...`, newest first; a feature's query adds its filters.

    A cursor names the row after which to go on and the list that it was made for. It is not
    signed: whatever it says, the query around it is scoped by its caller.
    """

    limit: Limit = 20
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")] | None = None

    @property
    def after(self) -> tuple[datetime, UUID] | None:
        """When the row before this page was made, and which it is; None on the first page."""
        if self.cursor is None:
            return None
        _, moment, row = _unpacked(self.cursor)
        return moment, row

    @property
    def further(self) -> bool:
        """Whether it is not the first page."""
        return self.cursor is not None

    @property
    def place(self) -> dict[str, object]:
        """For the execution of what `newest_first` made."""
        moment, row = self.after or (None, None)
        return {"after_moment": moment, "after_row": row, "one_more": self.limit + 1}

    def cursor_after(self, row: Dated) -> str:
        """Leads to the rows that come after this one."""
        micros = (row.created_at - _EPOCH) // timedelta(microseconds=1)
        packed = _CURSOR.pack(self._list(), micros, row.id.bytes)
        return urlsafe_b64encode(packed).decode().rstrip("=")

    def _list(self) -> bytes:
        """Tells lists apart: by what is listed and by every filter, but not by the limit."""
        filters = self.model_dump_json(exclude={"limit", "cursor"})
        return sha256(f"{type(self).__name__}{filters}".encode()).digest()[:8]

    @model_validator(mode="after")
    def _of_this_list(self) -> Self:
        if self.cursor is None:
            return self
        try:
            made_for = _unpacked(self.cursor)[0]
        except OverflowError:  # a time that no calendar has
            made_for = b""
        if made_for != self._list():
            raise PydanticCustomError("cursor_invalid", "belongs to another list; leave it out")
        return self


def _unpacked(cursor: str) -> tuple[bytes, datetime, UUID]:
    made_for, micros, row = _CURSOR.unpack(urlsafe_b64decode(f"{cursor}="))
    return made_for, _EPOCH + timedelta(microseconds=micros), UUID(bytes=row)


class CursorMeta(BaseModel):
    """`next_cursor` is null on the last page."""

    limit: int
    next_cursor: str | None


class CursorPage[Item: Dated](BaseModel):
    """The body of every cursor list."""

    data: list[Item]  # of any Sequence, pydantic serialises each item in Python
    meta: CursorMeta

    @classmethod
    def of(cls, rows: Sequence[Item], query: CursorQuery) -> Self:
        """The answer to `query`; `rows` are what `newest_first` found."""
        data = list(rows[: query.limit])
        goes_on = len(rows) > query.limit
        next_cursor = query.cursor_after(data[-1]) if goes_on else None
        return cls(data=data, meta=CursorMeta(limit=query.limit, next_cursor=next_cursor))


def newest_first[*Row](
    statement: Select[*Row],
    keys: tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[UUID]],
    *,
    further: bool,
) -> Select[*Row]:
    """The page of `statement` by (created_at, id), and one row more when the list goes on.

    The first or a `further` one; which, and how long, says the `place` of the query.
    """
    if further:
        moment, row = keys
        after = bindparam("after_moment", type_=moment.type), bindparam("after_row", type_=row.type)
        statement = statement.where(tuple_(*keys) < tuple_(*after))
    newest = statement.order_by(*(key.desc() for key in keys))
    return newest.limit(bindparam("one_more", type_=Integer))
