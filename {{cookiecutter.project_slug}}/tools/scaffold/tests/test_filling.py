"""Texts become code: some of their lines, with names in them."""

import pytest

from scaffold.filling import filled


def test_a_line_is_written_where_its_mark_says_so() -> None:
    text = "always\nowned  #? owned\nfresh  #? !cached\nboth  #? owned !cached\n"

    assert filled(text, {"owned"}, {}) == "always\nowned\nfresh\nboth\n"
    assert filled(text, {"owned", "cached"}, {}) == "always\nowned\n"
    assert filled(text, {"cached"}, {}) == "always\n"


def test_names_are_filled_in_and_braces_stay() -> None:
    assert filled("f'{$one.id}' in ${one}s\n", (), {"one": "note"}) == "f'{note.id}' in notes\n"


def test_what_stands_alone_and_is_empty_leaves_no_line() -> None:
    assert filled("a\n    $more\nb$more\n", (), {"more": ""}) == "a\nb\n"
    assert filled("a\n$more\n", (), {"more": "    b\n    c"}) == "a\n    b\n    c\n"


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("$nothing else\n", (), {})
