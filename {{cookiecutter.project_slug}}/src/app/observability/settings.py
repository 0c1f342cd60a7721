"""How much is logged, whether for machines or for people, and where measurements are read."""

from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator

from app.core.settings import Settings


class LogFormat(StrEnum):
    """One JSON object a line, or columns in colour."""

    JSON = "json"
    CONSOLE = "console"


class LogSettings(Settings):
    """`log_format` left open means console in development and json elsewhere."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: LogFormat | None = None

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, level: object) -> object:
        return level.lower() if isinstance(level, str) else level


class DrainSettings(Settings):
    """How long the process still listens, unready, after it was told to stop; in seconds."""

    drain_seconds: float = Field(default=0, ge=0, le=60)


class MetricsSettings(Settings):
    """`metrics_port` left open means `/metrics` among the other routes."""

    metrics_port: int | None = Field(default=None, gt=0, lt=65_536)
