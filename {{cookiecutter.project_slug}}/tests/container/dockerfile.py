"""The Dockerfile, taken apart: stages, their instructions, what these copy."""

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from app.core.migrations import ROOT

PATH = ROOT / "Dockerfile"
TEXT = PATH.read_text("utf-8")


class Instruction(NamedTuple):
    """`COPY src src` is the word COPY and the rest."""

    word: str
    rest: str


def instructions(text: str = TEXT) -> list[Instruction]:
    """In their order; continued lines are one, comments are none."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines() if line]


def stage(name: str) -> list[Instruction]:
    """What follows `FROM ... AS name`; the last stage has no name."""
    found: dict[str, list[Instruction]] = {}
    current: list[Instruction] = []
    for each in instructions():
        if each.word == "FROM":
            _, _, called = each.rest.partition(" AS ")
            current = found.setdefault(called, [])
        current.append(each)
    return found[name]


def of(name: str, word: str) -> list[str]:
    """What a stage says after each such word."""
    return [each.rest for each in stage(name) if each.word == word]


def copied() -> Iterator[tuple[str, str]]:
    """Each path of the project that becomes part of the image, and where it goes."""
    for rest in of("build", "COPY"):
        *sources, target = shlex.split(rest)
        if not sources[0].startswith("--from"):
            yield from ((source, target) for source in sources)
