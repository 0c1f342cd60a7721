"""The part of test_router.py on lists."""

from scaffold.filling import filled
from scaffold.resource import Resource
from scaffold.tests_of.words import names

PAGES = """\
async def test_a_page_says_where_it_stands_and_the_newest_come_first(
    $writer: AsyncClient$given
) -> None:
    made = [(await create($writer, $body()))["id"] for _ in range(5)]

    answer = await $writer.get($MANY, params={"page": 2, "limit": 2})

    assert [each["id"] for each in answer.json()["data"]] == [made[2], made[1]]
    assert answer.json()["meta"] == {"page": 2, "limit": 2, "total": 5, "total_capped": False}
    assert answer.headers["Cache-Control"] == "no-store"
    assert await ids($writer, page=100, limit=100) == []


"""

CURSOR = """\
async def test_a_list_is_walked_by_its_cursors_newest_first($writer: AsyncClient$given) -> None:
    made = [(await create($writer, $body()))["id"] for _ in range(5)]
    walked, query = [], {"limit": "2"}
    while True:
        answer = await $writer.get($MANY, params=query)
        walked.append([each["id"] for each in answer.json()["data"]])
        assert answer.headers["Cache-Control"] == "no-store"
        if answer.json()["meta"]["next_cursor"] is None:
            break
        query["cursor"] = answer.json()["meta"]["next_cursor"]

    assert walked == [[made[4], made[3]], [made[2], made[1]], [made[0]]]


"""

FOUND = """\
@pytest.mark.parametrize(("name", "other"), [$found])
async def test_a_list_can_be_asked_for_the_rows_with_one_value(
    $writer: AsyncClient$given, name: str, other: Any
) -> None:
    made = await create($writer, $body())

    assert await ids($writer, **{name: made[name]}) == [made["id"]]
    assert await ids($writer, **{name: other}) == []


"""


def lists(resource: Resource) -> str:
    """The tests."""
    found = [field for field in resource.fields if field.found]
    asked = ", ".join(f'("{field.name}", {field.kind.other})' for field in found)
    texts = [PAGES if resource.pages else CURSOR, *([FOUND] if found else [])]
    return "".join(filled(text, (), names(resource) | {"found": asked}) for text in texts)


def queries(resource: Resource) -> str:
    """What such a list is not asked for, with a comma behind each."""
    return '"page=0", "page=501&limit=20", ' if resource.pages else '"cursor=x", "page=2", '
