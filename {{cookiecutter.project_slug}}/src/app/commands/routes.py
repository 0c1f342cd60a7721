"""`app routes`: every route with the layers behind it."""

from collections.abc import Callable, Iterable, Iterator
from typing import get_type_hints

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
            services = list(_made_by(route.dependant, ".service"))
            repositories = [each for service in services for each in _needs(service, ".repository")]
            chain: list[Callable[..., object]] = [route.endpoint, *services, *repositories]
            for method in sorted(route.methods or ()):
                yield method, route.path, " -> ".join(each.__name__ for each in chain)


def _made_by(dependant: Dependant, room: str) -> Iterator[type]:
    """What its dependencies return, where that lives in a module of this name."""
    for each in dependant.dependencies:
        made = get_type_hints(each.call).get("return") if each.call else None
        if isinstance(made, type) and made.__module__.endswith(room):
            yield made
        yield from _made_by(each, room)


def _needs(service: type, room: str) -> Iterator[type]:
    for kind in get_type_hints(vars(service)["__init__"]).values():
        if isinstance(kind, type) and kind.__module__.endswith(room):
            yield kind
