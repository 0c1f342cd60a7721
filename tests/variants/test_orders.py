"""Tests which variants a command line orders."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.variants import interpreters
from tests.variants.orders import Order, coverage, matrix, orders, understood
from tests.variants.sheets import (
    PYTHON,
    code_options,
    combined,
    covering,
    label,
    questions,
    running_options,
    typed,
    uncovered,
    values,
)

OPTIONS = code_options(questions())
SHEETS = covering(OPTIONS)
Here = Callable[..., None]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """Makes these Pythons the ones that are here."""

    def only(*versions: str) -> None:
        found = {version: f"/python{version}" for version in versions}
        monkeypatch.setattr(interpreters, "present", found.get)

    return only


def ordered(*words: str) -> list[Order]:
    """What these words order."""
    return list(orders(understood(words)))


def test_quick_looks_at_every_answer_and_installs_two_that_differ_in_all(here: Here) -> None:
    here("3.13")
    static = [order.sheet for order in ordered("--quick") if order.stage == "static"]
    installed = [order.sheet for order in ordered("--quick") if order.stage == "installed"]
    assert not SHEETS[0].items() & SHEETS[1].items()
    assert (static, installed) == (SHEETS, SHEETS[:2])


def test_every_combination_is_looked_at_and_a_missing_python_is_not_passed_over(here: Here) -> None:
    here("3.12", "3.13")
    wanted = ordered()
    static = [order.sheet for order in wanted if order.stage == "static"]
    assert sorted(map(label, static)) == sorted(map(label, combined(OPTIONS)))
    for order in wanted:
        if order.stage != "static":
            version = str(order.sheet["python_version"])
            assert order.python == (None if version == "3.14" else f"/python{version}")
    assert any(order.python is None for order in wanted)


@pytest.mark.parametrize("pythons", [("3.13",), ("3.12", "3.14"), ("3.12", "3.13", "3.14")])
def test_the_system_checks_see_every_answer_that_can_run_here(
    pythons: tuple[str, ...], here: Here
) -> None:
    here(*pythons)
    wanted = ordered()
    thorough = [order.sheet for order in wanted if order.stage in {"system", "measured"}]
    assert [order.stage for order in wanted].count("measured") == 1
    for name, answers in {**running_options(questions()), "python_version": pythons}.items():
        assert {sheet[name] for sheet in thorough} == set(answers)


def test_full_takes_all_code_and_every_pair_through_the_system_checks(here: Here) -> None:
    here("3.12", "3.13", "3.14")
    wanted = ordered("--full")
    thorough = [order.sheet for order in wanted if order.stage in {"system", "measured"}]
    options = running_options(questions())
    code = {name: known for name, known in options.items() if name != PYTHON}
    for sheet in combined(code):
        assert any(sheet.items() <= other.items() for other in thorough)
    assert not uncovered(options, thorough)


@pytest.mark.parametrize("pythons", [(), ("3.13",), ("3.12", "3.13"), ("3.12", "3.13", "3.14")])
def test_all_pairs_that_can_run_here_do_and_the_others_are_counted(
    pythons: tuple[str, ...], here: Here
) -> None:
    here(*pythons)
    said, complete = coverage(ordered())
    have, _, total, *_ = said.split()
    assert complete is bool(pythons)
    assert (have == total) is (len(pythons) == 3)


def test_a_pair_that_was_left_out_is_found(here: Here) -> None:
    here("3.12", "3.13")
    wanted = ordered()
    installed = [order for order in wanted if order.stage != "static" and order.python]
    _, complete = coverage([order for order in wanted if order is not installed[-1]])
    assert not complete


def test_words_order_one_variant_with_the_defaults_for_the_rest(here: Here) -> None:
    here("3.12")
    [order] = ordered("example=no", "python_version=3.12")
    assert order.sheet == {**SHEETS[0], "example": False, "python_version": "3.12"}
    assert (order.stage, order.python) == ("all", "/python3.12")


def test_the_oldest_versions_are_tried_with_the_defaults(here: Here) -> None:
    here("3.13")
    [order] = ordered("--lowest")
    assert order == (SHEETS[0] | {"python_version": "3.13"}, "lowest", "/python3.13")


def test_the_matrix_spells_variants_of_every_python_as_the_session_takes_them() -> None:
    sheets = [typed(words.split(), questions()) for words in matrix()]
    assert {sheet["python_version"] for sheet in sheets} == set(
        values(questions()["python_version"])
    )
    assert all(OPTIONS.keys() <= sheet.keys() for sheet in sheets)


def test_words_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(SystemExit):
        understood(["--quick", "--full"])
