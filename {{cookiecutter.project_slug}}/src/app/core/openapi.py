"""The OpenAPI document: FastAPI's, with every error described as what it is."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.core.feature import API
from app.core.problems import MEDIA_TYPE, Problem

_REFERENCE = "#/components/schemas/{model}"
_ANYWHERE = (400, 413, 500, 503)
_WITH_BODY = 415
_WITH_CREDENTIALS = (401, 403)
_WITH_KEY = (409, 422)


def describe(app: FastAPI) -> dict[str, Any]:  # JSON of any shape
    """Takes the place of `app.openapi`; made once."""
    if not app.openapi_schema:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        problem = Problem.model_json_schema(ref_template=_REFERENCE)
        schemas |= problem.pop("$defs")
        schemas["Problem"] = problem
        for path, operations in document["paths"].items():
            for operation in operations.values():
                if path.startswith(API):
                    operation["responses"].setdefault("429", {"description": "Too Many Requests"})
                _describe_errors(operation)
                _describe_parameters(operation)
        app.openapi_schema = document
    return app.openapi_schema


def _describe_errors(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    expected = [
        *_ANYWHERE,
        *([_WITH_BODY] if "requestBody" in operation else []),
        *(_WITH_CREDENTIALS if "security" in operation else []),
        *(_WITH_KEY if _takes_key(operation) else []),
    ]
    for status in expected:
        responses.setdefault(str(status), {"description": HTTPStatus(status).phrase})
    for status, response in responses.items():
        if int(status) >= HTTPStatus.BAD_REQUEST:
            response["content"] = {
                MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}
            }


def _takes_key(operation: dict[str, Any]) -> bool:
    return any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", ()))


def _describe_parameters(operation: dict[str, Any]) -> None:
    """What is optional in Python may be left out of a request, but never be null there."""
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        kinds = [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]
        schema |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {}
