"""Which changes of the OpenAPI document break clients that rely on the one before."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

type Node = dict[str, Any]  # JSON of any shape
type Places = Iterator[tuple[str, "Place"]]

_ANY = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
_CEILINGS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_FLOORS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_FORMS = ("pattern", "format")
_ERRORS = ("4", "5")  # their first digits; every operation may give any


@dataclass(frozen=True)
class Place:
    """What a document says of one place in it: an operation, a body, a field of one."""

    is_answer: bool = False
    required: bool = False
    kinds: frozenset[str] = _ANY
    choices: tuple[object, ...] | None = None
    bounds: Node = field(default_factory=dict)


def breaking(before: Node, after: Node) -> Iterator[str]:
    """A sentence for each. Requests may become more lenient and answers more exact, not less."""
    old, new = dict(_operations(before)), dict(_operations(after))
    for where, place in old.items():
        above = where.rpartition(": ")[0]
        if where in new:
            yield from (f"{where}: {what}" for what in _changes(place, new[where]))
        elif above in new or not above:  # parts of what is gone as a whole go unsaid
            yield f"{where}: is gone"
    for where, place in new.items():
        added = where not in old and where.rpartition(": ")[0] in old
        if added and place.required and not place.is_answer:
            yield f"{where}: is required now"


def _operations(document: Node) -> Places:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method.upper()} {path}"
            yield where, Place()
            yield f"{where}: credentials", Place(required=bool(operation.get("security")))
            for each in operation.get("parameters", ()):
                place = Place(required=each.get("required", False))
                yield from _schema(document, f"{where}: {each['name']}", each["schema"], place)
            if body := operation.get("requestBody"):
                place = Place(required=body.get("required", False))
                yield from _contents(document, f"{where}: body", body, place)
            for status, answer in operation["responses"].items():
                if not status.startswith(_ERRORS):
                    place = Place(is_answer=True, required=True)
                    yield from _contents(document, f"{where}: {status}", answer, place)


def _contents(document: Node, where: str, holder: Node, place: Place) -> Places:
    yield where, place
    for kind, content in holder.get("content", {}).items():
        below = f"{where}: {kind}"
        yield from _schema(
            document, below, content.get("schema", {}), replace(place, required=False)
        )


def _schema(
    document: Node, where: str, schema: Node, place: Place, seen: tuple[int, ...] = ()
) -> Places:
    variants = _variants(document, schema)
    shapes = [each for each in variants if each.get("type") != "null"]
    bounds = shapes[0] if len(shapes) == 1 else {}
    yield where, replace(place, kinds=_kinds(variants), choices=_choices(shapes), bounds=bounds)
    for shape in shapes:
        if id(shape) in seen:  # a tree refers to itself
            continue
        for name, part, required in _parts(shape):
            below = Place(is_answer=place.is_answer, required=required)
            yield from _schema(document, f"{where}: {name}", part, below, (*seen, id(shape)))


def _parts(shape: Node) -> Iterator[tuple[str, Node, bool]]:
    for name, part in shape.get("properties", {}).items():
        yield name, part, name in shape.get("required", ())
    if "items" in shape:
        yield "[]", shape["items"], False


def _variants(document: Node, schema: Node) -> list[Node]:
    """What `schema` may be: references are followed, unions opened."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return _variants(document, document["components"]["schemas"][name])
    union = schema.get("anyOf") or schema.get("oneOf")
    return [each for part in union for each in _variants(document, part)] if union else [schema]


def _kinds(variants: list[Node]) -> frozenset[str]:
    told = (each.get("type", _ANY) for each in variants)
    kinds = frozenset(kind for each in told for kind in ([each] if isinstance(each, str) else each))
    return kinds | {"integer"} if "number" in kinds else kinds


def _choices(shapes: list[Node]) -> tuple[object, ...] | None:
    """The only values that there are, unless one of the shapes leaves them open."""
    listed = [[each["const"]] if "const" in each else each.get("enum") for each in shapes]
    return None if None in listed else tuple(value for each in listed for value in each or ())


def _changes(old: Place, new: Place) -> Iterator[str]:
    if new.choices is not None and old.choices is not None:
        yield from (f"{value} is gone" for value in old.choices if value not in new.choices)
    if old.is_answer:
        yield from (f"may be {kind} now" for kind in sorted(new.kinds - old.kinds))
        if old.required and not new.required:
            yield "may be missing now"
        return
    yield from (f"may no longer be {kind}" for kind in sorted(old.kinds - new.kinds))
    if new.required and not old.required:
        yield "is required now"
    if new.choices is not None and old.choices is None:
        yield "takes only some values now"
    for bound in (*_CEILINGS, *_FLOORS, *_FORMS):
        if _is_narrower(bound, old.bounds.get(bound), new.bounds.get(bound)):
            yield f"{bound} is {new.bounds[bound]} now"


def _is_narrower(bound: str, old: Any, new: Any) -> bool:  # noqa: ANN401 - numbers, or text
    if new is None or old == new:
        return False
    if old is None or bound in _FORMS:
        return True
    return bool(new < old if bound in _CEILINGS else new > old)
