"""What can be asked of Redis; each question touches keys that may live anywhere in a cluster."""

from dataclasses import dataclass, field
from hashlib import sha1

type Word = str | bytes | int | float
type Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """Reply: the value of each key in their order, None where there is none."""

    keys: tuple[str, ...]

    def words(self, prefix: str) -> Words:
        """The command."""
        return ("MGET", *[prefix + key for key in self.keys])


@dataclass(frozen=True, slots=True)
class Set:
    """Writes `value` for `ttl` seconds. Reply: with `only_if_missing` what stood there before."""

    key: str
    value: bytes | str
    ttl: float
    only_if_missing: bool = False

    def words(self, prefix: str) -> Words:
        """The command."""
        condition = ("NX", "GET") if self.only_if_missing else ()
        return ("SET", prefix + self.key, self.value, "PX", round(self.ttl * 1000), *condition)


@dataclass(frozen=True, slots=True)
class Script:
    """Lua for Redis to run, known there by its SHA-1 once it has run."""

    source: str
    sha: str = field(init=False)

    def __post_init__(self) -> None:
        digest = sha1(self.source.encode(), usedforsecurity=False).hexdigest()
        object.__setattr__(self, "sha", digest)


@dataclass(frozen=True, slots=True)
class Run:
    """Runs a script on one key. Reply: the script's own."""

    script: Script
    key: str
    args: tuple[str | int | float, ...] = ()

    def words(self, prefix: str) -> Words:
        """The command for a server that knows the script."""
        return ("EVALSHA", self.script.sha, 1, prefix + self.key, *self.args)

    def words_in_full(self, prefix: str) -> Words:
        """The command for one that does not, which makes it known there."""
        return ("EVAL", self.script.source, *self.words(prefix)[2:])


type Question = Read | Set | Run
