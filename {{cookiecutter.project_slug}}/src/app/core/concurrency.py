"""Versions as entity tags, so that clients neither re-read nor overwrite (RFC 9110, 8.8 and 13)."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from app.core.errors import AppError, BadRequest

# A compressing proxy marks tags as weak; the version behind one is still the same.
_TAG = r'(?:W/)?"([\x21\x23-\x7e]*)"'
_TAGS = re.compile(rf"\s*{_TAG}\s*(?:,\s*{_TAG}\s*)*")
_EACH = re.compile(_TAG)
_IF_MATCH = Header(
    examples=['"3"'],
    json_schema_extra={"pattern": r'^(\*|((W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)?)$'},
)


class VersionConflict(AppError):
    """Somebody else changed the resource since the client read it."""

    status = 412
    code = "version_conflict"
    detail = "The resource has changed; read it again and repeat your change."


def etag(version: int | str) -> str:
    """The entity tag of a version, quoted as the header wants it."""
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags a client named: None when it sent no condition, `*` for any version."""

    named: frozenset[str] | None = None

    def include(self, version: int | str) -> bool:
        """Whether the client knows this version; never without a condition."""
        return self.named is not None and bool({"*", str(version)} & self.named)

    def require(self, version: int) -> None:
        """Raises VersionConflict when there is a condition and it does not hold."""
        if self.named is not None and not self.include(version):
            raise VersionConflict


def _parse(header: str) -> frozenset[str] | None:
    if header.strip() == "*":
        return frozenset("*")
    if not header.strip():  # an empty list (RFC 9110, 5.6.1): a condition that nothing meets
        return frozenset()
    return frozenset(_EACH.findall(header)) if _TAGS.fullmatch(header) else None


async def _if_match(if_match: Annotated[str | None, _IF_MATCH] = None) -> Tags:
    if if_match is None:
        return Tags()
    if (named := _parse(if_match)) is None:
        raise BadRequest('If-Match must be * or a list of quoted tags such as "3".')
    return Tags(named)


def known(if_none_match: str | None) -> Tags:
    """What a client has in its hands already; what cannot be read, it has not."""
    return Tags(_parse(if_none_match or ""))


async def _if_none_match(if_none_match: Annotated[str | None, Header()] = None) -> Tags:
    return known(if_none_match)


IfMatch = Annotated[Tags, Depends(_if_match)]
IfNoneMatch = Annotated[Tags, Depends(_if_none_match)]
