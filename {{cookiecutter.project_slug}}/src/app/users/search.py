"""What the list of accounts is filtered and sorted by; each has an index."""

import re
from typing import Any

from sqlalchemy import ColumnElement

from app.users.models import User
from app.users.schemas import UserQuery


def filters(query: UserQuery) -> list[ColumnElement[bool]]:
    """What an account has to fulfil."""
    conditions: list[ColumnElement[bool]] = []
    if query.role is not None:
        conditions.append(User.role == query.role)
    if query.is_active is not None:
        conditions.append(User.is_active == query.is_active)
    if query.email:
        conditions.append(User.email.like(_prefix(query.email)))
    return conditions


def _prefix(text: str) -> str:
    """A LIKE pattern in which whatever the client typed stands for itself, in lower case."""
    return re.sub(r"([\\%_])", r"\\\1", text.lower()) + "%"


def order(sort: str) -> list[ColumnElement[Any]]:
    """No two accounts share an address, so it needs no second key; a time of creation does."""
    keys = (User.email,) if sort.endswith("email") else (User.created_at, User.id)
    return [key.desc() if sort.startswith("-") else key.asc() for key in keys]
