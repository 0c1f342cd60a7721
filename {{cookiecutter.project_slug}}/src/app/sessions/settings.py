"""How long a session lives, and how strictly the reuse of its tokens is taken."""

from datetime import timedelta
from enum import StrEnum

from pydantic import Field

from app.core.settings import Settings


class Transport(StrEnum):
    """How refresh tokens travel: in JSON bodies, or in a cookie that scripts cannot read."""

    BODY = "body"
    COOKIE = "cookie"


class SessionSettings(Settings):
    """Lifetimes in seconds, from the last use and from the sign-in (ASVS 5.0, 7.3.1 and 7.3.2)."""

    refresh_token_ttl_seconds: int = Field(default=604_800, gt=0)
    session_absolute_ttl_seconds: int = Field(default=2_592_000, gt=0)
    refresh_reuse_leeway_seconds: float = Field(default=0, ge=0)
    refresh_token_transport: Transport = Transport.BODY

    @property
    def idle(self) -> timedelta:
        """A session unused for so long is over."""
        return timedelta(seconds=self.refresh_token_ttl_seconds)

    @property
    def absolute(self) -> timedelta:
        """A session so old is over, however busy."""
        return timedelta(seconds=self.session_absolute_ttl_seconds)

    @property
    def leeway(self) -> timedelta:
        """How long a lost answer may be asked for again without being taken for theft."""
        return timedelta(seconds=self.refresh_reuse_leeway_seconds)
