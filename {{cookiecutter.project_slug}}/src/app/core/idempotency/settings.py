"""How long an answer is kept for a retry."""

from datetime import timedelta

from pydantic import Field

from app.core.settings import Settings


class IdempotencySettings(Settings):
    """In seconds."""

    idempotency_ttl_seconds: int = Field(default=86_400, gt=0)

    @property
    def lifetime(self) -> timedelta:
        """After it the same key does the work again."""
        return timedelta(seconds=self.idempotency_ttl_seconds)
