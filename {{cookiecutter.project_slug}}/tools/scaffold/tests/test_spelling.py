"""Names are written as English and Python would have them."""

import pytest

from scaffold import spelling


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("invoice", "invoices"),
        ("category", "categories"),
        ("key", "keys"),
        ("box", "boxes"),
        ("branch", "branches"),
        ("class", "classes"),
        ("person", "people"),
        ("sales_person", "sales_people"),
        ("price_entry", "price_entries"),
        ("news", "news"),
    ],
)
def test_a_plural_follows_the_rules(one: str, many: str) -> None:
    assert spelling.plural(one) == many


@pytest.mark.parametrize(
    ("name", "article"),
    [("invoice", "an"), ("note", "a"), ("unit", "a"), ("umbrella", "an"), ("hour", "an")],
)
def test_an_article_follows_the_sound(name: str, article: str) -> None:
    assert spelling.article(name) == article


def test_a_name_of_two_words_is_one_in_code_and_two_in_a_sentence() -> None:
    assert spelling.camel("price_entry") == "PriceEntry"
    assert spelling.words("price_entry") == "price entry"
    assert spelling.sentence("price entry") == "Price entry"
