"""Writes the feature's face, its `__init__.py`."""

from scaffold.filling import filled
from scaffold.resource import Resource

TEXT = '''\
"""$Many_words: private to whoever made them."""  #? owned
"""$Many_words: everybody with an account reads them."""  #? !owned

from fastapi import FastAPI

from app.core.feature import PersonalData, register  #? owned
from app.core.feature import register  #? !owned
from app.$many import privacy  #? owned
from app.$many.router import router

PERSONAL_DATA = [PersonalData("$many", privacy.export, privacy.erase)]  #? owned


def setup(app: FastAPI) -> None:
    """Adds the routes of $many_words."""
    register(app, router)
'''


def text(resource: Resource) -> str:
    """The module."""
    return filled(TEXT, resource.traits, resource.names)
