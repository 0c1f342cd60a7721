"""Which passwords are accepted, and that those which are not say why."""

from time import perf_counter

import pytest
from pydantic import BaseModel, ValidationError

from app.auth.settings import JwtSettings
from app.main import app
from app.passwords.errors import TooCommon
from app.passwords.policy import NewPassword, common_passwords, refuse_own_address


class Form(BaseModel):
    password: NewPassword


def accepted(password: str) -> str:
    return Form.model_validate({"password": password}).password


def refusal(password: str) -> str:
    with pytest.raises(ValidationError) as refused:
        accepted(password)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse",
        "tr0ub4dor",
        "        x",
        "x        ",
        "x" * 128,
        "пароль из слов",
        "🦉🦉🦉🦉🦉🦉🦉🦉",
        "lowercaseonly",
        "73920184",
    ],
)
def test_any_characters_will_do_and_all_are_kept(password: str) -> None:
    assert accepted(password) == password


@pytest.mark.parametrize("password", ["", "1234567", "🦉" * 7, "e\u0301" * 7])
def test_characters_are_counted_as_people_see_them_and_seven_are_too_few(password: str) -> None:
    assert refusal(password) == "password_too_short"


def test_decomposed_characters_count_once_at_the_upper_end_too() -> None:
    assert accepted("e\u0301" * 128) == "é" * 128
    assert refusal("e\u0301" * 129) == "password_too_long"
    assert refusal("x" * 100_000) == "password_too_long"


def test_what_was_made_to_be_slow_is_refused_at_once() -> None:
    started = perf_counter()

    assert refusal("a" + "\u0323\u0307" * 60_000) == "password_too_long"
    assert perf_counter() - started < 2, "its normal form takes ten seconds"


@pytest.mark.parametrize(
    "password",
    ["password", "PASSWORD", "Password1", "12345678", "iloveyou", "qwertyuiop", "11111111"],
)
def test_what_guessers_try_first_is_refused_in_any_case(password: str) -> None:
    assert refusal(password) == "password_too_common"


def test_the_services_own_name_is_refused() -> None:
    name, slug = app.title, JwtSettings.model_fields["jwt_issuer"].default

    assert refusal(name) in {
        "password_too_common",
        "password_too_short",  # a name may be
    }
    assert {name.casefold(), slug.casefold()} <= common_passwords()


def test_the_list_has_the_thousands_that_the_standard_asks_for() -> None:
    fit = {each for each in common_passwords() if 8 <= len(each) <= 128}

    assert len(fit) >= 3000
    assert all(each == each.casefold() for each in fit), "compared so"


@pytest.mark.parametrize("password", ["ada.lovelace@example.com", "ADA.LOVELACE@example.com"])
@pytest.mark.parametrize("part", [slice(None), slice(12)])
def test_nobodys_own_address_nor_its_beginning_is_a_password(password: str, part: slice) -> None:
    with pytest.raises(TooCommon) as refused:
        refuse_own_address(password[part], "ada.lovelace@example.com", "new_password")

    assert refused.value.status == 422
    assert refused.value.extensions == {
        "errors": [
            {"loc": ["body", "new_password"], "code": TooCommon.item, "message": TooCommon.advice}
        ]
    }


def test_a_password_that_only_holds_the_address_is_fine() -> None:
    refuse_own_address("ada@example.com and more", "ada@example.com", "password")
