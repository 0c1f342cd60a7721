"""`app routes`: every route with the layers behind it."""

from collections.abc import Callable, Iterable, Iterator
from inspect import signature

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from app.main import create_app


def routes() -> None:
    """Show each route and what answers it: its function, service and repository."""
    table = Table("method", Column("path", no_wrap=True), "layers", box=SIMPLE)
    for row in layers(create_app().routes):
        table.add_row(*row)
    Console().print(table)


def layers(found: Iterable[object]) -> Iterator[tuple[str, str, str]]:
    """Method, path and the layers behind, from the outside in, for each method of each route."""
    for route in found:
        if isinstance(route, APIRoute):
            services = list(_made_by(route.dependant))
            repositories = [each for service in services for each in _needed_by(service)]
            chain: list[Callable[..., object]] = [route.endpoint, *services, *repositories]
            for method in sorted(route.methods or ()):
                yield method, route.path, " -> ".join(each.__name__ for each in chain)


def _made_by(dependant: Dependant) -> Iterator[type]:
    """The services that its dependencies return."""
    for each in dependant.dependencies:
        if each.call:
            yield from _of_layer("Service", signature(each.call).return_annotation)
        yield from _made_by(each)


def _needed_by(service: type) -> Iterator[type]:
    """The repositories that its constructor takes."""
    for parameter in signature(service).parameters.values():
        yield from _of_layer("Repository", parameter.annotation)


def _of_layer(layer: str, kind: object) -> Iterator[type]:
    if isinstance(kind, type) and kind.__name__.endswith(layer):
        yield kind
