"""Derives the answer sheets to try from the questions in cookiecutter.json alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from pathlib import Path

from tests.variants.rendering import TEMPLATE

Answer = str | bool
Sheet = dict[str, Answer]
Options = Mapping[str, list[Answer]]


def questions(template: Path = TEMPLATE) -> dict[str, object]:
    """The whole of cookiecutter.json."""
    return dict(json.loads((template / "cookiecutter.json").read_text("utf-8")))


def code_options(asked: Mapping[str, object]) -> Options:
    """The options that decide which code there is, each with all its values, the default first."""
    manifest = {**as_mapping(asked["_features"]), **as_mapping(asked["_overlays"])}
    names = {key.partition("=")[0] for key in manifest}
    return {name: values(default) for name, default in asked.items() if name in names}


def as_mapping(value: object) -> Mapping[str, object]:
    """The value, which cookiecutter.json must spell as an object."""
    if not isinstance(value, dict):
        raise TypeError(f"cookiecutter.json: {value!r} should be an object")
    return value


def values(default: object) -> list[Answer]:
    """All answers to a question that is asked with this default."""
    if isinstance(default, bool):
        return [default, not default]
    if isinstance(default, list):
        return [str(choice) for choice in default]
    raise TypeError(f"{default!r} is neither yes/no nor a choice")


def covering(options: Options) -> list[Sheet]:
    """Few sheets in which every pair of answers to two different options occurs; default first."""
    open_pairs = set(pairs(options))
    chosen: list[Sheet] = []
    candidates = [
        dict(zip(options, answers, strict=True)) for answers in product(*options.values())
    ]
    while open_pairs or not chosen:
        best = max(candidates, key=lambda sheet: len(open_pairs & covered(sheet)))
        chosen.append(best if chosen else candidates[0])
        open_pairs -= covered(chosen[-1])
    return chosen


Pair = frozenset[tuple[str, Answer]]


def pairs(options: Options) -> Iterator[Pair]:
    """Every pair that must be covered; with a single option, each of its answers."""
    for names in combinations(options, min(2, len(options))):
        for answers in product(*(options[name] for name in names)):
            yield frozenset(zip(names, answers, strict=True))


def covered(sheet: Sheet) -> set[Pair]:
    """The pairs that a sheet covers."""
    return {frozenset(some) for some in combinations(sheet.items(), min(2, len(sheet)))}


def typed(words: Iterable[str], asked: Mapping[str, object]) -> Sheet:
    """The sheet that `option=value` words spell. Raises ValueError, naming what may stand there."""
    sheet: Sheet = {}
    for word in words:
        name, _, answer = word.partition("=")
        default = asked.get(name)
        choices = values(default) if isinstance(default, list | bool) else []
        known = {spelled(choice): choice for choice in choices}
        if answer not in known:
            raise ValueError(f"{word}: expected {name}= one of {', '.join(known) or 'nothing'}")
        sheet[name] = known[answer]
    return sheet


def spelled(value: Answer) -> str:
    """An answer as it is typed on a command line."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def label(sheet: Mapping[str, Answer]) -> str:
    """The sheet as the words that `typed` reads."""
    return " ".join(f"{name}={spelled(value)}" for name, value in sheet.items())
