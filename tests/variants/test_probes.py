"""Tests that the probes tell a working option from one that does nothing or leaves something."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.variants import probes
from tests.variants.sheets import Sheet, code_options, questions

Serves = Callable[[Mapping[str, str]], str]
IDLE = {"/metrics": "up 1\n"}
WORKING = {"/metrics": "up 1\njob_workers 1.0\n"}
LISTED = {"/api/v1/products": '{"data": [{"id": "p1", "stock": 3}]}'}
EMPTY = {"/api/v1/products": '{"data": []}'}
SEEDED = LISTED | {"/api/v1/orders Bearer a.b.c": '{"id": "o1", "data": [{"id": "o1"}]}'}
FORGETFUL = LISTED | {"/api/v1/orders Bearer a.b.c": '{"id": "o1", "data": []}'}
BARE = {"/openapi.json": '{"openapi": "3.1.0"}'}
TOKENS = {
    "/api/v1/auth/login": '{"access_token": "a.b.c"}',
    "/api/v1/users/me Bearer a.b.c": "{}",
}
GULLIBLE = TOKENS | {"/api/v1/users/me Bearer a.b.A": "{}"}
DEFAULTS: Sheet = {name: answers[0] for name, answers in code_options(questions()).items()}
STILL_DOCUMENTED = {"/openapi.json": '{"openapi": "3.1.0", "tags": ["products"]}'}


@pytest.fixture
def serving() -> Iterator[Serves]:
    """Serves these bodies by path and credential; for others 404, or 401 with a credential."""
    servers: list[http.server.HTTPServer] = []

    def serve(bodies: Mapping[str, str]) -> str:
        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                credential = self.headers.get("Authorization", "")
                asked = f"{self.path} {credential}".strip()
                self.send_response(200 if asked in bodies else 401 if credential else 404)
                self.end_headers()
                self.wfile.write(bodies.get(asked, "").encode())

            do_POST = do_GET  # noqa: N815  the name that the server looks for

            def log_message(self, *_: object) -> None:
                """Keeps the test's output clean."""

        servers.append(http.server.HTTPServer(("127.0.0.1", 0), Answers))
        threading.Thread(target=servers[-1].serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_every_option_has_a_probe() -> None:
    probed = {key.partition("=")[0] for key in probes.PROBES}
    assert probed == set(code_options(questions()))


@pytest.mark.parametrize(
    ("example", "bodies", "works"),
    [
        (True, SEEDED, True),
        (True, EMPTY, False),
        (True, LISTED, False),
        (True, FORGETFUL, False),
        (True, BARE, False),
        (False, BARE, True),
        (False, STILL_DOCUMENTED, False),
        (False, LISTED | BARE, False),
        (False, {"/api/v1/orders": "{}"} | BARE, False),
    ],
)
def test_the_example_is_seen_when_on_and_gone_when_off(
    example: bool,  # noqa: FBT001  an answer, not a switch
    bodies: Mapping[str, str],
    works: bool,  # noqa: FBT001  an expectation, not a switch
    serving: Serves,
) -> None:
    sheet = DEFAULTS | {"example": example}
    assert (probes.seen(serving({**bodies, **TOKENS, **IDLE}), sheet) == []) is works


@pytest.mark.parametrize("answer", ["pyjwt", "python-jose"])
@pytest.mark.parametrize(("bodies", "works"), [(TOKENS, True), (GULLIBLE, False), ({}, False)])
def test_tokens_are_seen_to_be_judged_whichever_library_does_it(
    answer: str,
    bodies: Mapping[str, str],
    works: bool,  # noqa: FBT001  an expectation, not a switch
    serving: Serves,
) -> None:
    sheet = DEFAULTS | {"jwt_library": answer}
    assert (probes.seen(serving({**bodies, **SEEDED, **IDLE}), sheet) == []) is works


@pytest.mark.parametrize(
    ("answer", "bodies", "works"),
    [
        (True, WORKING, True),
        (True, IDLE, False),
        (False, IDLE, True),
        (False, WORKING, False),
        (False, {}, False),
    ],
)
def test_jobs_are_seen_when_somebody_works_and_gone_when_off(
    answer: bool,  # noqa: FBT001  an answer, not a switch
    bodies: Mapping[str, str],
    works: bool,  # noqa: FBT001  an expectation, not a switch
    serving: Serves,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    sheet = DEFAULTS | {"background_jobs": answer}
    assert (probes.seen(serving({**bodies, **SEEDED, **TOKENS}), sheet) == []) is works


def test_a_word_that_only_a_declined_option_would_use_is_found(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("An order.\nA Product of ours.\n", "utf-8")
    (tmp_path / "products.py").touch()
    assert probes.left_over(tmp_path, DEFAULTS) == []
    assert probes.left_over(tmp_path, DEFAULTS | {"example": False}) == [
        "README.md:2: A Product of ours.",
        "products.py",
    ]
