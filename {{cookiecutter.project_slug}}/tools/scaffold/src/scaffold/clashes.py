"""Names that something else has already: Python, SQL, the framework, the service."""

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterator

from scaffold import taken
from scaffold.layers.schemas import classes
from scaffold.resource import Field, Resource
from scaffold.surroundings import Surroundings

LONGEST_NAME = 24
"""Characters: of a name, so that lines, identifiers (63) and API keys' scopes (32) have room."""
LONGEST_IDENTIFIER = 63
_NAME = re.compile(r"[a-z]+(_?[a-z0-9]+)*")


def of_names(resource: Resource, surroundings: Surroundings) -> Iterator[str]:
    """What is wrong with how the resource is called."""
    one, many = resource.one, resource.many
    yield from _spelling(one)
    if many != one:
        yield from _spelling(many)
    else:
        yield f"{one}: one and many are called the same. Say --plural, such as {one}_items."
    for name in {one: None, many: None}:
        hidden = name in taken.CODE or hasattr(builtins, name)
        if why := _why_no_name(name) or ("in the written code" if hidden else ""):
            yield f"{name}: has a meaning {why}. Choose another name."
    if many in surroundings.folders:
        yield f"{many}: src/app/{many} is there already. Choose another name, or remove that first."
    elif many in surroundings.tables:
        yield f"{many}: there is a table of that name. Choose another name, or say --plural."
    for permission in (f"{many}:read", f"{many}:write"):
        if permission in surroundings.permissions:
            yield f"{many}: the permission {permission} is there already. Choose another name."


def of_lack(resource: Resource) -> Iterator[str]:
    """Where there is nothing to know of one."""
    if not resource.own:
        yield (
            f"{resource.one}: has no field besides references. Say what there is to know of "
            "one, such as name:str; a mere link is a table of the resource that it belongs to."
        )


def of_fields(resource: Resource, surroundings: Surroundings) -> Iterator[str]:
    """What is wrong with the fields taken together, and with their names."""
    counted = Counter(field.name for field in resource.fields)
    for name, number in counted.items():
        if number > 1:
            yield f"{name}: stands there {number} times. Name each field once."
    for name, number in Counter(classes(resource)).items():
        if number > 1 and max(counted.values()) == 1:
            yield f"{resource.one}: two of its classes would be called {name}. Rename a field."
    for field in {field.name: field for field in resource.fields}.values():
        yield from _of_field(field, resource, surroundings)


def _of_field(field: Field, resource: Resource, surroundings: Surroundings) -> Iterator[str]:
    name = field.name
    yield from _spelling(name)
    if name in taken.COLUMNS:
        yield f"{name}: every resource has it, or must not. Leave it out, or choose another name."
    elif why := _why_no_name(name) or ("in the framework" if _is_attribute(name) else ""):
        yield f"{name}: has a meaning {why}. Choose another name."
    if field.found and name in taken.QUERY:
        yield f"{name}: lists know `?{name}=` already. Choose another name."
    if name in surroundings.tables or name == resource.many:
        yield f"{name}: is the name of a table. Choose another name."
    if field.target and field.target.owned and not resource.owned:
        yield (
            f"{name}: {field.target.table} are private to their owners, so only an owned resource "
            "may refer to them. Say --owned."
        )
    for identifier in _identifiers(field, resource.many):
        if len(identifier) > LONGEST_IDENTIFIER:
            yield f"{name}: PostgreSQL has no room for `{identifier}`. Choose a shorter name."


def _identifiers(field: Field, table: str) -> Iterator[str]:
    yield f"ix_{table}_user_id_{field.name}"
    yield f"ck_{table}_{field.name}_not_negative"
    if field.target:
        yield f"fk_{table}_{field.name}_{field.target.table}"


def _spelling(name: str) -> Iterator[str]:
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        yield (
            f"{name or 'the empty name'}: write small letters, with _ between words, 0-9 after "
            f"the first letter, at most {LONGEST_NAME} characters."
        )


def _is_attribute(name: str) -> bool:
    return name in taken.ATTRIBUTES or name.startswith("model_")


def _why_no_name(name: str) -> str:
    if keyword.iskeyword(name):
        return "in Python"
    return "in SQL" if name in taken.SQL else ""
