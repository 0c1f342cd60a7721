"""Who is asking: set once a request, read by logging and whatever else needs to know."""

from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """The subject of the current request; `id` is None until somebody signed in.

    `scopes` are permissions such as `users:write`; `session` is the sign-in the request belongs
    to, None for an API key. `address` is the client's, without a port.
    """

    id: UUID | None = None
    role: str | None = None
    scopes: frozenset[str] = frozenset()
    session: UUID | None = None
    address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None


ANONYMOUS = Caller()
_caller: ContextVar[Caller] = ContextVar("caller", default=ANONYMOUS)


def current() -> Caller:
    """Outside a request, as in commands, nobody in particular."""
    return _caller.get()


def identify(caller: Caller) -> None:
    """Holds until the end of the request: each runs in a context of its own."""
    _caller.set(caller)


def tag(user_id: UUID) -> str:
    """What the cache knows of somebody stands and falls with this tag."""
    return f"user:{user_id}"
