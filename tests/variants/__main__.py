"""Builds the variants that a command line asks for, and prints the table."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.variants import dates, pins
from tests.variants.build import Outcome
from tests.variants.lanes import fulfilled
from tests.variants.orders import Order, coverage, is_array, matrix, orders, understood
from tests.variants.rendering import SOURCE
from tests.variants.sheets import code_options, covering, questions
from tests.variants.table import markdown, table, write


def built(ordered: Sequence[Order]) -> Iterator[Outcome]:
    """The outcomes of all orders; a fault is shown as soon as it is found."""
    for number, outcome in enumerate(fulfilled(ordered), start=1):
        said = "FAILED" if outcome.fault else "passed" if outcome.passed else "not run"
        took = f" in {outcome.seconds:.1f} s" if outcome.seconds else ""
        print(f"{number} of {len(ordered)} {said}{took}: {outcome.label}", flush=True)
        if outcome.fault:
            print(f"{outcome.fault}\n", flush=True)
        yield outcome


def unused_pins(locked: set[str]) -> str:
    """Names tested packages that no variant locks any more; only a run of all sheets can tell."""
    unused = sorted(pins.names(pins.tested()) - pins.names(locked))
    return f"{', '.join(unused)}: locked by no variant. {pins.WAY_OUT}" if unused else ""


def shown_late(locked: set[str]) -> str:
    """Tells that the versions which passed are not those that were noted under the same date."""
    late = ", ".join(sorted(pins.shown_late(locked)))
    return f"Not as noted, as the index shows others since: {late}. {pins.WAY_OUT}" if late else ""


def report(outcomes: Sequence[Outcome], folder: Path | None) -> None:
    """Shows the table here, in the folder's files, and where a CI provider shows summaries."""
    print(table(outcomes))
    if folder:
        write(outcomes, folder)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown(outcomes))


def main(words: Sequence[str]) -> int:
    """The exit code: 1 when a variant failed, a pin is unused, or a pair was left out."""
    asked = understood(words)
    if asked.list_json:
        print(json.dumps(matrix()))
        return 0
    if asked.write_pins:
        sheets = covering(code_options(questions()))
        pins.write(set().union(*map(pins.freshly_locked, sheets)), dates.fixed(SOURCE))
        return 0
    ordered = list(orders(asked))
    outcomes = list(built(ordered))
    report(outcomes, asked.report)
    said, covered = coverage(ordered) if is_array(asked) else ("", True)
    failed = any(outcome.fault for outcome in outcomes) or not covered
    locked = set[str]().union(*(outcome.locked for outcome in outcomes))
    unused = "" if failed or asked.answers or asked.lowest else unused_pins(locked)
    late = "" if asked.lowest else shown_late(locked)
    print("\n".join(filter(None, [said, late, unused])))
    return int(failed or bool(unused))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Interrupted; nothing of it runs on.")
