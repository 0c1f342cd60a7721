"""What is to be written: a resource and its fields, wished for and found possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from scaffold import spelling
from scaffold.fields import Kind
from scaffold.surroundings import Known


@dataclass(frozen=True)
class Field:
    """A column. `choices` are an enumeration's words, `target` is what a reference is to."""

    name: str
    kind: Kind
    optional: bool = False
    unique: bool = False
    indexed: bool = False
    choices: Sequence[str] = ()
    target: Known | None = None

    @property
    def found(self) -> bool:
        """Whether a list can be asked for the rows with one value of it."""
        return self.unique or self.indexed or self.target is not None

    @property
    def subject(self) -> str:
        """What the field is about: `customer` for a reference `customer_id`."""
        return self.name.removesuffix("_id") if self.target else self.name


@dataclass(frozen=True)
class Resource:
    """`one` and `many` are its names in code, `invoice` and `invoices`; `many` is also its folder.

    `pages` are counted ones, else a cursor leads through them.
    """

    one: str
    many: str
    fields: Sequence[Field]
    owned: bool = False
    cached: bool = False
    pages: bool = True
    idempotent: bool = False
    soft_delete: bool = False

    @cached_property
    def uniques(self) -> list[Field]:
        """Those that no two rows may share."""
        return [field for field in self.fields if field.unique]

    @cached_property
    def references(self) -> list[Field]:
        """Those to other resources."""
        return [field for field in self.fields if field.target]

    @cached_property
    def own(self) -> list[Field]:
        """Those that are no references."""
        return [field for field in self.fields if not field.target]

    @cached_property
    def traits(self) -> frozenset[str]:
        """What the marks in texts may ask for, see `filling`."""
        has = {
            "owned": self.owned,
            "cached": self.cached,
            "pages": self.pages,
            "idempotent": self.idempotent,
            "soft": self.soft_delete,
            "unique": bool(self.uniques),
            "refers": bool(self.references),
            "refused": bool(self.uniques or self.references),
            "found": any(field.found for field in self.fields),
        }
        return frozenset(trait for trait, holds in has.items() if holds)

    @cached_property
    def names(self) -> dict[str, str]:
        """How texts may call it, see `filling`."""
        one, many = spelling.words(self.one), spelling.words(self.many)
        return {
            "one": self.one,
            "many": self.many,
            "One": spelling.camel(self.one),
            "Many": spelling.camel(self.many),
            "MANY": self.many.upper(),
            "path": self.many.replace("_", "-"),
            "a_one": f"{spelling.article(self.one)} {one}",
            "A_one": f"{spelling.article(self.one).capitalize()} {one}",
            "an_one": f"{spelling.article(self.one)}_{self.one}",
            "one_words": one,
            "many_words": many,
            "Many_words": spelling.sentence(many),
            "Page": "Page" if self.pages else "CursorPage",
        }
