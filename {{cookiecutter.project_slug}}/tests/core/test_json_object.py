"""Whatever is let in comes back out of the database; what could not is refused before."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text

from app.core.database import Database
from app.core.json_object import JsonObject

OBJECT = TypeAdapter(JsonObject)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"a": [1, 1.5, True, None, "ä", {"b": []}]},
        {"\\u0000": "a backslash and five characters: \\u0000"},
        {"a": 10**400},
    ],
)
async def test_what_is_let_in_comes_back(database: Database, given: dict[str, Any]) -> None:
    kept = json.dumps(OBJECT.validate_python(given))
    async with database.reading() as session:
        found = await session.scalar(text("SELECT (CAST(:kept AS jsonb))::text"), {"kept": kept})

    assert found is not None
    assert json.loads(found) == given


@pytest.mark.parametrize(
    "given",
    [
        *("text", [], None),
        *({"a": "\x00"}, {"\x00": 1}, {"a": ["\\\x00"]}),
        *({"a": "\ud800"}, {"\ud800": 1}),
        *({"a": float("nan")}, {"a": [float("inf")]}),
    ],
)
def test_what_could_not_be_stored_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        OBJECT.validate_python(given)
