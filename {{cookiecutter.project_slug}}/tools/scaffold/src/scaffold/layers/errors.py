"""Writes errors.py: what can be refused."""

from collections.abc import Iterator

from scaffold.filling import filled
from scaffold.resource import Field, Resource
from scaffold.spelling import article, camel, words

TEXT = '''\
"""What can be wrong with $a_one."""

from app.core.errors import AppError, Conflict, NotFound


class ${One}NotFound(NotFound):
    """Never existed, was deleted, or is somebody else's: to a client that is the same."""  #? owned
    """Never existed, or was deleted: to a client that is the same."""  #? !owned

    detail = "There is no such $one_words."


class ${One}InUse(Conflict):  #? !soft
    """Something else refers to it, so it has to stay."""  #? !soft
    #? !soft
    code = "${one}_in_use"  #? !soft
    detail = "Something else refers to the $one_words."  #? !soft


$refusals
'''

TAKEN = '''\
class ${Field}Taken(Conflict):
    """Two $many_words$of_one cannot share $their$free."""

    code = "${field}_taken"
    detail = "Another $one_words has this $field_words."
'''

UNKNOWN = '''\
class Unknown${Field}(AppError):
    """A fault of the body that only a look at the database can find."""

    status = 422
    code = "unknown_$field"
    detail = "The $one_words refers to $a_field that is not there."

    def __init__(self) -> None:
        super().__init__()
        fault = {"loc": ["body", "$name"], "code": self.code, "message": "is not there"}
        self.extensions = {"errors": [fault]}
'''


def taken(field: Field) -> str:
    """The name of the class for a value that another row has."""
    return f"{camel(field.name)}Taken"


def unknown(field: Field) -> str:
    """The name of the class for a reference to nothing."""
    return f"Unknown{camel(field.subject)}"


def text(resource: Resource) -> str:
    """The module."""
    names = resource.names | {"refusals": "\n\n".join(_refusals(resource))}
    return filled(TEXT, resource.traits, names)


def _refusals(resource: Resource) -> Iterator[str]:
    for field in resource.uniques:
        names = {
            "Field": camel(field.name),
            "field": field.name,
            "field_words": words(field.name),
            "their": f"{article(field.name)} {words(field.name)}",
            "of_one": " of one owner" if resource.owned else "",
            "free": "; a deleted one's is free again" if resource.soft_delete else "",
        }
        yield filled(TAKEN, (), resource.names | names)
    for field in resource.references:
        names = {
            "Field": camel(field.subject),
            "field": field.subject,
            "name": field.name,
            "a_field": f"{article(field.subject)} {words(field.subject)}",
        }
        yield filled(UNKNOWN, (), resource.names | names)
