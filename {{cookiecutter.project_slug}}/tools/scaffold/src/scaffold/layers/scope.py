"""Which rows the written queries are about."""

from scaffold.resource import Resource


def conditions(resource: Resource) -> list[str]:
    """As code, each an argument of `where`; none for rows that are everybody's and all there."""
    own = ["self._own"] if resource.owned else []
    return [*own, "_ALIVE"] if resource.soft_delete else own


def also(resource: Resource) -> str:
    """The same behind another condition."""
    return "".join(f", {each}" for each in conditions(resource))


def tags(resource: Resource, identifier: str) -> str:
    """What ends in the cache with a change of that row, as arguments of `outdates`."""
    return "tag(self._owner)" if resource.owned else f"LISTS, tag({identifier})"
