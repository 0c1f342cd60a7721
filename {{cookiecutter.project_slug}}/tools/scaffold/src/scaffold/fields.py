"""The types that a field may have: how each is stored, checked, sampled and asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST_STRING = 10_000
LONGEST_KEY = 500
"""Characters, of up to four bytes: an index of PostgreSQL takes 2700 bytes of a row."""


@dataclass(frozen=True)
class Kind:
    """A type, in the words of the code that is written.

    `annotation` is the model's, `column` what stands in `mapped_column()` and `revision` the same
    for Alembic; `body` is what a request may say, `read` what an answer says, `query` what may
    stand behind a `?`, nothing where no index could help. Then come values, as JSON is spelled in
    Python: `sample`, `other`, and `fresh`, which is never the same for another `number`; `wrong`
    ones, and the last that are right, `edges`.
    """

    annotation: str
    column: str
    revision: str
    body: str
    read: str
    query: str
    sample: str
    other: str
    fresh: str
    wrong: Sequence[str]
    edges: Sequence[str]


def string(name: str, length: int) -> Kind:
    """Text of at least one character."""
    label = name.replace("_", "-")
    other = "another" if label.startswith("o") else "other"
    numbered = f'f"{label}-' + '{number}"'
    body = f"Annotated[Text, Field(min_length=1, max_length={length:_})]"
    return Kind(
        annotation="str",
        column=f"String({length:_})",
        revision=f"sa.String({length:_})",
        body=body,
        read="str",
        query=body if length <= LONGEST_KEY else "",
        sample=f'"{label[:length]}"',
        other=f'"{other[:length]}"',
        fresh=numbered if length > len(label) + 6 else f"str(number % {10 ** min(length, 6):_})",
        wrong=('""', f'"x" * {length + 1:_}', r'"\x00"', "1"),
        edges=('"x"', f'"x" * {length:_}'),
    )


def choice(enumeration: str, values: Sequence[str]) -> Kind:
    """One of at least two words; `enumeration` is the model's class of them."""
    length = max(16, *map(len, values))
    return Kind(
        annotation="str",
        column=f"String({length})",
        revision=f"sa.String({length})",
        body=enumeration,
        read=enumeration,
        query=enumeration,
        sample=f'"{values[0]}"',
        other=f'"{values[1]}"',
        fresh="",
        wrong=('""', f'"{max(values, key=len)}x"', "1"),
        edges=[f'"{value}"' for value in values],
    )


_INTEGERS = "Field(ge=-2_147_483_648, le=2_147_483_647)"
_INT = Kind(
    annotation="int",
    column="",
    revision="sa.Integer()",
    body=f"Annotated[int, {_INTEGERS}, WHOLE]",
    read="int",
    query=f"Annotated[int, {_INTEGERS}]",
    sample="1",
    other="2",
    fresh="number",
    wrong=("2**31", "-(2**31) - 1", "1.5", '"5"', "True"),
    edges=("-(2**31)", "2**31 - 1"),
)
_DECIMAL = Kind(
    annotation="Decimal",
    column="Numeric(12, 2)",
    revision="sa.Numeric(12, 2)",
    body="Money",
    read="Amount",
    query="Money",
    sample='"9.90"',
    other='"1.00"',
    fresh='f"{number}.50"',
    wrong=('"-1"', '"1.999"', '"1e3"', '"NaN"', '"99999999999"', "9.9"),
    edges=('"0.00"', '"9999999999.99"'),
)
_BOOL = Kind(
    annotation="bool",
    column="",
    revision="sa.Boolean()",
    body="StrictBool",
    read="bool",
    query="bool",
    sample="False",
    other="True",
    fresh="",
    wrong=('"true"', "1"),
    edges=("True", "False"),
)
_DATE = Kind(
    annotation="date",
    column="",
    revision="sa.Date()",
    body="Day",
    read="date",
    query="Day",
    sample='"2026-11-20"',
    other='"2027-01-31"',
    fresh="str(date.fromordinal(730_000 + number))",
    wrong=('"2026-02-30"', '"20.11.2026"', "0"),
    edges=('"0001-01-01"', '"9999-12-31"'),
)
_DATETIME = Kind(
    annotation="datetime",
    column="DateTime(timezone=True)",
    revision="sa.DateTime(timezone=True)",
    body="Moment",
    read="datetime",
    query="Moment",
    sample='"2026-11-20T12:00:00Z"',
    other='"2027-01-31T12:00:00Z"',
    fresh='f"{2000 + number}-11-20T12:00:00Z"',
    wrong=('"2026-11-20T12:00:00"', '"soon"', "0"),
    edges=('"0001-01-01T00:00:00.000001Z"', '"9999-12-31T23:59:59.999998Z"'),
)
_UUID = Kind(
    annotation="UUID",
    column="",
    revision="sa.Uuid()",
    body="UUID",
    read="UUID",
    query="UUID",
    sample="str(UUID(int=1))",
    other="str(UUID(int=2))",
    fresh="str(UUID(int=number))",
    wrong=('"1"', "1"),
    edges=("str(UUID(int=0))",),
)
_JSON = Kind(
    annotation="dict[str, Any]",
    column="JSONB",
    revision="postgresql.JSONB()",
    body="JsonObject",
    read="JsonObject",
    query="",
    sample='{"of": "any shape"}',
    other='{"of": ["another", 1.5, None]}',
    fresh="",
    wrong=('"text"', "[]", r'{"a": "\x00"}'),
    edges=("{}",),
)
PLAIN: Mapping[str, Kind] = {
    "int": _INT,
    "decimal": _DECIMAL,
    "bool": _BOOL,
    "date": _DATE,
    "datetime": _DATETIME,
    "uuid": _UUID,
    "json": _JSON,
}
"""The types that are the same for every field of theirs."""

REFERENCE = _UUID
TYPES = ("str", "text", *PLAIN, "enum", "ref")
