"""One spelling for each address, and nothing that only looks like one."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.users.schemas import LONGEST_EMAIL, Email

address = TypeAdapter(Email)
LONG = "a" * (LONGEST_EMAIL - len("@example.com")) + "@example.com"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ada@example.com", "ada@example.com"),
        (" Ada.Lovelace@Example.COM\n", "ada.lovelace@example.com"),
        ("ada+news@example.co.uk", "ada+news@example.co.uk"),
        ("o'hara@example.com", "o'hara@example.com"),
        ("ada@xn--mller-kva.example", "ada@xn--mller-kva.example"),
        (LONG, LONG),
    ],
)
def test_an_address_is_kept_in_one_spelling(given: str, kept: str) -> None:
    assert address.validate_python(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@example",
        "ada@@example.com",
        "ada@b@example.com",
        "ada lovelace@example.com",
        "ada@exam ple.com",
        "ada@-example.com",
        "ada@example-.com",
        "ada@example..com",
        ".ada@example.com",
        "ada.@example.com",
        "a..da@example.com",
        "ada@192.168.0.1",
        "ada@[192.168.0.1]",
        '"ada lovelace"@example.com',
        "Ada <ada@example.com>",
        "ada@example.com\nBcc: all@example.com",
        "ada@example.com\x00",
        "ada@example.com,eve@example.com",
        f"a{LONG}",
        "\ud800@example.com",
        "jürgen@example.com",
        "ada@müller.example",
    ],
)
def test_what_no_mail_could_be_sent_to_is_refused(given: str) -> None:
    with pytest.raises(ValidationError) as refused:
        address.validate_python(given)

    assert refused.value.errors()[0]["type"] == "email_invalid"


@pytest.mark.parametrize(
    "given", ["ada@\u212aexample.com", "\u0430da@example.com", "ada@ex\uff41.com"]
)
def test_letters_that_only_look_alike_do_not_become_somebody_elses_address(given: str) -> None:
    with pytest.raises(ValidationError):
        address.validate_python(given)


def test_an_address_made_to_be_slow_is_refused_at_once() -> None:
    with pytest.raises(ValidationError):
        address.validate_python("a" * 125 + "@" + "a-" * 62)
