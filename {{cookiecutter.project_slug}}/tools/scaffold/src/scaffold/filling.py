"""Texts of code in which some lines stand for some resources only, and names are still open.

`$name` is filled in; a line that ends with `#? owned !cached` is written for a resource that is
owned and not cached, without that mark. So each text reads like the file that comes of it.
"""

import re
from collections.abc import Collection, Mapping
from string import Template

_MARK = re.compile(r"(?P<line>.*?) *#\? (?P<traits>[!a-z_ ]+)")
_OPEN = re.compile(r" *\$(?:(\w+)|\{(\w+)})")


def filled(text: str, traits: Collection[str], names: Mapping[str, str]) -> str:
    """Raises KeyError for a name that is not there. What stands alone and is empty leaves no line.

    A name that fills several lines stands alone on one and brings their indentation along.
    """
    lines = [line for each in text.splitlines() for line in _chosen(each, traits)]
    kept = [line for line in lines if not _is_empty(line, names)]
    return Template("\n".join(kept) + "\n").substitute(names)


def _chosen(line: str, traits: Collection[str]) -> list[str]:
    marked = _MARK.fullmatch(line)
    if marked is None:
        return [line]
    wanted = marked["traits"].split()
    holds = all((each.removeprefix("!") in traits) is not each.startswith("!") for each in wanted)
    return [marked["line"]] if holds else []


def _is_empty(line: str, names: Mapping[str, str]) -> bool:
    alone = _OPEN.fullmatch(line)
    return alone is not None and not names[alone[1] or alone[2]]
