"""Builds the variants that a command line asks for, and prints the table."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.variants import pins
from tests.variants.build import Outcome
from tests.variants.lanes import fulfilled
from tests.variants.orders import Order, coverage, is_array, matrix, orders, understood
from tests.variants.sheets import code_options, covering, questions
from tests.variants.table import markdown, table, write


def built(ordered: Sequence[Order]) -> Iterator[Outcome]:
    """The outcomes of all orders; a fault is shown as soon as it is found."""
    for number, outcome in enumerate(fulfilled(ordered), start=1):
        said = "FAILED" if outcome.fault else "passed" if outcome.passed else "not run"
        print(f"{number} of {len(ordered)} {said}: {outcome.label}", flush=True)
        if outcome.fault:
            print(f"{outcome.fault}\n", flush=True)
        yield outcome


def unused_pins(outcomes: Sequence[Outcome]) -> str:
    """Names tested versions that no variant locks any more; only a run of all sheets can tell."""
    unused = pins.tested().difference(*(outcome.locked for outcome in outcomes))
    return f"{', '.join(sorted(unused))}: locked by no variant. {pins.WAY_OUT}" if unused else ""


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
        pins.write(set().union(*map(pins.freshly_locked, covering(code_options(questions())))))
        return 0
    ordered = list(orders(asked))
    outcomes = list(built(ordered))
    report(outcomes, asked.report)
    said, covered = coverage(ordered) if is_array(asked) else ("", True)
    failed = any(outcome.fault for outcome in outcomes) or not covered
    unused = "" if failed or asked.answers or asked.lowest else unused_pins(outcomes)
    print("\n".join(filter(None, [said, unused])))
    return int(failed or bool(unused))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Interrupted; nothing of it runs on.")
