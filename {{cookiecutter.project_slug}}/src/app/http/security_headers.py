"""The headers that tell browsers what not to do with an answer (OWASP ASVS 5.0, 3.4)."""

from collections.abc import Iterable

from app.core.settings import Environment

type RawHeaders = list[tuple[bytes, bytes]]

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
]
_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_POLICY = b"content-security-policy"
_NOTHING = (_POLICY, b"default-src 'none'; frame-ancestors 'none'")


class SecurityHeaders:
    """The same for every answer; Strict-Transport-Security outside development only."""

    def __init__(self, environment: Environment) -> None:
        development = environment is Environment.DEVELOPMENT
        self._headers = _HEADERS if development else [*_HEADERS, _HTTPS_ONLY]
        self._names = {name for name, _ in self._headers}

    def added_to(self, headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
        """In place of any of the same name.

        A page that needs more than nothing brings a Content-Security-Policy of its own.
        """
        own = [header for header in headers if header[0] not in self._names]
        policy = () if any(name == _POLICY for name, _ in own) else (_NOTHING,)
        return [*own, *self._headers, *policy]
