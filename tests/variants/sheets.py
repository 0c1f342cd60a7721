"""Derives the answer sheets to try from the questions in cookiecutter.json alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from pathlib import Path

from tests.variants.rendering import TEMPLATE

Answer = str | bool
Sheet = dict[str, Answer]
Options = Mapping[str, list[Answer]]
Pair = frozenset[tuple[str, Answer]]


def questions(template: Path = TEMPLATE) -> dict[str, object]:
    """The whole of cookiecutter.json."""
    return dict(json.loads((template / "cookiecutter.json").read_text("utf-8")))


def code_options(asked: Mapping[str, object]) -> Options:
    """The options that decide which code there is, each with all its values, the default first."""
    manifest = {**as_mapping(asked["_features"]), **as_mapping(asked["_overlays"])}
    names = {key.partition("=")[0] for key in manifest}
    return {name: values(default) for name, default in asked.items() if name in names}


def running_options(asked: Mapping[str, object]) -> Options:
    """Those of them that decide what runs, and not only what lies beside it."""
    features, overlays = as_mapping(asked["_features"]), as_mapping(asked["_overlays"])
    beside = {key for key, paths in features.items() if not (key in overlays or runs(paths))}
    names = {key.partition("=")[0] for key in (features.keys() | overlays.keys()) - beside}
    return {name: known for name, known in code_options(asked).items() if name in names}


def runs(paths: object) -> bool:
    """Whether any of an answer's paths is code of the service; tagged lines alone may be."""
    listed = [str(path) for path in paths] if isinstance(paths, list) else []
    return not listed or any(path.startswith(("src/", "migrations/")) for path in listed)


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


def combined(options: Options) -> list[Sheet]:
    """Every combination of answers; default first."""
    return [dict(zip(options, answers, strict=True)) for answers in product(*options.values())]


def covering(options: Options, given: Iterable[Sheet] = ()) -> list[Sheet]:
    """Few sheets in which every pair of answers to two different options occurs; default first.

    Sheets that are given stand in front, and need no others for what they cover.
    """
    chosen, candidates = list(given), combined(options)
    while (open_pairs := uncovered(options, chosen)) or not chosen:
        best = max(candidates, key=lambda sheet: len(open_pairs & covered(sheet)))
        chosen.append(best if chosen else candidates[0])
    return chosen


def array(asked: Mapping[str, object], here: Sequence[str], *, full: bool = False) -> list[Sheet]:
    """The sheets to install: all pairs, or all combinations, of answers that decide what runs.

    Every pair of answers that the Pythons `here` can run stands in a sheet of theirs; the sheets
    of other Pythons come last. Answers that decide only what lies beside take turns.
    """
    pythons = values(asked["python_version"])
    running = {**running_options(asked), "python_version": pythons}
    possible = {**running, "python_version": [each for each in pythons if each in here]}
    first = (combined if full else covering)(possible) if here else []
    sheets = covering(running, first)
    if full:
        sheets = first + [sheet for sheet in combined(running) if sheet not in first]
    options = code_options(asked)
    turns = {name: known for name, known in options.items() if name not in running}
    return [
        sheet | {name: known[turn % len(known)] for name, known in turns.items()}
        for turn, sheet in enumerate(sheets)
    ]


def each_answer(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Few of these sheets in which every answer of theirs occurs; the first one first."""
    chosen: list[Sheet] = []
    left = {answer for sheet in sheets for answer in sheet.items()}
    while left:
        best = max(sheets, key=lambda sheet: len(left & set(sheet.items())))
        chosen.append(best)
        left -= set(best.items())
    return chosen


def uncovered(options: Options, sheets: Iterable[Sheet]) -> set[Pair]:
    """The pairs of answers that stand in no sheet."""
    return set(pairs(options)).difference(*map(covered, sheets))


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
