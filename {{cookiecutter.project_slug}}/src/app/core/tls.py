"""TLS to the servers: what an address demands, in libpq's own words where it is PostgreSQL's."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy.engine.url import URL

MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_DEMANDED = set(MODES[3:])
_FILES = {"sslrootcert", "sslcert", "sslkey", "sslcrl"} | {  # of libpq, and of redis-py
    "ssl_ca_certs",
    "ssl_certfile",
    "ssl_keyfile",
}


def handed_on(address: URL) -> URL:
    """The same for asyncpg, which understands these words only in a DSN of its own."""
    words = {
        name: value
        for name, value in address.query.items()
        if name.startswith("ssl") and name != "ssl"
    }
    if not words:
        return address
    dsn = f"postgresql://?{urlencode(words)}"
    return address.difference_update_query(words).update_query_dict({"dsn": dsn})


def fault(address: URL) -> str | None:
    """What of it cannot be meant."""
    if address.query.get("sslmode", "prefer") not in MODES:
        return f"sslmode must be one of {', '.join(MODES)}"
    return missing_file(address.query)


def missing_file(words: Mapping[str, object]) -> str | None:
    """The first of an address's words that names a file which is not there."""
    for name, path in words.items():
        if name in _FILES and not Path(str(path)).is_file():
            return f"{name} names {path}, which is no file"
    return None


def is_demanded(address: URL) -> bool:
    """Whether it would rather have no connection than one in the clear."""
    return bool(_DEMANDED.intersection(map(address.query.get, ("sslmode", "ssl"))))


def is_here(host: object) -> bool:
    """Whether that is this machine: by name, number or, as a path or nothing, a socket."""
    return host in {None, "", "localhost", "::1"} or str(host).startswith(("127.", "/"))
