"""What the cache keeps: a stamp of tags, how long it is fresh, a version, and then the bytes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from random import uniform
from secrets import token_urlsafe
from time import time

from pydantic import Field, TypeAdapter

from app.core.counts import Counts
from app.core.redis import Read, Set
from app.core.settings import Settings, read

LOOKUPS = Counts(
    "cache_lookups_total",
    "Look-ups: hit, miss, stale (an old entry, as the source was away), bypass (Redis was away).",
    "kind",
    "outcome",
)
EPOCH = "epoch"
"""The tag that every entry has: a new one empties the whole cache, of every process."""

# An entry ends with its tags. The end of the epoch would empty the cache without need.
_TAG_TTL, _EPOCH_TTL = 86_400, 365 * 86_400


class CacheSettings(Settings):
    """How many seconds an entry lives whose kind does not say otherwise."""

    cache_ttl_seconds: float = Field(default=300, gt=0)


@dataclass(frozen=True)
class Kind[T]:
    """What is kept under one name; to be declared at a module's level, beside its feature.

    Times are seconds; `ttl` None means CACHE_TTL_SECONDS. The value None, that there is nothing,
    lives for `negative_ttl`. For `stale` longer an entry may answer while its source is away.
    `version` is kept beside the bytes for an entity tag, so it holds no line break.
    """

    name: str
    adapter: TypeAdapter[T]
    ttl: float | None = None
    stale: float = 0
    negative_ttl: float = 10
    version: Callable[[T], int | str | None] = lambda _: None

    @cached_property
    def fingerprint(self) -> str:
        """Of the form of the bytes: releases that differ in it never read each other's entries."""
        schema = json.dumps(self.adapter.json_schema(mode="serialization"), sort_keys=True)
        return blake2b(schema.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Sight:
    """What one exchange showed: `body` when it is fresh, `stale` when its time is over.

    `stamp` is what the tags held: None when Redis was not asked, empty when one was missing.
    """

    stamp: bytes | None = None
    body: bytes | None = None
    version: str | None = None
    stale: bytes | None = None


@dataclass(frozen=True)
class Look[T]:
    """Where a value is kept, and the tags with which it stands and falls."""

    kind: Kind[T]
    key: str
    tags: tuple[str, ...] = ()

    @cached_property
    def name(self) -> str:
        """The entry's key in Redis."""
        return f"cache:{self.kind.name}:{self.kind.fingerprint}:{self.key}"

    @property
    def question(self) -> Read:
        """For an exchange with Redis, whose reply `seen` understands."""
        return Read((*map(tag_name, (EPOCH, *self.tags)), self.name))

    @property
    def preparation(self) -> list[Set]:
        """To be asked before the question where a tag was missing: the first to ask makes it."""
        return [renewed(tag, only_if_missing=True) for tag in (EPOCH, *self.tags)]

    def seen(self, reply: Sequence[bytes | None]) -> Sight:
        """An entry counts only under the very tokens that it was loaded under."""
        *tokens, entry = reply
        stamp = stamp_of(tokens)
        if not stamp or entry is None or not entry.startswith(stamp):
            return Sight(stamp)
        until, version, body = entry[len(stamp) :].split(b"\n", 2)
        if time() * 1000 >= int(until):
            return Sight(stamp, stale=body if self.kind.stale else None)
        LOOKUPS.add(self.kind.name, "hit")
        return Sight(stamp, body, version.decode() or None)

    def kept(self, value: T, stamp: bytes) -> Set:
        """The entry, under the stamp that was seen *before* the value was loaded."""
        kind = self.kind
        ttl = kind.ttl or read(CacheSettings).cache_ttl_seconds
        fresh, stale = (kind.negative_ttl, 0.0) if value is None else (ttl, kind.stale)
        fresh *= uniform(0.9, 1)  # noqa: S311 - what began together shall not end together
        version = kind.version(value)
        head = f"{(time() + fresh) * 1000:.0f}\n{'' if version is None else version}\n"
        body = kind.adapter.dump_json(value, by_alias=True)
        return Set(self.name, stamp + head.encode() + body, ttl=fresh + stale)


def tag_name(tag: str) -> str:
    """The tag's key in Redis."""
    return f"tag:{tag}"


def renewed(tag: str, *, only_if_missing: bool = False) -> Set:
    """The tag with a random token: it never holds again what an old entry was stamped with."""
    ttl = _EPOCH_TTL if tag == EPOCH else _TAG_TTL
    return Set(tag_name(tag), token_urlsafe(9), ttl, only_if_missing)


def stamp_of(tokens: Sequence[bytes | None]) -> bytes:
    """With what an entry begins that was loaded under these tokens; empty when one is missing."""
    held = [token for token in tokens if token is not None]
    return b".".join(held) + b"\n" if len(held) == len(tokens) else b""
