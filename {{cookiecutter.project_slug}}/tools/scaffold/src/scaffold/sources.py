"""Python files of the service, by their syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path, PurePath

from scaffold.refusal import Refused


def read(path: Path) -> str:
    """The file's text."""
    return path.read_text("utf-8")


def parsed(text: str, path: PurePath) -> ast.Module:
    """The syntax tree of what stands, or will stand, in the file. Raises Refused."""
    try:
        return ast.parse(text)
    except SyntaxError as fault:
        raise Refused(
            [f"{path} is no valid Python (line {fault.lineno}: {fault.msg}): mend it first."]
        ) from None


def assignments(node: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """What the module or class assigns to its names, one after the other."""
    for each in node.body:
        if isinstance(each, ast.Assign):
            yield from ((ast.unparse(target), each.value) for target in each.targets)
        elif isinstance(each, ast.AnnAssign) and each.value:
            yield ast.unparse(each.target), each.value


def replaced(text: str, node: ast.expr, by: str) -> str:
    """The text with other words where the node stands."""
    lines = text.encode("utf-8").splitlines(keepends=True)
    start, end = node.lineno - 1, node.end_lineno or node.lineno
    before, after = lines[start][: node.col_offset], lines[end - 1][node.end_col_offset :]
    lines[start:end] = [before, by.encode("utf-8"), after]
    return b"".join(lines).decode("utf-8")
