"""Who is counted for a request, and against which tiers."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.core.addresses import network
from app.throttling.settings import ThrottleSettings
from app.throttling.tiers import Tiers

_USER = "user:"


@dataclass(frozen=True, slots=True)
class Policy:
    """What some routes have in common; `name` keeps its counts apart from other policies'.

    Without `by_user` everybody counts by address, signed in or not.
    """

    name: str
    by_address: Callable[[ThrottleSettings], Tiers]
    by_user: Callable[[ThrottleSettings], Tiers] | None = None

    def subject(self, user: UUID | None, address: str | None) -> str:
        """Whom a request counts for. Bounded, as it becomes part of a key."""
        if user is None or self.by_user is None:
            return f"address:{network(address)}"
        return f"{_USER}{user}"

    def tiers(self, settings: ThrottleSettings, subject: str) -> Tiers:
        """What holds for such a subject."""
        if self.by_user and subject.startswith(_USER):
            return self.by_user(settings)
        return self.by_address(settings)


DEFAULT = Policy(
    "default",
    by_address=lambda settings: settings.throttle_anonymous,
    by_user=lambda settings: settings.throttle_authenticated,
)
LOGIN = Policy("login", by_address=lambda settings: settings.throttle_login)
