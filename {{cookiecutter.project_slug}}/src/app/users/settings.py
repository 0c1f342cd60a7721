"""How long a new address has to prove itself."""

from datetime import timedelta

from pydantic import Field

from app.core.settings import Settings


class UserSettings(Settings):
    """In seconds."""

    email_verify_ttl_seconds: int = Field(default=86_400, gt=0)

    @property
    def verification(self) -> timedelta:
        """How long the link in the mail works."""
        return timedelta(seconds=self.email_verify_ttl_seconds)
