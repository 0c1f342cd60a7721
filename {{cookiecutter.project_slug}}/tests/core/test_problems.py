"""Every error is a problem document, and no line of JSON is a way to a 500."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from pydantic import Field
from structlog.testing import capture_logs

from app import http
from app.core.errors import Conflict, Unavailable
from app.core.problems import problem
from app.core.text import Input, Text


class Order(Input):
    cake: Text
    pieces: int = Field(ge=1, le=12)


class OvenBusy(Conflict):
    code = "oven_busy"
    detail = "The oven is in use."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "60"})
        self.extensions = {"until": "noon"}


def bakery() -> FastAPI:
    app = FastAPI()
    http.setup(app)

    @app.get("/cakes")
    @app.get("/cakes/{cake}")
    async def look(cake: str = "") -> str:
        if cake == "burnt":
            raise OvenBusy
        if cake == "lost":
            raise Unavailable
        if cake == "secret":
            raise RuntimeError("the recipe is hunter2")
        return cake

    @app.post("/cakes")
    async def bake(order: Order) -> Order:
        return order

    @app.delete("/cakes")
    async def eat() -> None: ...

    return app


async def call(method: str, path: str, **options: Any) -> Response:
    async with AsyncClient(transport=ASGITransport(bakery()), base_url="http://t") as client:
        return await client.request(method, path, **options)


async def send(body: str) -> Response:
    return await call("POST", "/cakes", content=body, headers={"Content-Type": "application/json"})


def fields(answer: Response) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    expected = {"type", "title", "status", "detail", "instance", "code", "request_id"}
    assert expected <= body.keys()
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["X-Request-ID"]
    return body


async def test_a_domain_error_is_told_with_its_code_its_headers_and_what_it_adds() -> None:
    answer = await call("GET", "/cakes/burnt")

    assert answer.headers["Retry-After"] == "60"
    assert fields(answer) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "The oven is in use.",
        "instance": "/cakes/burnt",
        "code": "oven_busy",
        "request_id": answer.headers["X-Request-ID"],
        "until": "noon",
    }


async def test_an_unknown_path_is_a_problem_too() -> None:
    body = fields(await call("GET", "/nowhere/%F0%9F%8D%B0"))

    assert (body["status"], body["code"]) == (404, "not_found")
    assert body["instance"] == "/nowhere/%F0%9F%8D%B0"


async def test_a_wrong_method_is_answered_with_every_method_that_would_do() -> None:
    answer = await call("PUT", "/cakes")

    assert fields(answer)["code"] == "method_not_allowed"
    assert answer.headers["Allow"] == "DELETE, GET, POST"


async def test_an_outage_says_when_to_come_back() -> None:
    answer = await call("GET", "/cakes/lost")

    assert (fields(answer)["code"], answer.headers["Retry-After"]) == ("unavailable", "1")


async def test_a_bug_is_logged_with_its_cause_and_told_without_it() -> None:
    with capture_logs() as logs:
        answer = await call("GET", "/cakes/secret")

    assert (answer.status_code, fields(answer)["code"]) == (500, "internal_error")
    assert "hunter2" not in answer.text
    assert [line["event"] for line in logs] == ["unexpected_error", "request"]
    assert str(logs[0]["exc_info"]) == "the recipe is hunter2"


async def test_everything_wrong_with_the_input_is_named_and_none_of_it_repeated() -> None:
    answer = await send('{"cake": 77777, "pieces": 99999, "flavour": "hunter2"}')

    body = fields(answer)
    assert (body["status"], body["code"]) == (422, "validation_failed")
    assert [(error["loc"], error["code"]) for error in body["errors"]] == [
        (["body", "cake"], "string_type"),
        (["body", "pieces"], "less_than_equal"),
        (["body", "flavour"], "extra_forbidden"),
    ]
    assert all(error["message"] for error in body["errors"])
    for value in ("77777", "99999", "hunter2"):
        assert value not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        r'{"cake": "\ud800", "pieces": 1}',
        r'{"cake": "\u0000", "pieces": 1}',
        r'{"\ud800": 1, "cake": "x", "pieces": 1}',
        '{"cake": "x", "pieces": 1e400}',
        '{"cake": "x", "pieces": NaN}',
        '{"cake": "x", "pieces": Infinity}',
        '{"cake": "x", "pieces": -Infinity}',
        '{"cake": NaN, "pieces": 1}',
        '{"cake": "x", "pieces": 9223372036854775808}',
        "[]",
        '"text"',
        "null",
        "{",
        "",
        '{"cake": "x",}',
    ],
)
async def test_odd_json_is_refused_like_any_other(body: str) -> None:
    answer = await send(body)

    assert fields(answer)["code"] == "validation_failed"
    json.loads(answer.text)


@pytest.mark.parametrize("body", ["[" * 100_000, '{"pieces": ' + "9" * 5000 + "}", "\xff"])
async def test_what_no_parser_likes_is_a_bad_request(body: str) -> None:
    answer = await call(
        "POST",
        "/cakes",
        content=body.encode("latin-1"),
        headers={"Content-Type": "application/json"},
    )

    assert fields(answer)["status"] in {400, 413, 422}


async def test_of_very_many_faults_the_first_hundred_are_named() -> None:
    answer = await send(json.dumps({str(number): 1 for number in range(500)}))

    assert (answer.status_code, len(fields(answer)["errors"])) == (422, 100)


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data"])
async def test_a_body_that_is_not_sent_as_json_is_unsupported(media_type: str) -> None:
    answer = await call(
        "POST",
        "/cakes",
        content='{"cake": "x", "pieces": 1}',
        headers={"Content-Type": media_type},
    )

    assert (answer.status_code, fields(answer)["code"]) == (415, "unsupported_media_type")


def test_a_problem_can_be_told_outside_the_application() -> None:
    answer = problem({"path": "/x"}, 413, "body_too_large", "Too much.")

    assert json.loads(bytes(answer.body))["request_id"] == ""
