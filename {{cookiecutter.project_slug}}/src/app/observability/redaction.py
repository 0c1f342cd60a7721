"""Keeps secrets out of log lines, whoever writes them and however deep they lie."""

import re
from collections.abc import Mapping
from functools import lru_cache

from pydantic import SecretBytes, SecretStr
from structlog.typing import EventDict

HIDDEN = "**********"
_NAMES = ("password", "passwd", "secret", "token", "authorization", "cookie", "api_key")
_PLAIN = frozenset({str, int, float, bool, type(None)})
_NAMED = re.compile(
    rf"((?:{'|'.join(_NAMES)})[\"']?\s*[=:]\s*[\"']?(?:bearer\s+|basic\s+)?|\bbearer\s+)[^\s\"',;&]+",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"(://[^\s:/@]*:)[^\s/]+(?=@)")


def redact(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Replaces what is of a secret type or stands under a telling name."""
    for key, value in line.items():
        if type(value) not in _PLAIN or _tells(key):  # spares the usual line 9 us of 10
            line[key] = _shown(key, value)
    return line


def redact_texts(_logger: object, _method: str, line: EventDict) -> EventDict:
    """The same in sentences and tracebacks, which libraries have composed by then."""
    for key in ("event", "exception"):
        if isinstance(text := line.get(key), str):
            line[key] = _IN_ADDRESS.sub(rf"\1{HIDDEN}", _NAMED.sub(rf"\1{HIDDEN}", text))
    return line


def _shown(key: object, value: object) -> object:
    if isinstance(value, SecretStr | SecretBytes) or (value and _tells(str(key))):
        return HIDDEN
    if isinstance(value, Mapping):
        return {name: _shown(name, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown("", inner) for inner in value]
    return value


@lru_cache(maxsize=1024)
def _tells(key: str) -> bool:
    plain = key.lower().replace("-", "_")
    return any(name in plain for name in _NAMES)
