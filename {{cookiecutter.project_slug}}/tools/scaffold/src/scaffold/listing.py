"""Lists in the project's files whose members stand one on a line, and where these lines are."""

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """What a list holds, with the numbers of its first line and of the one after its last."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Listing:
    """The number of the line at which the list ends, from 0, and what stands above it."""

    end: int
    members: list[Member]


Find = Callable[[str], Listing | None]
"""Finds a list in a text; None where it is not there, or not written one member a line."""


def literal(variable: str) -> Find:
    """The list, set, tuple or dict that the module assigns to `variable`; dicts by their keys."""

    def find(text: str) -> Listing | None:
        for node in ast.parse(text).body:
            if isinstance(node, ast.AnnAssign):
                targets: list[ast.expr] = [node.target]
            elif isinstance(node, ast.Assign):
                targets = node.targets
            else:
                continue
            if node.value and variable in map(ast.unparse, targets):
                return _listing(text, node.value, _members(node.value))
        return None

    return find


def imported(module: str) -> Find:
    """The names of `from module import (...)`."""

    def find(text: str) -> Listing | None:
        for node in ast.parse(text).body:
            if isinstance(node, ast.ImportFrom) and node.module == module:
                return _listing(text, node, [_member(each.name, each, each) for each in node.names])
        return None

    return find


def contract(name: str, key: str) -> Find:
    """The list `key` of the import contract that is so called, in pyproject.toml."""

    def find(text: str) -> Listing | None:
        lines = text.splitlines()
        section = _after(lines, 0, re.escape(f'name = "{name}"'))
        start = section and _after(lines, section, rf"{key} = \[")
        end = start and _after(lines, start, r"\]")
        if not start or not end or "[[tool.importlinter.contracts]]" in lines[section:end]:
            return None
        return Listing(end - 1, _rows(lines, start, end - 1, r'\s*"([^"]*)",'))

    return find


def grid(text: str) -> Listing | None:
    """The rows of README's table of features, each by its folder."""
    lines = text.splitlines()
    start = _after(lines, 0, r"\| feature \| router \|.*")
    if not start:
        return None
    end = next((n for n in range(start, len(lines)) if not lines[n].startswith("|")), len(lines))
    return Listing(end, _rows(lines, start, end, r"\| \[[^]]*\]\(src/app/(.*?)/__init__\.py\)"))


def _rows(lines: list[str], start: int, end: int, pattern: str) -> list[Member]:
    """The lines that begin like `pattern`, each by what its group holds."""
    begun = ((at, re.match(pattern, lines[at])) for at in range(start, end))
    return [Member(found[1], at, at + 1) for at, found in begun if found]


def _after(lines: list[str], start: int, pattern: str) -> int:
    """The number of the line after the first that is like `pattern`; 0 where none is."""
    found = (n + 1 for n in range(start, len(lines)) if re.fullmatch(pattern, lines[n].strip()))
    return next(found, 0)


def _members(node: ast.expr) -> list[Member]:
    if isinstance(node, ast.List | ast.Set | ast.Tuple):
        return [_member(_name(each), each, each) for each in node.elts]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [_member(_name(key), key, value) for key, value in pairs if key]
    return []


def _name(node: ast.expr) -> str:
    """A string by what it says, anything else as it is written."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ast.unparse(node)


def _member(name: str, first: ast.expr | ast.alias, last: ast.expr | ast.alias) -> Member:
    return Member(name, first.lineno - 1, last.end_lineno or last.lineno)


def _listing(text: str, node: ast.expr | ast.stmt, members: Iterable[Member]) -> Listing | None:
    """None where members share a line with each other or with a bracket."""
    end = (node.end_lineno or node.lineno) - 1
    listing = Listing(end, list(members))
    borders = [node.lineno, *(each.end for each in listing.members)]
    pairs = zip(listing.members, borders, strict=False)
    apart = all(member.start >= border for member, border in pairs)
    alone = re.match(r"\s*[\])}]", text.splitlines()[end])
    return listing if apart and alone and borders[-1] <= end else None
