"""What no OpenAPI document can say, told to schemathesis, which loads this file itself."""

from typing import Any

import schemathesis

from app.core.pagination import REACH
from app.passwords.hashing import spelled
from app.passwords.policy import common_passwords


@schemathesis.hook
def filter_case(_: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Leaves out what fits the schema, and is rightly answered 422 all the same."""
    return _is_in_reach(case.query or {}) and not _is_guessed(case)


def _is_in_reach(query: dict[str, Any]) -> bool:
    """A schema bounds `page` and `limit` each, but not page * limit."""
    asked = {"page": 1, "limit": 20} | dict(query)
    page, limit = str(asked["page"]), str(asked["limit"])
    return not (page.isdecimal() and limit.isdecimal() and int(page) * int(limit) > REACH)


def _is_guessed(case: schemathesis.Case[Any]) -> bool:
    """A schema bounds a password's length, but names none of those that guessers try first."""
    if not case.path.endswith("/auth/register") or not isinstance(case.body, dict):
        return False
    given = case.body.get("password")
    return isinstance(given, str) and spelled(given).casefold() in common_passwords()
