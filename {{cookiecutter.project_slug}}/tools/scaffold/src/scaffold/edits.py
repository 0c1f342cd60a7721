"""Edits of lists, line by line: what is beside the member, comments too, keeps every byte."""

from scaffold.listing import Find, Listing


def added(text: str, find: Find, name: str, line: str, *, sorted_in: bool = False) -> str | None:
    """The text with one more member, last or where its name belongs; None without the list.

    What is there already is not added again.
    """
    listing = find(text)
    if listing is None:
        return None
    if any(each.name == name for each in listing.members):
        return text
    lines = text.splitlines(keepends=True)
    later = (each.start for each in listing.members if sorted_in and each.name > name)
    at = next(later, listing.end)
    return "".join([*lines[:at], f"{_indent(lines, listing)}{line}\n", *lines[at:]])


def removed(text: str, find: Find, name: str) -> str:
    """The text without the member, if it is there."""
    listing = find(text)
    lines = text.splitlines(keepends=True)
    for each in reversed(listing.members if listing else []):
        if each.name == name:
            del lines[each.start : each.end]
    return "".join(lines)


def names(text: str, find: Find) -> list[str]:
    """The members, in their order; none without the list."""
    listing = find(text)
    return [each.name for each in listing.members] if listing else []


def _indent(lines: list[str], listing: Listing) -> str:
    """As the members have it that are there."""
    if not listing.members:
        return "    "
    line = lines[listing.members[-1].start]
    return line[: len(line) - len(line.lstrip())]
