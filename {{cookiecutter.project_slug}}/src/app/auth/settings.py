"""The settings of access tokens."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from app.auth.keys import Key, KeyEntry
from app.auth.weakness import weakness
from app.core.settings import Settings, UnsafeSettings

_NO_KEYS = "JWT_KEYS: is not set; `app generate-key` prints a value (`app dev` brings its own)"


class JwtSettings(Settings):
    """The first key signs, all verify: so a key is replaced without signing anybody out."""

    jwt_keys: tuple[KeyEntry, ...] = ()
    jwt_issuer: str = "{{ cookiecutter.project_slug }}"
    jwt_audience: str = "{{ cookiecutter.project_slug }}"
    access_token_ttl_seconds: int = Field(default=900, gt=0)

    @field_validator("jwt_keys")
    @classmethod
    def _one_signs(cls, keys: tuple[KeyEntry, ...]) -> tuple[KeyEntry, ...]:
        if keys and keys[0].public_key:
            raise PydanticCustomError("keys", "the first key must be able to sign")
        if len({key.kid for key in keys}) < len(keys):
            raise PydanticCustomError("keys", "each key needs a kid of its own")
        return keys

    @cached_property
    def keys(self) -> Mapping[str, Key]:
        """By kid; the first signs."""
        return {entry.kid: entry.key for entry in self.jwt_keys}

    @property
    def signing_key(self) -> Key:
        """Raises UnsafeSettings when there is none."""
        for key in self.keys.values():
            return key
        raise UnsafeSettings([_NO_KEYS])

    def refusals(self) -> Iterator[str]:
        """Whoever knows or guesses a key is whoever he wants to be."""
        if not self.jwt_keys:
            yield _NO_KEYS
        for number, key in enumerate(self.keys.values()):
            if fault := weakness(key):
                yield f"JWT_KEYS.{number}: {fault}; `app generate-key` prints a better one"
