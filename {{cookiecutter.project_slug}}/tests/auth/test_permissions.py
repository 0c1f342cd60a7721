"""What a role may do is what the table says, and nothing for a role that it does not name."""

import pytest

from app.auth.permissions import HOLDERS, of
from app.users.models import Role


def test_an_admin_may_do_everything_that_is_restricted() -> None:
    assert of(Role.ADMIN) == HOLDERS.keys()


def test_a_user_may_do_nothing_that_is_an_admins() -> None:
    assert not of(Role.USER) & {"audit:read", "users:read", "users:write"}


@pytest.mark.parametrize("role", ["", "root", "ADMIN", "admin "])
def test_a_role_that_nobody_knows_may_do_nothing(role: str) -> None:
    assert of(role) == frozenset()
