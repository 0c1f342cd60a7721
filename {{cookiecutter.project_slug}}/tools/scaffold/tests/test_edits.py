"""Lists get and lose members; everything else keeps every byte."""

import pytest

from scaffold.edits import added, names, removed
from scaffold.listing import Find, contract, grid, imported, literal

MAIN = """\
from app import (
    # what every request passes
    http,
    users,  # accounts
)

FEATURES: list[Feature] = [
    http,
    users(
        1,
    ),
    # Yours follow here.
]
after = 1
"""
HOLDERS = """\
HOLDERS = {
    "users:read": frozenset(
        {Role.ADMIN},
    ),
}
"""
PROJECT = """\
[[tool.importlinter.contracts]]
name = "layers"
containers = [
    "app.users", # accounts
]
layers = ["(router)"]

[[tool.importlinter.contracts]]
name = "core knows no feature"
forbidden_modules = ["app.one", "app.line"]
"""
README = """\
# Service

| feature | router | service |
| --- | --- | --- |
| [users](src/app/users/__init__.py): accounts | - | - |

Text.
"""
LISTS = [
    (MAIN, literal("FEATURES"), ["http", "users(1)"]),
    (MAIN, imported("app"), ["http", "users"]),
    (HOLDERS, literal("HOLDERS"), ["users:read"]),
    (PROJECT, contract("layers", "containers"), ["app.users"]),
    (README, grid, ["users"]),
]


@pytest.mark.parametrize(("text", "find", "members"), LISTS)
def test_a_list_is_found_with_its_members(text: str, find: Find, members: list[str]) -> None:
    assert names(text, find) == members


@pytest.mark.parametrize(("text", "find", "members"), LISTS)
def test_what_was_added_stands_last_and_can_be_taken_out_again(
    text: str, find: Find, members: list[str]
) -> None:
    lines = {README: "| [new](src/app/new/__init__.py): new | - | - |", HOLDERS: '"new": 1,'}
    line = lines.get(text, '"new",' if text == PROJECT else "new,")
    name = {PROJECT: "new"}.get(text, "new")

    more = added(text, find, name, line)

    assert more is not None
    assert names(more, find) == [*members, name]
    assert removed(more, find, name) == text


def test_yours_follow_below_the_comment() -> None:
    more = added(MAIN, literal("FEATURES"), "notes", "notes,")

    assert more == MAIN.replace("here.\n]", "here.\n    notes,\n]")


def test_an_import_stands_where_its_name_belongs() -> None:
    more = added(MAIN, imported("app"), "notes", "notes,", sorted_in=True)

    assert more == MAIN.replace("    users,  #", "    notes,\n    users,  #")


def test_what_is_there_is_not_added_again() -> None:
    assert added(MAIN, imported("app"), "http", "http,") == MAIN


def test_a_member_of_several_lines_goes_with_all_of_them() -> None:
    assert removed(HOLDERS, literal("HOLDERS"), "users:read") == "HOLDERS = {\n}\n"


@pytest.mark.parametrize(
    ("text", "find"),
    [
        ("x = [a, b]\n", literal("x")),
        ("x = [\n    a, b,\n]\n", literal("x")),
        ("x = [\n    a,\n    b]\n", literal("x")),
        ("from app import http, users\n", imported("app")),
        ("x = [\n    a,\n]\n", literal("y")),
        (PROJECT, contract("core knows no feature", "forbidden_modules")),
        (PROJECT, contract("layers", "forbidden_modules")),
        (PROJECT, contract("nobody", "containers")),
        ("# Service\n", grid),
    ],
)
def test_a_list_that_is_not_there_or_not_a_member_a_line_is_left_alone(
    text: str, find: Find
) -> None:
    assert added(text, find, "new", "new,") is None
    assert removed(text, find, "a") == text
