"""Says which variants a command line asks for, and how far the checks of each go."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.variants import interpreters, sheets
from tests.variants.sheets import (
    Sheet,
    code_options,
    label,
    questions,
    running_options,
    typed,
    values,
)


class Order(NamedTuple):
    """One variant to build, the stage it is to pass, and its Python; None: not to be had here."""

    sheet: Sheet
    stage: str
    python: str | None


def understood(words: Sequence[str]) -> argparse.Namespace:
    """What the words ask for; others end the process with a usage."""
    parser = argparse.ArgumentParser(prog="nox -s variants --")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("answers", nargs="*", default=[], metavar="option=value", help="one variant")
    which.add_argument("--quick", action="store_true", help="a few, most of them not installed")
    which.add_argument("--static", action="store_true", help="look at every one, install none")
    which.add_argument("--full", action="store_true", help="install all that run differently")
    which.add_argument("--lowest", action="store_true", help="the defaults at the oldest versions")
    which.add_argument("--list-json", action="store_true", help="only list what is to be installed")
    which.add_argument("--write-pins", action="store_true", help="only note what renders lock")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="keep the table in files")
    return parser.parse_args(words)


def orders(asked: argparse.Namespace) -> Iterator[Order]:
    """What is to be built: the static checks first, as they are quick to say no."""
    manifest, options = questions(), code_options(questions())
    pythons = python_versions()
    few = sheets.covering(options)
    preferred = few[0] | {"python_version": pythons[0]}
    if asked.answers:
        sheet = preferred | typed(asked.answers, manifest)
        yield Order(sheet, "all", interpreters.obtain(str(sheet["python_version"])))
    elif asked.lowest:
        yield Order(preferred, "lowest", interpreters.obtain(pythons[0]))
    elif asked.quick:
        yield from (Order(sheet, "static", sys.executable) for sheet in few)
        python = interpreters.obtain(pythons[0])
        yield from (Order(sheet, "installed", python) for sheet in few[:2])
    else:
        # Neighbours differ in the last option, often in nothing that a check reads: apart from
        # each other, one lane does not begin what another is about to know.
        every, turns = sheets.combined(options), len([*options.values()][-1])
        apart = [sheet for turn in range(turns) for sheet in every[turn::turns]]
        yield from (Order(sheet, "static", sys.executable) for sheet in apart)
    if is_array(asked):
        here = [version for version in pythons if interpreters.present(version)]
        installed = sheets.array(manifest, here, full=asked.full)
        possible = [sheet for sheet in installed if sheet["python_version"] in here]
        thorough = (
            possible if asked.full else sheets.each_answer(possible, running_options(manifest))
        )
        for sheet in installed:
            its_own = interpreters.present(str(sheet["python_version"]))
            yield Order(sheet, stage(sheet, thorough), its_own)


def stage(sheet: Sheet, thorough: Sequence[Sheet]) -> str:
    """How far a sheet's checks go; to measure, and keep the other lanes waiting, one is enough."""
    if sheet in thorough[:1]:
        return "measured"
    return "system" if sheet in thorough else "installed"


def is_array(asked: argparse.Namespace) -> bool:
    """Whether all pairs of answers are to be installed."""
    return not (asked.answers or asked.lowest or asked.quick or asked.static)


def matrix() -> list[str]:
    """The variants that CI installs, one job each, spelled as the session takes them."""
    return [label(sheet) for sheet in sheets.array(questions(), python_versions())]


def python_versions() -> list[str]:
    """Those that may be asked for, the preferred one first."""
    return [str(version) for version in values(questions()["python_version"])]


def coverage(ordered: Sequence[Order]) -> tuple[str, bool]:
    """How many pairs of answers run, in words; and whether these are all that can run here."""
    options = running_options(questions())
    installed = [order.sheet for order in ordered if order.stage != "static" and order.python]
    here = {sheet["python_version"] for sheet in installed}
    away = {("python_version", each) for each in python_versions() if each not in here}
    left = sheets.uncovered(options, installed)
    total = len(list(sheets.pairs(options)))
    said = f"{total - len(left)} of {total} pairs of answers stand in a variant that was installed."
    return said, all(pair & away for pair in left)
