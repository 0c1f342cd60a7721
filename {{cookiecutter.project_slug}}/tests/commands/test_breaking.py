"""What a client of the document before would notice, and what it would not."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.commands.breaking import breaking
from app.main import create_app
from tests.commands.conftest import Run

type Change = Callable[[dict[str, Any]], object]

CAKE = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 10},
        "size": {"type": "string", "enum": ["small", "large"]},
        "price": {"type": "number"},
        "layers": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Layer"},
        },
        "icing": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["name"],
}
LAYER = {
    "type": "object",
    "properties": {
        "filling": {"type": "string"},
        "below": {"anyOf": [{"$ref": "#/components/schemas/Layer"}, {"type": "null"}]},
    },
}
DOCUMENT = {
    "paths": {
        "/cakes": {
            "get": {
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer", "maximum": 9},
                    }
                ],
                "responses": {
                    "200": {"description": "OK"},
                },
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Asked"},
                        }
                    }
                },
                "responses": {
                    "201": {
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Told"},
                            }
                        }
                    },
                    "409": {"description": "Conflict"},
                },
            },
        },
        "/ovens": {
            "get": {
                "responses": {
                    "200": {"description": "OK"},
                },
            },
        },
    },
    "components": {
        "schemas": {"Asked": CAKE, "Told": deepcopy(CAKE), "Layer": LAYER},
    },
}
BODY = "POST /cakes: body: application/json"
ANSWER = "POST /cakes: 201: application/json"


def operation(document: dict[str, Any], method: str = "post") -> Any:
    return document["paths"]["/cakes"][method]


def asked(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["Asked"]


def told(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["Told"]


def limit(document: dict[str, Any]) -> Any:
    return operation(document, "get")["parameters"][0]


def field(shape: Any, name: str) -> Any:
    return shape["properties"][name]


WEIGHT = {
    "name": "weight",
    "in": "query",
    "schema": {},
}
BREAKS: dict[str, Change] = {
    "GET /ovens: is gone": lambda d: d["paths"].pop("/ovens"),
    "POST /cakes: is gone": lambda d: d["paths"]["/cakes"].pop("post"),
    "GET /cakes: credentials: is required now": lambda d: operation(d, "get").update(security=[{}]),
    "GET /cakes: limit: is gone": lambda d: operation(d, "get").pop("parameters"),
    "GET /cakes: limit: is required now": lambda d: limit(d).update(required=True),
    "GET /cakes: limit: maximum is 8 now": lambda d: limit(d)["schema"].update(maximum=8),
    "GET /cakes: limit: minimum is 1 now": lambda d: limit(d)["schema"].update(minimum=1),
    "GET /cakes: weight: is required now": lambda d: operation(d, "get")["parameters"].append(
        WEIGHT | {"required": True}
    ),
    "POST /cakes: body: is required now": lambda d: operation(d)["requestBody"].update(
        required=True
    ),
    "POST /cakes: body: is gone": lambda d: operation(d).pop("requestBody"),
    "POST /cakes: 201: is gone": lambda d: operation(d)["responses"].pop("201"),
    f"{ANSWER}: is gone": lambda d: operation(d)["responses"]["201"]["content"].clear(),
    f"{BODY}: size: is required now": lambda d: asked(d)["required"].append("size"),
    f"{BODY}: weight: is required now": lambda d: (
        asked(d)["properties"].update(weight={}) or asked(d)["required"].append("weight")
    ),
    f"{BODY}: size: is gone": lambda d: asked(d)["properties"].pop("size"),
    f"{BODY}: size: large is gone": lambda d: field(asked(d), "size").update(enum=["small"]),
    f"{BODY}: name: takes only some values now": lambda d: field(asked(d), "name").update(const=1),
    f"{BODY}: name: pattern is ^a now": lambda d: field(asked(d), "name").update(pattern="^a"),
    f"{BODY}: price: may no longer be number": lambda d: field(asked(d), "price").update(
        type="integer"
    ),
    f"{BODY}: icing: may no longer be null": lambda d: field(asked(d), "icing")["anyOf"].pop(),
    f"{ANSWER}: size: is gone": lambda d: told(d)["properties"].pop("size"),
    f"{ANSWER}: size: small is gone": lambda d: field(told(d), "size").update(enum=["large"]),
    f"{ANSWER}: name: may be missing now": lambda d: told(d)["required"].clear(),
    f"{ANSWER}: name: may be null now": lambda d: field(told(d), "name").update(
        type=["string", "null"]
    ),
}
HOLDS: dict[str, Change] = {
    "another operation": lambda d: d["paths"].update({"/pans": d["paths"]["/ovens"]}),
    "a parameter that may be left out": lambda d: operation(d, "get")["parameters"].append(WEIGHT),
    "a field that may be left out": lambda d: asked(d)["properties"].update(weight={}),
    "another field in an answer": lambda d: told(d)["properties"].update(weight={}),
    "another value": lambda d: field(asked(d), "size")["enum"].append("huge"),
    "a wider bound": lambda d: limit(d)["schema"].update(maximum=10),
    "no bound": lambda d: limit(d)["schema"].pop("maximum"),
    "a wider type to send": lambda d: field(asked(d), "name").update(type=["string", "null"]),
    "a narrower one to get": lambda d: field(told(d), "price").update(type="integer"),
    "what had to be sent may be left out": lambda d: asked(d)["required"].clear(),
    "what might be missing is there": lambda d: told(d)["required"].append("size"),
    "another error": lambda d: operation(d)["responses"].pop("409"),
    "another text": lambda d: field(told(d), "name").update(description="How it is called."),
}


def after(change: Change) -> list[str]:
    changed = deepcopy(DOCUMENT)
    change(changed)
    return list(breaking(DOCUMENT, changed))


@pytest.mark.parametrize("sentence", BREAKS)
def test_what_breaks_a_client_is_named_once(sentence: str) -> None:
    assert after(BREAKS[sentence]) == [sentence]


@pytest.mark.parametrize("change", HOLDS.values(), ids=HOLDS)
def test_what_breaks_nobody_is_not(change: Change) -> None:
    assert after(change) == []


def test_a_shape_that_many_places_share_is_told_for_each() -> None:
    def lost(document: dict[str, Any]) -> None:
        document["components"]["schemas"]["Layer"]["properties"].pop("filling")

    assert after(lost) == [f"{where}: layers: []: filling: is gone" for where in (BODY, ANSWER)]


def test_the_command_ends_with_a_fault_when_something_breaks(run: Run, tmp_path: Path) -> None:
    document = create_app().openapi()
    before = tmp_path / "before.json"
    before.write_text(json.dumps(document), "utf-8")

    assert run("openapi", "--since", str(before)).exit_code == 0

    document = deepcopy(document)
    document["paths"]["/api/v1/users/me"]["put"] = {
        "responses": {},
    }
    before.write_text(json.dumps(document), "utf-8")
    result = run("openapi", "--since", str(before))

    assert (result.exit_code, result.stdout) == (1, "PUT /api/v1/users/me: is gone\n")
