"""How a name is written in code, in paths and in sentences."""

import re

_UNCOUNTED = ("equipment", "information", "news", "series", "species")
_IRREGULAR = ("child", "children"), ("person", "people"), ("man", "men"), ("datum", "data")


def plural(name: str) -> str:
    """By the rules of plain English, of the last word: `price_entry` -> `price_entries`."""
    for one, many in _IRREGULAR:
        if re.search(rf"(^|_){one}$", name):
            return name.removesuffix(one) + many
    if name.endswith(_UNCOUNTED):
        return name
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    if re.search(r"(s|x|z|ch|sh)$", name):
        return f"{name}es"
    return f"{name}s"


def camel(name: str) -> str:
    """`delivery_note` -> `DeliveryNote`."""
    return "".join(word.capitalize() for word in name.split("_"))


def words(name: str) -> str:
    """`delivery_note` -> `delivery note`."""
    return name.replace("_", " ")


def article(name: str) -> str:
    """`an` before the sound of a vowel: an invoice, a unit, an hour."""
    sounds = re.match(r"(?!uni|use|usa|eu|one)[aeiou]|hour|honest|heir", name)
    return "an" if sounds else "a"


def sentence(text: str) -> str:
    """With a capital at its beginning; the rest stays as it is."""
    return text[:1].upper() + text[1:]
