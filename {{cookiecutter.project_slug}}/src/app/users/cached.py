"""What the cache keeps of accounts: what their owners see of them."""

from uuid import UUID

from pydantic import TypeAdapter

from app.core import caller
from app.core.cache import Kind, Look
from app.users.schemas import UserRead

_OWN = Kind("account", TypeAdapter(UserRead), ttl=30)  # as long as the caller, see `auth.identity`


def own(user_id: UUID) -> Look[UserRead]:
    """Where somebody's account is kept; any change of it ends that."""
    return Look(_OWN, str(user_id), (caller.tag(user_id),))
