"""What the model and the revision say of a table with one voice: checks and indexes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scaffold.resource import Resource


@dataclass(frozen=True)
class Check:
    """A rule in SQL; `name` is without the prefix, which the naming convention adds.

    `broken` are values, as code, that the rule forbids.
    """

    name: str
    rule: str
    broken: str


@dataclass(frozen=True)
class Index:
    """Over these columns; of those that are not deleted, where rows are kept."""

    name: str
    columns: Sequence[str]
    is_unique: bool = False

    @property
    def members(self) -> str:
        """As code."""
        return ", ".join(f'"{column}"' for column in self.columns)

    @property
    def unique(self) -> str:
        """As a further argument, where there has to be one."""
        return ", unique=True" if self.is_unique else ""


def checks(resource: Resource) -> Iterator[Check]:
    """What holds whoever writes."""
    for field in resource.fields:
        if field.choices:
            values = ", ".join(f"'{value}'" for value in field.choices)
            yield Check(
                f"{field.name}_known", f"{field.name} IN ({values})", _values(field.name, '""')
            )
        if field.kind.annotation == "Decimal":
            yield Check(
                f"{field.name}_not_negative", f"{field.name} >= 0", _values(field.name, "-1")
            )


def _values(name: str, value: str) -> str:
    return "{" + f'"{name}": {value}' + "}"


def indexes(resource: Resource) -> Iterator[Index]:
    """One for each way in which a list can be asked for, and for each value that is unique."""
    owner = ["user_id"] if resource.owned else []
    newest = ["created_at", "id"]
    yield Index("_".join(["ix", resource.many, *(owner or newest[:1])]), [*owner, *newest])
    for field in resource.fields:
        name = "_".join([resource.many, *owner, field.name])
        if field.unique:
            yield Index(f"uq_{name}", [*owner, field.name], is_unique=True)
        elif field.found:
            yield Index(f"ix_{name}", [*owner, field.name, *newest])
