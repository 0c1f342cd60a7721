"""The document says what the service really answers."""

from typing import Any

import pytest
from httpx2 import AsyncClient

from app.main import create_app

DOCUMENT: dict[str, Any] = create_app().openapi()
OPERATIONS = [
    pytest.param(operation, id=f"{method} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_error_is_described_as_a_problem(operation: dict[str, Any]) -> None:
    errors = {
        status: response["content"]
        for status, response in operation["responses"].items()
        if int(status) >= 400
    }

    assert {"400", "413", "500", "503"} <= errors.keys()
    assert all(
        content
        == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for content in errors.values()
    )


def test_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            here = {node["$ref"]} if "$ref" in node else set()
            return here.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    assert references(DOCUMENT) <= {f"#/components/schemas/{name}" for name in schemas}
    assert "HTTPValidationError" not in schemas


def test_operations_have_names_of_their_own() -> None:
    names = [param.values[0]["operationId"] for param in OPERATIONS]  # type: ignore[index] # pytest's loose type

    assert len(names) == len(set(names))


async def test_the_document_is_served_outside_production(client: AsyncClient) -> None:
    assert (await client.get("/openapi.json")).json() == DOCUMENT
