"""How many wrong passwords are let pass, and how long the next ones have to wait."""

from pydantic import Field

from app.core.settings import Settings


class LockoutSettings(Settings):
    """Failures for an account from one address and from anywhere; delays in seconds, doubling."""

    lockout_failures: int = Field(default=5, gt=0)
    lockout_account_failures: int = Field(default=50, gt=0)
    lockout_seconds: int = Field(default=30, gt=0)
    lockout_max_seconds: int = Field(default=900, gt=0)
