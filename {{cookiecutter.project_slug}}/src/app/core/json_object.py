"""An object of the client's own shape, of which PostgreSQL can store every part."""

import json
import re
from typing import Annotated

from pydantic import AfterValidator, JsonValue
from pydantic_core import PydanticCustomError

# In JSON: an escaped NUL, behind no backslash or an even number of them.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def _storable(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """`jsonb` has neither NUL nor half of a surrogate pair, and JSON no number that is none."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise PydanticCustomError("json_unstorable", "must hold text and finite numbers") from None
    if _NUL.search(json.dumps(value)):
        raise PydanticCustomError("json_unstorable", "must not hold NUL")
    return value


JsonObject = Annotated[dict[str, JsonValue], AfterValidator(_storable)]
