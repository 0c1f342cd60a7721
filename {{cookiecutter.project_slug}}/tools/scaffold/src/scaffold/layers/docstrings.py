"""Docstrings whose length depends on names."""

from collections.abc import Sequence
from textwrap import fill

WIDTH = 100
INDENT = " " * 8
"""Of a method's body."""


def raising(kinds: Sequence[str], summary: str, *, brief: bool = False) -> str:
    """Of a method that raises these: in one line, if it fits, `brief` ones without the summary."""
    raises = f"Raises {', '.join(kinds)}." if kinds else ""
    for text in ([raises] if brief and raises else []) + [f"{summary} {raises}".strip()]:
        if len(line := f'{INDENT}"""{text}"""') <= WIDTH:
            return line
    wrapped = fill(raises, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    return f'{INDENT}"""{summary}\n\n{wrapped}\n{INDENT}"""'
