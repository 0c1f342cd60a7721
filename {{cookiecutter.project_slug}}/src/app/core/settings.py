"""How settings are read and checked; each feature keeps its own class beside its code."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import SettingsConfigDict, SettingsError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.core import tls
from app.core.secret_files import DEFAULT_FOLDER, FileSettings

_NO_DATABASE = (
    "DATABASE_URL: is not set; give the address of a PostgreSQL database"
    " (in development `app dev` brings one of its own)"
)
_IN_THE_CLEAR = (
    "does not demand TLS of a server elsewhere; add"
    " ?sslmode=verify-full&sslrootcert=/path/to/ca.pem"
)
_POSTGRESQL = re.compile(r"postgres(ql)?(\+asyncpg)?://")


class Environment(StrEnum):
    """Where the process runs; the strictest is the default."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


class Settings(FileSettings):
    """Environment variables of the same name, lines of `.env`, or files; lists are JSON."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    def refusals(self) -> Iterator[str]:
        """Why production must not start like this, a sentence each."""
        yield from ()

    def advice(self) -> Iterator[str]:
        """What production can start with and somebody should know of, a sentence each."""
        yield from ()


class CoreSettings(Settings):
    """What every part of the service may ask for."""

    environment: Environment = Environment.PRODUCTION
    docs_enabled: bool | None = None
    secrets_dir: Path = DEFAULT_FOLDER

    @field_validator("secrets_dir")
    @classmethod
    def _there(cls, folder: Path) -> Path:
        if folder != DEFAULT_FOLDER and not folder.is_dir():
            raise PydanticCustomError("folder", "{folder} is no folder", {"folder": str(folder)})
        return folder

    @property
    def shows_docs(self) -> bool:
        """Unless said otherwise, everywhere but in production."""
        if self.docs_enabled is None:
            return self.environment is not Environment.PRODUCTION
        return self.docs_enabled


class DatabaseSettings(Settings):
    """Addresses as `postgresql://user:password@host:port/name`; the pool is for one process."""

    database_url: SecretStr | None = None
    migration_database_url: SecretStr | None = None
    database_pool_size: int = Field(default=10, gt=0)

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _postgresql(cls, address: SecretStr | None) -> SecretStr | None:
        if address is None:
            return None
        if not _POSTGRESQL.match(address.get_secret_value()):
            raise PydanticCustomError("address", "must begin with postgresql://")
        try:
            fault = tls.fault(make_url(address.get_secret_value()))
        except (ArgumentError, ValueError):  # their messages quote the address
            raise PydanticCustomError(
                "address", "cannot be read; percent-encode special characters"
            ) from None
        if fault:
            raise PydanticCustomError("address", "{fault}", {"fault": fault})
        return address

    @property
    def address(self) -> str:
        """Where the service works. Raises UnsafeSettings when nobody said."""
        if self.database_url is None:
            raise UnsafeSettings([_NO_DATABASE])
        return self.database_url.get_secret_value()

    @property
    def migration_address(self) -> str:
        """Where migrations run: often as the owner of the tables, and past any pooler."""
        other = self.migration_database_url
        return other.get_secret_value() if other else self.address

    def refusals(self) -> Iterator[str]:
        """There is no default address: guessing one could hit somebody else's data."""
        if self.database_url is None:
            yield _NO_DATABASE

    def advice(self) -> Iterator[str]:
        """On any network but its own, somebody may listen, or answer in the server's place."""
        for name in ("database_url", "migration_database_url"):
            if not (given := getattr(self, name)):
                continue
            url = make_url(given.get_secret_value())
            if not tls.is_here(url.host or url.query.get("host")) and not tls.is_demanded(url):
                yield f"{name.upper()}: {_IN_THE_CLEAR}"


class UnsafeSettings(Exception):
    """Names every fault at once, so that one look at the log is enough."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(["The settings do not allow a start:", *self.faults]))


@cache
def read[S: Settings](kind: type[S]) -> S:
    """The settings of one class, read once; tests ignore `.env`. Raises UnsafeSettings."""
    try:
        if os.environ.get("ENVIRONMENT") == Environment.TEST:
            return kind(_env_file=None)
        return kind()
    except ValidationError as error:
        raise UnsafeSettings(map(_sentence, error.errors())) from None
    except SettingsError as error:
        name = re.findall(r'"(\w+)"', str(error))[0].upper()
        raise UnsafeSettings([f"{name}: must be JSON"]) from None


def faults(kinds: Iterable[type[Settings]]) -> list[str]:
    """Everything that keeps production from starting with the settings of these classes."""
    found: list[str] = []
    for kind in kinds:
        try:
            settings = read(kind)
        except UnsafeSettings as unreadable:
            found += unreadable.faults
        else:
            found += settings.refusals()
    return found


def advice(kinds: Iterable[type[Settings]]) -> list[str]:
    """What the readable ones of these classes would have somebody know."""
    found: list[str] = []
    for kind in kinds:
        with suppress(UnsafeSettings):
            found += read(kind).advice()
    return found


def refuse_unreadable(kinds: Iterable[type[Settings]]) -> None:
    """Raises UnsafeSettings with every fault when any of the classes cannot be read."""
    for kind in kinds:
        try:
            read(kind)
        except UnsafeSettings:
            raise UnsafeSettings(faults(kinds)) from None


def refuse_unsafe(kinds: Iterable[type[Settings]]) -> None:
    """Raises UnsafeSettings with every fault; in production also for what features refuse."""
    refuse_unreadable(kinds)
    if read(CoreSettings).environment is Environment.PRODUCTION and (wrong := faults(kinds)):
        raise UnsafeSettings(wrong)


def _sentence(fault: ErrorDetails) -> str:
    return f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
