"""Tests which variants a command line orders, and what it comes to."""

from __future__ import annotations

import pytest

from tests.variants import __main__ as command_line
from tests.variants import interpreters, pins
from tests.variants.build import Outcome
from tests.variants.checks import INSTALLED, STATIC, SYSTEM
from tests.variants.sheets import code_options, covering, questions, values

SHEETS = covering(code_options(questions()))


def test_quick_looks_at_every_sheet_and_installs_the_first_and_the_last() -> None:
    orders = list(command_line.orders(["--quick"]))
    assert sorted(map(str, SHEETS)) == sorted(str(order.sheet) for order in orders)
    installed = [order.sheet for order in orders if order.checks is INSTALLED]
    assert installed == [SHEETS[0], SHEETS[-1]]
    assert all(order.checks is STATIC for order in orders if order.sheet not in installed)


def test_all_means_every_sheet_on_every_python_and_a_missing_one_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(interpreters, "present", {"3.12": "/python3.12"}.get)
    orders = list(command_line.orders([]))
    assert len(orders) == len(SHEETS) * len(values(questions()["python_version"]))
    for order in orders:
        missing = order.sheet["python_version"] != "3.12"
        assert order.python == (None if missing else "/python3.12")
        assert order.checks is SYSTEM


def test_words_order_one_variant_with_the_defaults_for_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(interpreters, "obtain", str)
    [order] = command_line.orders(["example=no", "python_version=3.12"])
    assert order.sheet == {**SHEETS[0], "example": False, "python_version": "3.12"}
    assert order.python == "3.12"


@pytest.mark.parametrize(
    ("outcome", "code", "said"),
    [
        (Outcome("fine", 1, 1.0, ["ruff"], locked={"a==1"}), 0, "fine"),
        (Outcome("bad", 1, 1.0, [], "ruff: no"), 1, "FAILED ruff"),
        (Outcome("old", 1, 1.0, ["ruff"], locked={"b==1"}), 1, "a==1: locked by no variant"),
    ],
)
def test_a_failure_and_an_unused_pin_decide_the_exit_code(
    outcome: Outcome,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(pins, "tested", lambda: {"a==1"})
    monkeypatch.setattr(command_line, "fulfil", lambda _: outcome)
    assert command_line.main(["--quick"]) == code
    assert said in capsys.readouterr().out
