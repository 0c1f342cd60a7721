"""The words that fields are wished for with: `name:type?:unique`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scaffold import fields, spelling
from scaffold.fields import Kind
from scaffold.refusal import Refused
from scaffold.resource import Field
from scaffold.surroundings import Known, Surroundings

_MODIFIERS = ("unique", "index", "optional")


@dataclass(frozen=True)
class Wish:
    """A word taken apart; `argument` is what the type is told: a length, words, a resource."""

    word: str
    name: str
    type: str
    argument: str
    modifiers: Sequence[str]


def field_of(word: str, resource: str, surroundings: Surroundings) -> Field:
    """The field that the word asks for, of the resource called so. Raises Refused."""
    wish = _read(word)
    target = surroundings.resources.get(wish.argument) if wish.type == "ref" else None
    faults = [*_faults(wish), *_target_faults(wish, target, surroundings)]
    if faults:
        raise Refused([f"{word}: {fault}" for fault in faults])
    return Field(
        name=wish.name,
        kind=_kind(wish, resource),
        optional="optional" in wish.modifiers,
        unique="unique" in wish.modifiers,
        indexed="index" in wish.modifiers,
        choices=wish.argument.split(",") if wish.type == "enum" else (),
        target=target,
    )


def _read(word: str) -> Wish:
    """Both `enum(a,b)?:index` and `enum:a,b:index:optional`: brackets need quotes in a shell."""
    name, _, rest = word.partition(":")
    optional = "?" in rest
    type_, *more = re.split(r"[:(]", rest.replace("?", "").replace(")", ""))
    argument = more.pop(0) if more and _takes_argument(type_, more[0]) else ""
    modifiers = [*more, "optional"] if optional else more
    return Wish(word, name, type_, argument.replace(" ", ""), modifiers)


def _takes_argument(type_: str, following: str) -> bool:
    return type_ in {"enum", "ref"} or (type_ == "str" and following not in _MODIFIERS)


def _kind(wish: Wish, resource: str) -> Kind:
    match wish.type:
        case "str":
            return fields.string(wish.name, int(wish.argument or 200))
        case "text":
            return fields.string(wish.name, fields.LONGEST_STRING)
        case "enum":
            owner = spelling.camel(resource) + spelling.camel(wish.name)
            return fields.choice(owner, wish.argument.split(","))
        case "ref":
            return fields.REFERENCE
        case plain:
            return fields.PLAIN[plain]


def _faults(wish: Wish) -> Iterator[str]:
    if wish.type not in fields.TYPES:
        known = ", ".join(fields.TYPES)
        yield f"there is no type `{wish.type}`. Say name:type, with one of {known}."
    if wish.type == "str" and wish.argument:
        yield from _length_faults(wish.argument)
    if wish.type == "enum":
        yield from _choice_faults(wish.argument)
    for modifier in wish.modifiers:
        if modifier not in _MODIFIERS:
            yield f"`{modifier}` says nothing. Known are {', '.join(_MODIFIERS)}, and `?`."
    yield from _index_faults(wish)


def _length_faults(length: str) -> Iterator[str]:
    if not length.isdecimal() or not 1 <= int(length) <= fields.LONGEST_STRING:
        yield f"a length is a number from 1 to {fields.LONGEST_STRING}, such as str:80."


def _choice_faults(argument: str) -> Iterator[str]:
    values = argument.split(",")
    if len(values) < 2 or len(set(values)) < len(values):  # noqa: PLR2004 - else nothing is chosen
        yield "an enum has two words or more, each once, such as enum:draft,sent,paid."
    for value in filter(None, values):
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
            yield f"`{value}` is no word for an enum: a small letter, then up to 39 more, 0-9 or _."
    if "mro" in values:
        yield "`mro` is what Python keeps in every enum. Choose another word."


def _index_faults(wish: Wish) -> Iterator[str]:
    long = wish.type == "str" and wish.argument.isdecimal()
    unbounded = wish.type in {"text", "json"} or (long and int(wish.argument) > fields.LONGEST_KEY)
    if "unique" in wish.modifiers and wish.type in {"bool", "enum"}:
        yield f"`{wish.type}` has too few values for each row to have its own. Leave :unique out."
    if "unique" in wish.modifiers and wish.type == "ref":
        yield "that only one may refer to it is a rule to write by hand. Leave :unique out."
    for modifier in {"unique", "index"} & set(wish.modifiers) if unbounded else ():
        yield (
            f"an index has no room for it. Leave :{modifier} out, "
            f"or take a str of at most {fields.LONGEST_KEY}."
        )


def _target_faults(wish: Wish, target: Known | None, surroundings: Surroundings) -> Iterator[str]:
    if wish.type != "ref":
        return
    if target is None:
        known = ", ".join(sorted(surroundings.resources))
        yield f"there is no resource `{wish.argument}`. A reference is to one of: {known}."
    elif target.factory is None:
        yield (
            f"the tests have nothing that makes one of {wish.argument}. Write first, in "
            f"tests/{wish.argument}/factories.py, a coroutine that takes `database: Database` "
            "and gives something with an `id`."
        )
    if not wish.name.endswith("_id"):
        yield f"a reference holds an id, and is called so: {wish.name}_id."
