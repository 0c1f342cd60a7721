"""The part of test_router.py on what only the database knows to be wrong."""

from collections.abc import Iterator

from scaffold.filling import filled
from scaffold.layers.referring import guarded
from scaffold.resource import Field, Resource
from scaffold.tests_of.words import names

TAKEN = """\
async def test_two_cannot_share_a_$field($writer: AsyncClient$given) -> None:
    first, second = await create($writer, $body()), await create($writer, $body())
    same = {"$field": first["$field"]}

    again = await $writer.post($MANY, json=$body(**same))
    changed = await $writer.patch(f"{$MANY}/{second['id']}", json=same)

    assert (again.status_code, again.json()["code"]) == (409, "${field}_taken")
    assert (changed.status_code, changed.json()["code"]) == (409, "${field}_taken")
    await $writer.delete(f"{$MANY}/{first['id']}")
    await create($writer, $body(**same))


"""

UNKNOWN = """\
async def test_a_${field}_that_is_not_there_is_refused($writer: AsyncClient$given) -> None:
    made, nowhere = await create($writer, $body()), {"$name": str(uuid4())}

    answers = [
        await $writer.post($MANY, json=$body(**nowhere)),
        await $writer.patch(f"{$MANY}/{made['id']}", json=nowhere),
    ]

    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_$field")
        assert [error["loc"] for error in answer.json()["errors"]] == [["body", "$name"]]
    assert await ids($writer) == [made["id"]]


"""

FOREIGN = """\
async def test_a_${field}_of_somebody_else_is_refused(
    $writer: AsyncClient, database: Database$given
) -> None:
    foreign = await $make(database, (await a_person(database)).id)

    answer = await $writer.post($MANY, json=$body($name=str(foreign.id)))

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_$field")


"""

DELETED = """\
async def test_a_${field}_that_was_deleted_is_refused(
    $writer: AsyncClient, database: Database$given
) -> None:
    sent = $body()
    async with database.unit_of_work() as work:
        await work.as_system()
        gone = update($Target).where($Target.id == UUID(sent["$name"]))
        await work.session.execute(gone.values(deleted_at=$Target.updated_at))

    answer = await $writer.post($MANY, json=sent)

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_$field")


"""


def refusals(resource: Resource) -> str:
    """The tests."""
    words = names(resource)
    unique = (filled(TAKEN, (), words | {"field": field.name}) for field in resource.uniques)
    return "".join([*unique, *_of_references(resource, words)])


def imports(resource: Resource) -> str:
    """Of what they need of other resources."""
    return "\n".join(sorted({line for field in guarded(resource) for line in _imports(field)}))


def _of_references(resource: Resource, words: dict[str, str]) -> Iterator[str]:
    for field in resource.references:
        known = words | {"field": field.subject, "name": field.name}
        yield filled(UNKNOWN, (), known)
        if field.target and field.target.owned:
            make = (field.target.factory or "").rpartition(".")[2]
            yield filled(FOREIGN, (), known | {"make": make})
        if field.target and field.target.soft_delete:
            yield filled(DELETED, (), known | {"Target": field.target.model})


def _imports(field: Field) -> Iterator[str]:
    if field.target and field.target.soft_delete:
        yield f"from {field.target.module} import {field.target.model}"
    if field.target and field.target.owned:
        module, _, function = (field.target.factory or "").rpartition(".")
        yield f"from {module} import {function}"
