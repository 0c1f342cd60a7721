"""Asks for a resource, one question after the other; what cannot be is asked again."""

from typing import Literal

import typer

from scaffold.definition import Flags, Resource, parse
from scaffold.refusal import Refused
from scaffold.surroundings import Surroundings

EXAMPLE = "title:str"
TYPES = "str, text, int, decimal, bool, date, datetime, uuid, enum:a,b, json, ref:users"


def asked(around: Surroundings) -> Resource:
    """What the answers make."""
    name = _name(around)
    typer.echo(f"Its fields: name:type, `?` for optional, :unique, :index. Types: {TYPES}")
    words = _fields(name, around)
    while True:
        resource = _parsed(name, words, _flags(), around)
        if resource:
            return resource


def _name(around: Surroundings) -> str:
    while True:
        said: str = typer.prompt("What is one of it called, such as invoice")
        if _parsed(said, [EXAMPLE], Flags(), around):
            return said


def _fields(name: str, around: Surroundings) -> list[str]:
    """Each as it was typed; an empty line ends them, once there is one."""
    words: list[str] = []
    while said := typer.prompt("Field (Enter ends)", default="", show_default=False):
        if _parsed(name, [*words, said], Flags(), around):
            words.append(said)
    return words if _parsed(name, words, Flags(), around) else _fields(name, around)


def _flags() -> Flags:
    cursor = typer.confirm("Listed by cursor instead of by page?")
    paginate: Literal["page", "cursor"] = "cursor" if cursor else "page"
    return Flags(
        owned=typer.confirm("Private to its owner?"),
        cached=typer.confirm("Cached?"),
        paginate=paginate,
        idempotent=typer.confirm("Safe to POST again, by Idempotency-Key?"),
        soft_delete=typer.confirm("Kept, hidden, when deleted?"),
    )


def _parsed(name: str, words: list[str], flags: Flags, around: Surroundings) -> Resource | None:
    """None, with the reasons told, for what is refused."""
    try:
        return parse(name, words, flags, around)
    except Refused as refusal:
        for fault in refusal.faults:
            typer.secho(f"- {fault}", fg="red", err=True)
        return None
