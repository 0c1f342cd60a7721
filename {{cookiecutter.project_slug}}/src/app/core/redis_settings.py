"""Where Redis is, and how much of it one process uses."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from redis.exceptions import RedisClusterException

from app.core.redis_servers import servers
from app.core.settings import Settings
from app.core.tls import is_here, missing_file

_NO_REDIS = (
    "REDIS_URL: is not set; give the address of a Redis or Valkey"
    " (in development `app dev` brings one of its own)"
)
_IN_THE_CLEAR = (
    "REDIS_URL: does not demand TLS of a server elsewhere; begin it with rediss://, and for"
    " certificates of your own end it with ?ssl_ca_certs=/path/to/ca.pem"
)


class RedisSettings(Settings):
    """Addresses as `redis://user:password@host:port/0`, `rediss://` for TLS, `unix://path`."""

    redis_cluster: bool = False
    redis_url: SecretStr | None = None
    redis_pool_size: int = Field(default=8, gt=0)
    redis_key_prefix: str = "{{ cookiecutter.project_slug }}:"

    @field_validator("redis_url")
    @classmethod
    def _readable(cls, address: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if address is None:
            return None
        try:
            servers(address.get_secret_value(), cluster=info.data.get("redis_cluster", False))
        except (ValueError, TypeError, RedisClusterException):  # their messages may quote it
            raise PydanticCustomError(
                "address",
                "cannot be read; it begins with redis://, rediss:// or unix:// (no cluster has"
                " that, nor a database number), with special characters percent-encoded",
            ) from None
        if fault := missing_file(dict(parse_qsl(urlsplit(address.get_secret_value()).query))):
            raise PydanticCustomError("address", "{fault}", {"fault": fault})
        return address

    def refusals(self) -> Iterator[str]:
        """Without one no limit would hold across processes."""
        if self.redis_url is None:
            yield _NO_REDIS

    def advice(self) -> Iterator[str]:
        """The password is among what would be read."""
        address = urlsplit(self.redis_url.get_secret_value() if self.redis_url else "")
        if address.scheme == "redis" and not is_here(address.hostname):
            yield _IN_THE_CLEAR
