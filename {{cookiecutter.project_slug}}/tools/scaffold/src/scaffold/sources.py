"""Python files of the service, by their syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path


def read(path: Path) -> str:
    """The file's text."""
    return path.read_text("utf-8")


def assignments(node: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """What the module or class assigns to its names, one after the other."""
    for each in node.body:
        if isinstance(each, ast.Assign):
            yield from ((ast.unparse(target), each.value) for target in each.targets)
        elif isinstance(each, ast.AnnAssign) and each.value:
            yield ast.unparse(each.target), each.value
