"""What each role may do; routes and API keys name the permissions, never the roles."""

from collections.abc import Mapping

from app.users.models import Role

_ADMINS = frozenset({Role.ADMIN})

HOLDERS: Mapping[str, frozenset[Role]] = {
    "audit:read": _ADMINS,
    "users:read": _ADMINS,
    "users:write": _ADMINS,
    "products:write": _ADMINS,  # feature: example
    "orders:read": frozenset(Role),  # feature: example
    "orders:write": frozenset(Role),  # feature: example
}
"""By permission, the roles that have it."""


def of(role: str) -> frozenset[str]:
    """The permissions of a role; none for one that nobody knows."""
    return frozenset(name for name, holders in HOLDERS.items() if role in holders)
