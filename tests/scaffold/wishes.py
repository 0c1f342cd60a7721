"""Resources that somebody might wish for, many of them impossible."""

from __future__ import annotations

from hypothesis import strategies as st

TYPES = ("str", "text", "int", "decimal", "bool", "date", "datetime", "uuid", "json")
TARGETS = ("users", "users", "folders", "folders", "projects")
TRAITS = ("--owned", "--cached", "--idempotent", "--soft-delete")
FAMILIAR = (
    *("album", "booking", "category", "country", "delivery_note", "hour", "measure", "shipment"),
    *("story", "unit", "label", "starts_on", "weight", "colour", "position", "remark", "link"),
    *("class", "news", "person", "query", "user"),
)

names = st.one_of(
    st.sampled_from(FAMILIAR), st.from_regex(r"[a-z]{2,8}(_[a-z0-9]{1,9})?", fullmatch=True)
)
lengths = st.one_of(st.integers(1, 12), st.integers(13, 600))
choices = st.lists(names, min_size=2, max_size=4, unique=True).map(",".join)
modifiers = st.sampled_from(["", "", "", "", "?", "?", ":index", ":unique"])


@st.composite
def fields(draw: st.DrawFn) -> str:
    """A word such as `due_on:date?`."""
    kind = draw(
        st.one_of(
            st.sampled_from(TYPES),
            lengths.map("str:{}".format),
            choices.map("enum:{}".format),
            st.sampled_from(TARGETS).map("ref:{}".format),
        )
    )
    ending = "_id" if kind.startswith("ref") else ""
    return f"{draw(names)}{ending}:{kind}{draw(modifiers)}"


@st.composite
def wishes(draw: st.DrawFn) -> tuple[str, ...]:
    """What is typed behind `add-resource`."""
    words = draw(st.lists(fields(), min_size=1, max_size=5))
    traits = draw(st.lists(st.sampled_from(TRAITS), unique=True))
    paginate = draw(st.sampled_from(["page", "cursor"]))
    return (draw(names), *words, *traits, "--paginate", paginate)
