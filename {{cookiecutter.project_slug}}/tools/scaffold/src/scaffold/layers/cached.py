"""Writes cached.py: what the cache keeps."""

from scaffold.filling import filled
from scaffold.resource import Resource

TEXT = '''\
"""What the cache keeps of $many_words, and which changes end it."""

from hashlib import sha256
from uuid import UUID

from pydantic import TypeAdapter

from app.core.cache import Kind, Look
from app.core.pagination import CursorPage, Page
from app.$many.schemas import ${One}Query, ${One}Read

LISTS = "$many"  #? !owned
"""The tag of every list: any change may alter any page."""  #? !owned

_ONE = Kind("$one", TypeAdapter(${One}Read | None))
_PAGE = Kind("$one-page", TypeAdapter($Page[${One}Read]))


def tag(owner: UUID) -> str:  #? owned
    """Of everything that is kept for one owner."""  #? owned
    return f"$many:{owner}"  #? owned
def tag(${one}_id: UUID) -> str:  #? !owned
    """Of everything that is kept about one $one_words."""  #? !owned
    return f"$one:{${one}_id}"  #? !owned


def one(owner: UUID, ${one}_id: UUID) -> Look[${One}Read | None]:  #? owned
    """Where $a_one is kept for its owner, or that there is none."""  #? owned
    return Look(_ONE, f"{owner}:{${one}_id}", (tag(owner),))  #? owned
def one(${one}_id: UUID) -> Look[${One}Read | None]:  #? !owned
    """Where $a_one is kept, or that there is none."""  #? !owned
    return Look(_ONE, str(${one}_id), (tag(${one}_id),))  #? !owned


def page(owner: UUID, query: ${One}Query) -> Look[$Page[${One}Read]]:  #? owned
def page(query: ${One}Query) -> Look[$Page[${One}Read]]:  #? !owned
    """Where the answer to a query is kept."""
    asked = sha256(query.model_dump_json().encode()).hexdigest()
    return Look(_PAGE, f"{owner}:{asked}", (tag(owner),))  #? owned
    return Look(_PAGE, asked, (LISTS,))  #? !owned
'''


def text(resource: Resource) -> str:
    """The module."""
    return filled(TEXT, resource.traits, resource.names)
