"""Tests that every option is tried with every other, and that a sheet can be typed and read."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from tests.variants.sheets import (
    Options,
    Sheet,
    array,
    code_options,
    combined,
    covering,
    each_answer,
    label,
    questions,
    running_options,
    typed,
    uncovered,
    values,
)

SEVERAL: Options = {
    "example": [True, False],
    "jobs": [True, False],
    "codec": ["pyjwt", "python-jose"],
    "ci": ["github", "gitlab", "none"],
    "mail": [True, False],
}


@pytest.mark.parametrize("options", [SEVERAL, code_options(questions())])
def test_every_pair_of_answers_to_two_options_stands_in_some_sheet(options: Options) -> None:
    sheets = covering(options)
    for one, other in combinations(options, 2):
        for pair in product(options[one], options[other]):
            assert any((sheet[one], sheet[other]) == pair for sheet in sheets)


@pytest.mark.parametrize("options", [SEVERAL, {"example": [True, False]}])
def test_every_answer_stands_in_some_sheet_and_the_defaults_come_first(options: Options) -> None:
    sheets = covering(options)
    assert sheets[0] == {name: answers[0] for name, answers in options.items()}
    for name, answers in options.items():
        assert {sheet[name] for sheet in sheets} == set(answers)


def test_the_sheets_are_far_fewer_than_all_combinations() -> None:
    assert len(covering(SEVERAL)) <= 9
    assert len(covering({f"option{n}": [True, False] for n in range(10)})) <= 10


def test_an_option_joins_by_standing_in_the_manifest() -> None:
    asked = {
        "project_name": "Shop",
        "python_version": ["3.13", "3.12"],
        "jobs": False,
        "codec": ["a", "b"],
        "_features": {"jobs": ["src/app/jobs"]},
        "_overlays": {"codec=b": {"b.py": "a.py"}},
    }
    assert code_options(asked) == {"jobs": [False, True], "codec": ["a", "b"]}


ASKED = {
    "python_version": ["3.13", "3.12"],
    "jobs": False,
    "codec": ["a", "b"],
    "ci": ["github", "gitlab", "none"],
    "_features": {
        "jobs": ["docs/jobs.md", "src/app/jobs"],
        "codec=a": [],
        "ci=github": [".github", "tests/test_ci.py"],
        "ci=gitlab": [".gitlab-ci.yml"],
    },
    "_overlays": {"codec=b": {"b.py": "a.py"}},
}


def test_an_option_decides_what_runs_by_owning_code_an_overlay_or_lines_alone() -> None:
    assert list(running_options(ASKED)) == ["jobs", "codec", "python_version"]
    lines_alone = {**ASKED, "_overlays": {}}
    assert list(running_options(lines_alone)) == ["jobs", "codec", "python_version"]


def test_answers_beside_the_code_take_turns_in_the_array_and_make_it_no_longer() -> None:
    sheets = array(ASKED, ["3.13", "3.12"])
    assert len(sheets) == len(covering(running_options(ASKED)))
    assert {sheet["ci"] for sheet in sheets} == {"github", "gitlab", "none"}
    assert sheets[0] == {"jobs": False, "codec": "a", "python_version": "3.13", "ci": "github"}


def test_all_combinations_share_out_the_pythons_so_that_every_pair_occurs() -> None:
    sheets = array(ASKED, ["3.13", "3.12"], full=True)
    assert len(sheets) == len(combined({"jobs": [False, True], "codec": ["a", "b"]}))
    assert not uncovered(running_options(ASKED), sheets)


def test_few_sheets_of_an_array_show_every_answer_that_runs() -> None:
    sheets = array(ASKED, ["3.13", "3.12"])
    assert len(each_answer(sheets, running_options(ASKED))) == 2


def test_a_label_can_be_typed_to_get_the_same_sheet() -> None:
    sheet: Sheet = {"example": False, "python_version": "3.12"}
    assert label(sheet) == "example=no python_version=3.12"
    assert typed(label(sheet).split(), questions()) == sheet


@pytest.mark.parametrize("word", ["example=maybe", "example", "nonsense=1", "project_name=x"])
def test_a_word_that_spells_no_answer_is_refused_by_name(word: str) -> None:
    with pytest.raises(ValueError, match=word):
        typed([word], questions())


def test_a_question_that_is_free_text_has_no_list_of_answers() -> None:
    with pytest.raises(TypeError, match="neither yes/no nor a choice"):
        values("My Service")
