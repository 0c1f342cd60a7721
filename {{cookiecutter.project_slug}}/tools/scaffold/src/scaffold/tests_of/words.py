"""What the texts of tests have in common: who asks, and with which bodies."""

from scaffold.resource import Field, Resource


def names(resource: Resource) -> dict[str, str]:
    """Besides the resource's own.

    `writer` and `reader` are fixtures; `body` makes a valid request, which is a fixture where it
    has to refer to something: `given` asks for it. `changed` is a field, and `value` another value.
    """
    changed = resource.own[0]
    return resource.names | {
        "writer": "hers" if resource.owned else "admin",
        "reader": "hers" if resource.owned else "reader",
        "body": "body" if resource.references else resource.one,
        "given": ", body: Body" if resource.references else "",
        "changed": changed.name,
        "value": changed.kind.other,
        "sample": changed.kind.sample,
    }


def fields(resource: Resource) -> str:
    """The fields that are no references, as the inside of a dict; each row has its own uniques."""
    return ", ".join(f'"{field.name}": {_valid(field)}' for field in resource.own)


def _valid(field: Field) -> str:
    return field.kind.fresh if field.unique else field.kind.sample
