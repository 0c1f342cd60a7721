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
PYTHON = "python_version"


def questions(template: Path = TEMPLATE) -> dict[str, object]:
    """The whole of cookiecutter.json."""
    return dict(json.loads((template / "cookiecutter.json").read_text("utf-8")))


def code_options(asked: Mapping[str, object]) -> Options:
    """The options that decide which code there is, each with all its values, the default first."""
    manifest = {**as_mapping(asked["_features"]), **as_mapping(asked["_overlays"])}
    names = {key.partition("=")[0] for key in manifest}
    return {name: values(default) for name, default in asked.items() if name in names}


def running_options(asked: Mapping[str, object]) -> dict[str, list[Answer]]:
    """Those that decide what runs, its Python among them, and not only what lies beside it."""
    features, overlays = as_mapping(asked["_features"]), as_mapping(asked["_overlays"])
    beside = {key for key, paths in features.items() if not (key in overlays or runs(paths))}
    names = {key.partition("=")[0] for key in (features.keys() | overlays.keys()) - beside}
    running = {name: known for name, known in code_options(asked).items() if name in names}
    return running | {PYTHON: values(asked[PYTHON])}


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

    Sheets that are given stand in front, and need no others for what they cover. Of those that
    cover as much the one with most new answers is next, so that few already show every answer.
    """
    chosen, candidates = list(given), combined(options)
    while (left := uncovered(options, chosen)) or not chosen:
        seen = {answer for sheet in chosen for answer in sheet.items()}
        worth = [(len(left & covered(sheet)), len(sheet.items() - seen)) for sheet in candidates]
        chosen.append(candidates[worth.index(max(worth)) if chosen else 0])
    return chosen


def array(asked: Mapping[str, object], here: Sequence[str], *, full: bool = False) -> list[Sheet]:
    """The sheets to install: all pairs, or all combinations, of answers that decide what runs.

    Every pair of answers that the Pythons `here` can run stands in a sheet of theirs; the sheets
    of other Pythons come last. A Python is no code of ours: the combinations share them out, so
    that each pair with one occurs. Answers that decide only what lies beside take turns.
    """
    running = running_options(asked)
    pythons = [version for version in running[PYTHON] if version in here]
    possible = running | {PYTHON: pythons}
    first = shared_out(possible) if full and here else []
    sheets = covering(running, covering(possible, first) if here else [])
    options = code_options(asked)
    turns = {name: known for name, known in options.items() if name not in running}
    return [
        sheet | {name: known[turn % len(known)] for name, known in turns.items()}
        for turn, sheet in enumerate(sheets)
    ]


def shared_out(options: Options) -> list[Sheet]:
    """Every combination of all options but the Python, each with the one that adds most pairs."""
    sheets: list[Sheet] = []
    for code in combined({name: known for name, known in options.items() if name != PYTHON}):
        left = uncovered(options, sheets)
        choices = [code | {PYTHON: version} for version in options[PYTHON]]
        sheets.append(max(choices, key=lambda sheet: len(left & covered(sheet))))
    return sheets


def each_answer(sheets: Sequence[Sheet], options: Options) -> list[Sheet]:
    """Few of these sheets in which every answer of theirs to these options occurs."""
    chosen: list[Sheet] = []
    left = {(name, sheet[name]) for sheet in sheets for name in options}
    while left:
        chosen.append(max(sheets, key=lambda sheet: len(left & sheet.items())))
        left -= chosen[-1].items()
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
