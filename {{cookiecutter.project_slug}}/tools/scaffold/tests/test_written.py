"""What is written is code of this resource and no other kind, with no trace of how it was made."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

import pytest

from scaffold.definition import Flags, parse
from scaffold.refusal import Refused
from scaffold.written import files
from tools.scaffold.tests.around import AROUND, EVERY_TYPE
from tools.scaffold.tests.conftest import SERVICE

PLAIN = Flags()
ALL = Flags(owned=True, cached=True, paginate="cursor", idempotent=True, soft_delete=True)
WORDS = {
    PLAIN: ("name:str",),
    ALL: (*EVERY_TYPE, "project_id:ref:projects"),
}


@cache
def written(flags: Flags) -> dict[PurePosixPath, str]:
    return files(parse("zebra", WORDS[flags], flags, AROUND), AROUND, SERVICE)


def text(flags: Flags, folder: str = "") -> str:
    return "\n".join(text for path, text in written(flags).items() if folder in str(path))


def names(flags: Flags) -> set[str]:
    return {path.name for path in written(flags)}


LAYERS = {
    *("__init__.py", "dependencies.py", "errors.py", "models.py", "repository.py", "router.py"),
    *("schemas.py", "service.py", "0010_zebras.py"),
    *("conftest.py", "factories.py", "test_migration.py", "test_repository.py"),
    *("test_router.py", "test_service.py"),
}
MORE = {
    *("cached.py", "privacy.py"),
    *("test_cached.py", "test_ownership.py", "test_privacy.py", "test_retry.py"),
}


def test_a_file_is_written_where_there_is_something_to_say() -> None:
    assert names(PLAIN) == LAYERS
    assert names(ALL) == LAYERS | MORE


def test_what_was_not_asked_for_is_not_there() -> None:
    said = text(PLAIN)

    for word in ("cached", "owner", "dempoten", "deleted_at", "PROTECTED", "protect(", "Unscoped"):
        assert word not in said
        assert word in text(ALL)


@pytest.mark.parametrize("flags", [PLAIN, ALL])
def test_no_line_shows_how_it_was_written(flags: Flags) -> None:
    assert not re.search(r"\$\w|\$\{|#\?|scaffold|\{\{|feature:", text(flags))


@pytest.mark.parametrize("flags", [PLAIN, ALL])
def test_the_code_is_about_as_long_as_by_hand(flags: Flags) -> None:
    lengths = {path: said.count("\n") for path, said in written(flags).items()}

    assert sum(number for path, number in lengths.items() if path.parts[0] == "src") < 700
    assert max(number for path, number in lengths.items() if path.parts[0] == "src") < 180


def identifiers(code: str) -> Iterator[str]:
    """What a module binds or reads."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]


def meeting(code: str) -> Iterator[str]:
    """How a resource may not be called, as its own name stands in the same module."""
    found = set(identifiers(code))
    for mine, alike in {"zebra": "[a-z]", "zebras": "[a-z]", "Zebra": "[A-Z].*[a-z]"}.items():
        others = {name for name in found if re.match(alike, name) and "zebra" not in name.lower()}
        if mine in found:
            yield from {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() for name in others}


def test_a_resource_cannot_be_called_like_anything_that_stands_beside_it() -> None:
    """Or the one would hide the other."""
    fields = "|".join(word.partition(":")[0].removesuffix("_id") for word in WORDS[ALL])
    taken = {name for flags in WORDS for code in written(flags).values() for name in meeting(code)}

    assert [name for name in taken if not (re.search(fields, name) or is_refused(name))] == []


def is_refused(name: str) -> bool:
    try:
        parse(name, ["title:str"], Flags(plural=f"{name}_s"), AROUND)
    except Refused:
        return True
    return False
