"""Tests that the manifest, the tags and the template's files speak of the same things."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import takewhile

import pytest

from tests.variants import pins
from tests.variants.rendering import SOURCE
from tests.variants.sheets import as_mapping, questions, values

TAG = re.compile(r" (?:#|<!--) feature: (\S+)")
CARRY_TAGS = re.compile(r"\.(py|toml|ya?ml|md)$|^\.env\.example$")
ASKED = questions()
FEATURES = as_mapping(ASKED["_features"])
OVERLAYS = as_mapping(ASKED["_overlays"])
KEYS = [*FEATURES, *OVERLAYS]


def listed() -> Iterator[str]:
    """Every path that the manifest names."""
    for paths in FEATURES.values():
        assert isinstance(paths, list)
        yield from map(str, paths)
    for files in map(as_mapping, OVERLAYS.values()):
        yield from files
        yield from map(str, files.values())


def tagged_files() -> Iterator[tuple[str, list[str]]]:
    """Name and lines of each file of the template that holds a tag."""
    for path in sorted(path for path in SOURCE.rglob("*") if path.is_file()):
        text = path.read_bytes().decode("utf-8", "replace")
        if TAG.search(text):
            yield path.relative_to(SOURCE).as_posix(), text.splitlines()


def untagged_members(lines: list[str], number: int) -> int:
    """How many untagged lines stand in the same list as the tagged line: at its own indent."""
    indent = len(lines[number]) - len(lines[number].lstrip())

    def inside(line: str) -> bool:
        return bool(line.strip()) and len(line) - len(line.lstrip()) >= indent

    block = [
        *takewhile(inside, reversed(lines[:number])),
        *takewhile(inside, lines[number + 1 :]),
    ]
    same = [line for line in block if len(line) - len(line.lstrip()) == indent]
    return sum(not TAG.search(line) for line in same)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_an_option_or_one_of_its_values(key: str) -> None:
    option, _, named = key.partition("=")
    assert set(named.split(",") if named else [True]) <= set(values(ASKED[option]))


@pytest.mark.parametrize("path", sorted(set(listed())))
def test_a_listed_path_exists(path: str) -> None:
    assert (SOURCE / path).exists(), f"cookiecutter.json lists {path}, which is not in the template"


def test_a_tag_names_a_key_and_stands_where_the_hook_and_the_tools_understand_it() -> None:
    for name, lines in tagged_files():
        assert CARRY_TAGS.search(name), f"{name}: a file of this kind carries no tags"
        unknown = {key for line in lines for key in TAG.findall(line)} - set(KEYS)
        assert not unknown, f"{name}: cookiecutter.json knows no {unknown}"


def test_a_tagged_list_keeps_enough_members_whatever_is_declined() -> None:
    """Python: an import of none is an error, a tuple of one reformats. YAML: none is null."""
    for name, lines in tagged_files():
        needed = {"py": 2, "yml": 1, "yaml": 1}.get(name.rpartition(".")[2], 0)
        for number, line in enumerate(lines):
            if TAG.search(line) and line.startswith(" "):
                kept = untagged_members(lines, number)
                assert kept >= needed, f"{name}:{number + 1}: {kept} untagged beside {line.strip()}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x = [\n    a,\n    b,\n    c,  # feature: c\n]\n", 2),
        ("x = [\n    a,  # feature: a\n    b(\n        1,\n    ),\n]\ny = 1\n", 2),
        ("x = [\n    a,\n    c,  # feature: c\n]\nb\n", 1),
        ("on:\n  - a\n  - c # feature: c\n  - d # feature: d\n", 1),
    ],
)
def test_members_are_counted_within_their_list(text: str, kept: int) -> None:
    lines = text.splitlines()
    tagged = next(number for number, line in enumerate(lines) if TAG.search(line))
    assert untagged_members(lines, tagged) == kept


def test_no_service_can_be_named_like_a_package_that_it_installs() -> None:
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    direct = {re.split(r"[^\w.-]", wish)[0].lower() for wish in wanted}
    locked = {version.partition("==")[0] for version in pins.tested()}
    assert isinstance(ASKED["_reserved"], list)
    missing = sorted((direct | locked) - set(ASKED["_reserved"]))
    assert not missing, f"cookiecutter.json: add to _reserved {missing}"
