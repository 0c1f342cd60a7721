"""Tests what no file of this repository may hold: cookiecutter renders and copies them all."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from tests.variants.rendering import SOURCE, TEMPLATE
from tests.variants.residue import lines_with
from tests.variants.sheets import questions

VALUE = re.compile(r"\{\{ cookiecutter\.(\w+) \}\}")
IN_CODE = {".py", ".toml"}
REGISTRY = re.compile(r"(?i)\b(pypi\.(org|python)|files\.python[h]osted)|https?://\S+/simple\b")


def templates(*, verbatim: bool = False) -> Iterator[tuple[str, Path]]:
    """Every file that cookiecutter renders, or copies as it is, by its path in the service."""
    globs = questions()["_copy_without_render"]
    assert isinstance(globs, list)
    for path in sorted(path for path in SOURCE.rglob("*") if path.is_file()):
        name = path.relative_to(SOURCE).as_posix()
        copied = [name, *map(str, PurePosixPath(name).parents)]
        if verbatim is any(fnmatch(each, glob) for each in copied for glob in globs):
            yield name, path


def lines() -> Iterator[tuple[str, str]]:
    """Every line of those files, after the place where it stands."""
    for name, path in templates():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            yield f"{name}:{number}", line


def test_the_template_folder_holds_only_tracked_files() -> None:
    """Without git there is nothing to compare with: an archive holds what was tracked."""
    if (TEMPLATE / ".git").exists():
        command = ["git", "ls-files", "--others", "--", SOURCE.name]
        stray = subprocess.run(command, cwd=TEMPLATE, capture_output=True, text=True, check=True)
        assert stray.stdout == "", "cookiecutter would copy these: git add or delete them"


def test_what_is_copied_as_it_is_holds_no_value() -> None:
    copied = list(templates(verbatim=True))
    assert copied
    for name, path in copied:
        assert not VALUE.search(path.read_text("utf-8")), f"{name}: nobody puts the value in"


def test_nothing_in_the_template_is_jinja_but_values() -> None:
    for place, line in lines():
        assert not re.search(r"\{[%#]", line), f"{place}: Jinja reads this as a statement: {line}"
        bare = VALUE.sub("", line)
        assert "{{" not in bare, f"{place}: Jinja reads this as an expression: {line}"


def test_a_value_is_one_that_is_asked_for() -> None:
    public = {name for name in questions() if not name.startswith("_")}
    for place, line in lines():
        unknown = set(VALUE.findall(line)) - public
        assert not unknown, f"{place}: cookiecutter.json asks for no {unknown}"


def test_a_value_in_code_stands_inside_a_string() -> None:
    for place, line in lines():
        if Path(place.rpartition(":")[0]).suffix in IN_CODE:
            for value in VALUE.finditer(line):
                quotes = line[: value.start()].count('"')
                assert quotes % 2, f"{place}: a value outside double quotes: {line}"


def test_no_option_decides_inside_a_file() -> None:
    options = {name for name, default in questions().items() if isinstance(default, bool)}
    for place, line in lines():
        assert not options & set(VALUE.findall(line)), f"{place}: use a path or a tag: {line}"


def test_no_committed_file_names_the_address_of_a_package_registry() -> None:
    tracked = [TEMPLATE / name for name in ("tests", "hooks", ".github", ".ci", SOURCE.name)]
    found = [line for folder in tracked for line in lines_with(REGISTRY, folder)]
    assert found == []


def test_text_files_end_their_lines_with_lf_alone() -> None:
    for name, path in [*templates(), *templates(verbatim=True)]:
        content = path.read_bytes()
        assert b"\0" in content or b"\r" not in content, f"{name} holds a carriage return"
