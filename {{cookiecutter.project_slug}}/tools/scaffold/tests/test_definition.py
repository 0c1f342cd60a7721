"""What cannot be is refused before anything is written, with every fault and a way out."""

import pytest

from scaffold.definition import Flags, parse
from scaffold.refusal import Refused
from scaffold.resource import Resource
from tools.scaffold.tests.around import AROUND, EVERY_TYPE


def made(name: str, *words: str, **flags: object) -> Resource:
    return parse(name, words, Flags(**flags), AROUND)  # type: ignore[arg-type] # the test's own words


def faults(name: str, *words: str, **flags: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        made(name, *words, **flags)
    return refused.value.faults


def test_a_wish_becomes_a_resource() -> None:
    invoice = made("invoice", *EVERY_TYPE, owned=True, paginate="cursor")

    assert (invoice.one, invoice.many, invoice.owned, invoice.pages) == (
        *("invoice", "invoices"),
        *(True, False),
    )
    assert [field.name for field in invoice.fields] == [
        word.partition(":")[0] for word in EVERY_TYPE
    ]
    assert [field.name for field in invoice.fields if field.optional] == [
        *("text_of", "due_on", "shape", "folder_id")
    ]
    assert [field.name for field in invoice.uniques] == ["number", "due_on"]
    assert [field.name for field in invoice.references] == ["customer_id", "folder_id"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a_word:str(80)?:unique", "a_word:str:80:unique:optional"),
        ("a_word:enum(on_, off)", "a_word:enum:on_,off"),
        ("a_word:str", "a_word:str:200"),
        ("a_id:ref(users)?", "a_id:ref:users?"),
    ],
)
def test_a_field_is_spelled_with_brackets_or_without(one: str, other: str) -> None:
    assert made("thing", "name:str", one).fields == made("thing", "name:str", other).fields


@pytest.mark.parametrize(
    "name",
    [
        *("", "Invoice", "1st", "in-voice", "a" * 25, "invoice_", "s p"),
        *("class", "user", "column", "print", "response", "row", "query", "page"),
        *("project", "refresh_token", "visit", "news"),
    ],
)
def test_a_name_with_another_meaning_is_refused(name: str) -> None:
    assert faults(name, "title:str")


@pytest.mark.parametrize("plural", ["Oxen", "select", "ox", "core"])
def test_a_plural_with_another_meaning_is_refused(plural: str) -> None:
    assert faults("ox", "title:str", plural=plural)
    assert made("ox", "title:str", plural="oxen").many == "oxen"


@pytest.mark.parametrize(
    "name",
    [
        *("Title", "1st", "a" * 25, "", "title_"),
        *("id", "user_id", "version", "created_at", "deleted_at"),
        *("class", "select", "end", "date", "str", "metadata", "count", "json", "model_dump"),
        *("refresh_tokens", "things", "model_config"),
    ],
)
def test_a_field_with_another_meaning_is_refused(name: str) -> None:
    assert faults("thing", "title:str", f"{name}:int")


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("code", "there is no type ``"),
        ("code:string", "there is no type `string`"),
        ("code:str:0", "a length is a number from 1"),
        ("code:str:many", "a length is a number from 1"),
        ("code:str:10001", "a length is a number from 1"),
        ("code:str:501:unique", "an index has no room"),
        ("code:text:index", "an index has no room"),
        ("code:json:unique", "an index has no room"),
        ("code:bool:unique", "too few values"),
        ("code:enum:a,b:unique", "too few values"),
        ("code:enum", "two words or more"),
        ("code:enum:a", "two words or more"),
        ("code:enum:a,a", "two words or more"),
        ("code:enum:a,B", "`B` is no word"),
        ("code:enum:a,mro", "`mro` is what Python keeps"),
        ("code:int:indexed", "`indexed` says nothing"),
        ("code_id:ref:nothing", "there is no resource `nothing`"),
        ("code_id:ref", "there is no resource ``"),
        ("code_id:ref:api_keys", "nothing that makes one of api_keys"),
        ("code:ref:users", "is called so: code_id"),
        ("code_id:ref:users:unique", "a rule to write by hand"),
        ("code_id:ref:projects", "Say --owned"),
        ("page:int:index", "lists know `?page=`"),
        ("title:int", "stands there 2 times"),
        ("thing_read:str", "two of its classes would be called ThingRead"),
        ("read:enum:a,b", "two of its classes would be called ThingRead"),
    ],
)
def test_a_field_that_cannot_be_is_refused_by_name(word: str, fault: str) -> None:
    found = faults("thing", "title:str", word)

    assert len(found) == 1
    assert fault in found[0]


def test_a_resource_that_only_links_others_is_refused() -> None:
    assert "no field besides references" in faults("membership", "member_id:ref:users")[0]
    assert len(faults("membership", "member_id:ref:users", "since:day")) == 1


def test_a_constraint_that_postgresql_would_cut_is_refused() -> None:
    word = f"{'x' * 24}:decimal"

    assert "no room" in faults("thing", "title:str", word, plural="y" * 24)[0]


def test_every_fault_is_named_at_once() -> None:
    found = faults("Thing", "title:strange", "id:int", "code:bool:unique", "no:int", "no:int")

    assert [fault.partition(":")[0] for fault in found] == [
        *("Thing", "Things", "title", "code", "no", "id")
    ]
