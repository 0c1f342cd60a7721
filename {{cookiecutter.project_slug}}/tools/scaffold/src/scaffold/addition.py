"""A resource becomes part of the service: its files, and its place in the lists."""

from pathlib import Path

from scaffold.change import Change
from scaffold.definition import Resource
from scaffold.registration import register
from scaffold.surroundings import Surroundings
from scaffold.written import files


def addition(project: Path, resource: Resource, around: Surroundings) -> Change:
    """Everything that is to be written. Raises Refused."""
    change = Change(project)
    for path, text in files(resource, around, project).items():
        change.write(path, text)
    register(change, resource)
    return change
