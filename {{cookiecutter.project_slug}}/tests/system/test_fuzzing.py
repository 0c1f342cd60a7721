"""Whatever the OpenAPI document allows or forbids is sent, and every answer held against it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from app.core.migrations import ROOT
from app.core.pagination import REACH
from app.main import create_app
from tests.system.processes import APP, free_port, ready, running

pytestmark = pytest.mark.system

document = schemathesis.openapi.from_dict(create_app().openapi())


@document.hook
def filter_query(_: schemathesis.HookContext, query: dict[str, Any] | None) -> bool:
    """No schema can say that a product of two parameters is bounded: `page * limit <= REACH`."""
    page, limit = (str((query or {}).get(name, 1)) for name in ("page", "limit"))
    return not (page.isdecimal() and limit.isdecimal()) or int(page) * int(limit) <= REACH


@pytest.fixture(scope="module")
def service(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, log = free_port(), tmp_path_factory.mktemp("fuzzing") / "log"
    command = [*APP, "serve", "--port", str(port)]
    with running(command, ROOT, log, DATABASE_URL=address, ENVIRONMENT="test") as process:
        ready(process, port)
        yield f"http://127.0.0.1:{port}"


@document.parametrize()
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_the_service_answers_as_its_document_says(case: schemathesis.Case, service: str) -> None:
    case.call_and_validate(base_url=service)
