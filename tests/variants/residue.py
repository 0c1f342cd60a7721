"""Finds what a render must not carry: traces of the template itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

TRACES = re.compile(r"(?:#|<!--) feature: \w|(?i:cookiecutter)|(?<!\$)\{\{|\{%|\{#")
"""Tags, the generator's name, and Jinja; `${{` is a CI workflow's own syntax."""


def of_template(folder: Path) -> list[str]:
    """Each line with a trace of the template, as path:line: text."""
    return list(lines_with(TRACES, folder))


def lines_with(pattern: re.Pattern[str], folder: Path) -> Iterator[str]:
    """Each line of a text file that holds the pattern, and each path that does."""
    somewhere = re.compile(pattern.pattern, pattern.flags | re.MULTILINE)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if pattern.search(name):
            yield name
        if not somewhere.search(text := text_of(path)):  # most files: not line by line
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()}"


def text_of(path: Path) -> str:
    """The file's text; nothing for a binary file."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")
