"""Chooses the variants that a command line asks for, builds them and prints the table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.variants import interpreters, pins
from tests.variants.build import Outcome, build
from tests.variants.checks import INSTALLED, STATIC, SYSTEM, Check
from tests.variants.sheets import Sheet, code_options, covering, label, questions, typed, values
from tests.variants.table import table


class Order(NamedTuple):
    """One variant to build, the checks it is to pass, and its Python; None: not to be had here."""

    sheet: Sheet
    checks: Mapping[str, Check]
    python: str | None


def orders(words: list[str]) -> Iterator[Order]:
    """What `--quick`, `option=value` words, or nothing ask for."""
    asked = questions()
    sheets = covering(code_options(asked))
    pythons = [str(version) for version in values(asked["python_version"])]
    if "--quick" in words:
        python = interpreters.obtain(pythons[0])
        yield from (Order(sheet, STATIC, python) for sheet in sheets[1:-1])
        yield from (Order(sheet, INSTALLED, python) for sheet in (sheets[0], sheets[-1]))
    elif words:
        sheet = {**sheets[0], "python_version": pythons[0], **typed(words, asked)}
        yield Order(sheet, SYSTEM, interpreters.obtain(str(sheet["python_version"])))
    else:
        for sheet, version in ((sheet, version) for version in pythons for sheet in sheets):
            full = {**sheet, "python_version": version}
            yield Order(full, SYSTEM, interpreters.present(version))


def fulfil(order: Order) -> Outcome:
    """Builds what is ordered, and shows a fault as soon as it is found."""
    print(f"{label(order.sheet)} ...", flush=True)
    if order.python is None:
        return Outcome(label(order.sheet))
    outcome = build(order.sheet, order.checks, order.python)
    print(f"{outcome.fault or 'passed'}\n", flush=True)
    return outcome


def unused_pins(outcomes: list[Outcome]) -> str:
    """Names tested versions that no variant locks any more; only a run of all sheets can tell."""
    unused = pins.tested().difference(*(outcome.locked for outcome in outcomes))
    return f"{', '.join(sorted(unused))}: locked by no variant. {pins.WAY_OUT}" if unused else ""


def main(words: list[str]) -> int:
    """The exit code: 1 when a variant failed, or a pin is unused."""
    if words == ["--write-pins"]:
        pins.write(set().union(*map(pins.freshly_locked, covering(code_options(questions())))))
        return 0
    outcomes = [fulfil(order) for order in orders(words)]
    print(table(outcomes))
    failed = any(outcome.fault for outcome in outcomes)
    unused = "" if failed or one_variant(words) else unused_pins(outcomes)
    print(unused)
    return int(failed or bool(unused))


def one_variant(words: list[str]) -> bool:
    """Whether the words spell a single variant."""
    return any("=" in word for word in words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
