"""`add-resource` and `remove-resource`: what people type, and what they are told."""

import sys
from collections.abc import Callable
from typing import Annotated, Literal

import typer
from rich.console import Console

from scaffold import project, repository
from scaffold.addition import addition
from scaffold.asking import asked
from scaffold.change import Change
from scaffold.definition import Flags, parse
from scaffold.refusal import Refused

Dry = Annotated[bool, typer.Option("--dry-run", help="Show the difference and write nothing.")]
Dirty = Annotated[
    bool, typer.Option("--dirty", help="Go on although git has changes that are not committed.")
]


def add() -> None:
    """The script `add-resource`."""
    _run(add_resource)


def remove() -> None:
    """The script `remove-resource`."""


def _run(command: Callable[..., None]) -> None:
    """What people can mend is told in sentences; only bugs show a traceback."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(command)
    try:
        app()
    except Refused as refusal:
        console = Console(stderr=True)
        console.print("Nothing was changed:", style="red")
        for fault in refusal.faults:
            console.print(f"- {fault}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)


def add_resource(
    name: Annotated[
        str | None, typer.Argument(help="One of it: invoice. Bare: you are asked.")
    ] = None,
    fields: Annotated[list[str] | None, typer.Argument(help="total:decimal due_on:date?")] = None,
    *,
    owned: Annotated[bool, typer.Option("--owned/--shared", help="Private to its owner.")] = False,
    cached: Annotated[bool, typer.Option("--cached", help="Read from Redis.")] = False,
    paginate: Annotated[Literal["page", "cursor"], typer.Option(help="How lists go on.")] = "page",
    idempotent: Annotated[bool, typer.Option("--idempotent", help="Safe to POST again.")] = False,
    soft_delete: Annotated[bool, typer.Option("--soft-delete", help="Rows stay, hidden.")] = False,
    plural: Annotated[str | None, typer.Option(help="Where English fails: --plural oxen.")] = None,
    dry_run: Dry = False,
    dirty: Dirty = False,
) -> None:
    """Write the next resource of the service, every layer of it, and make it part of the whole.

    Fields are name:type, with `?` for optional and :unique or :index behind it. Types: str
    (str:80), text, int, decimal, bool, date, datetime, uuid, enum:a,b,c, json, ref:users.
    """
    root = project.root()
    around = project.surroundings(root)
    if name is None:
        resource = asked(around)
    else:
        flags = Flags(
            plural=plural,
            owned=owned,
            cached=cached,
            paginate=paginate,
            idempotent=idempotent,
            soft_delete=soft_delete,
        )
        resource = parse(name, fields or [], flags, around)
    change = addition(root, resource, around)
    if _done(change, dry_run=dry_run, dirty=dirty):
        typer.echo(f"\nNext:  uv run pytest -n 0 tests/{resource.many}")
        typer.echo("       uv run app migrate    (app dev does so by itself)")
        if (root / "openapi.json").exists():
            typer.echo("       uv run app openapi --write")


def _done(change: Change, *, dry_run: bool, dirty: bool) -> bool:
    """Shows the change, or makes it and shows what was done. Raises Refused."""
    if dry_run:
        typer.echo("\n".join(change.difference()))
        return False
    if not dirty:
        repository.refuse_uncommitted(change.root)
    tree = change.tree()
    change.apply()
    Console().print(tree)
    return True
