"""`add-resource` and `remove-resource`: what people type, and what they are told."""

import sys
from collections.abc import Callable
from typing import Annotated, Literal

import typer

from scaffold import project, repository, reversal, telling
from scaffold.addition import addition
from scaffold.asking import asked
from scaffold.definition import Flags, parse
from scaffold.refusal import Refused
from scaffold.removal import removal

Dry = Annotated[bool, typer.Option("--dry-run", help="Show the difference and write nothing.")]
Dirty = Annotated[
    bool, typer.Option("--dirty", help="Go on although git has changes that are not committed.")
]


def add() -> None:
    """The script `add-resource`."""
    _run(add_resource)


def remove() -> None:
    """The script `remove-resource`."""
    _run(remove_resource)


def _run(command: Callable[..., None]) -> None:
    """What people can mend is told in sentences; only bugs show a traceback."""
    try:
        application(command)()
    except Refused as refusal:
        telling.refused(refusal)
        sys.exit(1)


def application(command: Callable[..., None]) -> typer.Typer:
    """The command line of the one command."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(command)
    return app


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
    if not (dirty or dry_run):
        repository.refuse_uncommitted(root)
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
    if dry_run:
        telling.difference(change)
        return
    telling.done(change)
    telling.next_steps(root, f"uv run pytest -n 0 tests/{resource.many}", "uv run app migrate")


def remove_resource(
    names: Annotated[list[str], typer.Argument(help="Their folders: invoices, or several.")],
    *,
    released: Annotated[
        bool | None,
        typer.Option(
            "--released/--unreleased",
            help="Whether another database has its revision.",
            show_default="ask git for a tag or a remote branch that has it",
        ),
    ] = None,
    keep_migrations: Annotated[
        bool, typer.Option("--keep-migrations", help="Leave revisions and tables alone.")
    ] = False,
    dry_run: Dry = False,
    dirty: Dirty = False,
) -> None:
    """Take resources out of the service again: files, tests, their places in lists, revisions.

    A revision that was never released is deleted; for a released one another is written, which
    drops the tables.
    """
    root = project.root()
    if not (dirty or dry_run):
        repository.refuse_unkept(root)
    ways = {None: reversal.as_git_knows, True: reversal.dropped, False: reversal.deleted}
    way = reversal.kept if keep_migrations else ways[released]
    change = removal(root, names, project.surroundings(root), way)
    if dry_run:
        telling.difference(change)
        return
    telling.done(change)
    telling.aftermath(change)
    telling.next_steps(root, "uv run nox")
