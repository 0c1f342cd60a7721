"""How long somebody who forgot the password has to choose another."""

from datetime import timedelta

from pydantic import Field

from app.core.settings import Settings


class PasswordSettings(Settings):
    """In seconds; long enough for slow mail, too short for a mailbox read later (ASVS 6.4.1)."""

    password_reset_ttl_seconds: int = Field(default=1800, gt=0)

    @property
    def reset(self) -> timedelta:
        """How long the link in the mail works."""
        return timedelta(seconds=self.password_reset_ttl_seconds)
