"""Turns a revision round: what it did is taken back, and the way back is what it did."""

import ast

from scaffold.sources import assignments, replaced

ACCEPTED = {
    "op.drop_table": ("ban-drop-table", "DROP TABLE"),
    "op.drop_index": ("require-concurrent-index-deletion", "DROP INDEX"),
}
"""What squawk says to these, and the statement: no code is left that asks for the table."""


def turned(text: str, name: str, parent: str) -> str:
    """A revision `name` that follows `parent` and takes back the one with this text."""
    text = _with_bodies_swapped(text)
    what = dict(assignments(ast.parse(text)))
    said = {"revision": f'"{name}"', "down_revision": f'"{parent}"'}
    taken_back = ast.literal_eval(what["revision"])
    for each in sorted(said, key=lambda each: -what[each].lineno):
        text = replaced(text, what[each], said[each])
    first = ast.parse(text).body[0]
    if isinstance(first, ast.Expr):
        text = replaced(text, first.value, f'"""Takes {taken_back} back."""')
    return text


def _with_bodies_swapped(text: str) -> str:
    lines = text.splitlines(keepends=True)
    named = {each.name: each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)}
    up, down = named["upgrade"], named["downgrade"]
    does, undoes = lines[_body(up)], [_accepted(lines, each) for each in down.body]
    for function, body in sorted(((up, undoes), (down, does)), key=lambda it: -it[0].lineno):
        lines[_body(function)] = body
    return "".join(lines)


def _body(function: ast.FunctionDef) -> slice:
    """Its lines below the head."""
    return slice(function.body[0].lineno - 1, function.end_lineno)


def _accepted(lines: list[str], statement: ast.stmt) -> str:
    """The statement; where squawk would ask about it, as SQL with the answer."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and (known := ACCEPTED.get(ast.unparse(call.func))):
        rule, words = known
        sql = f"{words} {ast.literal_eval(call.args[0])}"
        return f'    op.execute("""\n        -- squawk-ignore {rule}\n        {sql}\n    """)\n'
    return "".join(lines[statement.lineno - 1 : statement.end_lineno])
