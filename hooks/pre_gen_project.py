"""Refuses answers that would not be valid in code, naming every fault at once.

cookiecutter makes the folder before it asks this hook, so `__harmless_folder` in cookiecutter.json
gives a slug that is no plain folder name another one; `__answered_slug` keeps what was answered.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
import unicodedata
from typing import Any  # what JSON holds

FREE_TEXT = ("project_name", "description", "author_name", "author_email")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
EMAIL = re.compile(r"[^\s@<>(),:;\[\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
# The braces stand apart from what follows them, because cookiecutter renders this file too.
CODE = ("# feature:", "<!--", "{" + "{", "{" + "%", "{" + "#", "$(", "${", "`", "\\", '"')
APOSTROPHE_OUTSIDE_A_WORD = re.compile(r"(?<!\w)'|'(?!\w)")
LINE_BREAKS_AND_CONTROLS = {"Cc", "Cs", "Zl", "Zp"}
TEXT_DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}
LONGEST_SLUG = 50
LONGEST_TEXT = 200


def slug_faults(slug: str, reserved: list[str]) -> list[str]:
    """Why `slug` cannot name a folder and a distribution; empty when it can."""
    if not slug:
        return ["is empty"]
    faults = [f"holds {shown(char)}" for char in dict.fromkeys(slug) if not plain(char)]
    if not faults and not SLUG.fullmatch(slug):
        faults.append("must start with a letter, and dashes must stand alone between others")
    if len(slug) > LONGEST_SLUG:
        faults.append(f"has {len(slug)} characters, {LONGEST_SLUG} are allowed")
    return faults + [f"is {owner}" for owner in owners(slug.lower(), reserved)]


def owners(slug: str, reserved: list[str]) -> list[str]:
    """What already goes by this name: a service called so could not be imported or installed."""
    module = slug.replace("-", "_")
    names = {
        "a Python keyword": {word.lower() for word in keyword.kwlist},
        "a module of Python's standard library": {m.lower() for m in sys.stdlib_module_names},
        "a package that the service installs": {name.replace("-", "_") for name in reserved},
        "a device name on Windows": DEVICES,
    }
    return [what for what, taken in names.items() if module in taken]


def text_faults(text: str) -> list[str]:
    """Why `text` cannot stand in code, TOML, YAML and Markdown; empty when it can."""
    if not text.strip():
        return ["is empty"]
    faults = [f"holds {mark}, which some file would run or end at" for mark in CODE if mark in text]
    if APOSTROPHE_OUTSIDE_A_WORD.search(text):
        faults.append("holds a quote ' (an apostrophe inside a word is fine)")
    faults += [f"holds {shown(char)}" for char in dict.fromkeys(text) if not printable(char)]
    if len(text) > LONGEST_TEXT:
        faults.append(f"has {len(text)} characters, {LONGEST_TEXT} are allowed")
    return faults


def email_faults(email: str) -> list[str]:
    """Why `email` would make the project's metadata invalid; empty when it would not."""
    return [] if EMAIL.fullmatch(email) else ["is not an e-mail address like you@example.com"]


def plain(char: str) -> bool:
    """Whether a slug may hold the character."""
    return bool(re.fullmatch("[a-z0-9-]", char))


def printable(char: str) -> bool:
    """Whether the character neither breaks a line nor turns the direction of the code after it."""
    return (
        unicodedata.category(char) not in LINE_BREAKS_AND_CONTROLS
        and unicodedata.bidirectional(char) not in TEXT_DIRECTION
    )


def shown(char: str) -> str:
    """The character by its number and name: a look-alike is not told apart by eye."""
    return f"{char!r} (U+{ord(char):04X} {unicodedata.name(char, 'without a name')})"


def faults(answers: dict[str, Any], given: dict[str, Any]) -> list[str]:
    """Every fault as `question: what is wrong`.

    `given` holds what the command or the API was given: cookiecutter has rendered that as Jinja in
    `answers`, so that only there the braces still show.
    """
    found = [
        f"project_slug: {fault}"
        for fault in slug_faults(str(answers["__answered_slug"]), answers["_reserved"])
    ]
    for question in FREE_TEXT:
        texts = {str(given.get(question, "x")), str(answers[question])}
        found += sorted({f"{question}: {fault}" for text in texts for fault in text_faults(text)})
    return found + [
        f"author_email: {fault}" for fault in email_faults(str(answers["author_email"]))
    ]


def main() -> None:
    """Exits 1 when an answer is refused; cookiecutter then removes the empty folder."""
    answers = json.loads(r"""{{ cookiecutter | tojson }}""")
    given = json.loads(r"""{{ _cookiecutter | default({}) | tojson }}""")
    found = faults(answers, given)
    if found:
        print("Nothing was generated. Please answer again:", file=sys.stderr)
        print("\n".join(f"  - {fault}" for fault in found), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
