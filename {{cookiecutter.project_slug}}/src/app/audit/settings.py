"""How long the log knows where people were."""

from datetime import timedelta

from pydantic import Field

from app.core.settings import Settings


class AuditSettings(Settings):
    """Addresses and user agents are emptied after so many days; the events stay."""

    audit_retention_days: int = Field(default=90, gt=0)

    @property
    def retention(self) -> timedelta:
        """From the event on."""
        return timedelta(days=self.audit_retention_days)
