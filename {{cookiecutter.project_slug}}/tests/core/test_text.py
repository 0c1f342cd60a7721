"""What the shared types let in, PostgreSQL can store and JSON can carry."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import TypeAdapter, ValidationError

from app.core.text import WHOLE, Input, Money, Text

text = TypeAdapter(Text)
money = TypeAdapter(Money)
whole = TypeAdapter(Annotated[int, WHOLE])


@given(some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_any_other_text_is_let_in_as_it_is(value: str) -> None:
    assert text.validate_python(value) == value


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800", "a\udfff"])
def test_nul_and_lone_surrogates_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        text.validate_python(value)


@given(some.integers(min_value=0, max_value=10**12 - 1))
def test_money_keeps_every_cent_there_and_back(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)

    assert money.validate_python(str(amount)) == amount
    assert money.dump_json(amount) == f'"{amount}"'.encode()


@pytest.mark.parametrize(
    "value",
    ["", "1.", ".5", "1.234", "+1", "-1", "1e3", " 1", "1_0", "NaN", "Infinity", "１", "1\n"],
)
def test_text_that_is_no_plain_amount_is_no_money(value: str) -> None:
    with pytest.raises(ValidationError):
        money.validate_python(value)


@pytest.mark.parametrize("value", [1, 1.5, True, None, [], {}])
def test_a_json_number_is_no_money(value: Any) -> None:
    with pytest.raises(ValidationError, match=r'such as "19\.90"'):
        money.validate_python(value)


@pytest.mark.parametrize("value", [True, False, "5", "", 5.5, None])
def test_only_whole_numbers_are_whole(value: Any) -> None:
    with pytest.raises(ValidationError):
        whole.validate_python(value)


def test_a_point_does_not_make_a_whole_number_less_whole() -> None:
    assert whole.validate_python(5.0) == 5


def test_a_field_nobody_asked_for_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Input.model_validate({"role": "admin"})
