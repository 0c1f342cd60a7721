"""The strict types that bodies and queries share: what they let in, PostgreSQL can store."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

_CENT = Decimal("0.01")
_MONEY = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")


class Input(BaseModel):
    """The parent of every body and query: a field nobody asked for is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _whole(value: object) -> object:
    """JSON has one kind of number, so 5.0 is whole; `true` and "5" are other things."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


def _money(value: object) -> object:
    """Exact amounts travel as text: a JSON number is a binary fraction to most clients."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _MONEY.fullmatch(value):
        return Decimal(value).quantize(_CENT)
    raise PydanticCustomError("decimal_string", 'Input should be text such as "19.90"')


Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
# To stand after the bounds: before them, pydantic leaves those out of the JSON schema.
WHOLE = BeforeValidator(_whole)
_DESCRIBED = WithJsonSchema(
    {"type": "string", "pattern": f"^{_MONEY.pattern}$", "examples": ["19.90"]}
)
Money = Annotated[Decimal, BeforeValidator(_money), _DESCRIBED]
# In what is read of rows: an exact amount already, and a look at each would cost a list 2 %.
Amount = Annotated[Decimal, _DESCRIBED]
