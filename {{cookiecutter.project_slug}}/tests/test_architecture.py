"""The house keeps its shape: layers, contributions and the seams between rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.core.feature import (
    Check,
    Feature,
    Lifespan,
    PersonalData,
    Purge,
    Seed,
    Warmup,
    contributions,
)
from app.core.idempotency import KeepsAnswers
from app.core.settings import Settings
from app.jobs.job import Work  # feature: background_jobs
from app.main import FEATURES, create_app

SOURCE = Path(__file__).resolve().parents[1] / "src" / "app"
MEMBERS = {
    "SETTINGS": type,
    "COMMANDS": typer.Typer,
    "CHECKS": Check,
    "PURGES": Purge,
    "SEEDS": Seed,
    "WARMUPS": Warmup,
    "LIFESPANS": Lifespan,
    "PERSONAL_DATA": PersonalData,
    "JOBS": Work,  # feature: background_jobs
}


def modules(pattern: str = "**/*.py") -> Iterator[Path]:
    yield from sorted(SOURCE.glob(pattern))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.__name__)
def test_a_feature_contributes_what_it_says(feature: Feature) -> None:
    for member, kind in MEMBERS.items():
        contributions([feature], member, kind)
    for settings in contributions([feature], "SETTINGS", type):
        assert issubclass(settings, Settings)
    upper = {name for name in vars(feature) if name.isupper()}
    assert upper <= MEMBERS.keys() | {"PATH"}, "a list that nobody reads"


def test_a_route_that_takes_keys_keeps_its_answers() -> None:
    for route in create_app().routes:
        if isinstance(route, APIRoute) and takes_key(route.dependant):
            assert isinstance(route, KeepsAnswers), f"{route.path} needs route_class=KeepsAnswers"


def takes_key(dependant: Dependant) -> bool:
    named = {parameter.alias for parameter in dependant.header_params}
    return "Idempotency-Key" in named or any(map(takes_key, dependant.dependencies))


def test_a_feature_with_routes_of_its_own_has_all_three_layers() -> None:
    for router in modules("*/router.py"):
        for layer in ("service.py", "repository.py"):
            assert router.with_name(layer).exists(), router


def test_routers_reach_repositories_only_through_services() -> None:
    for router in modules("*/router.py"):
        assert not {name for name in imports(router) if name.endswith(("repository", "models"))}


def test_services_know_neither_http_nor_sql() -> None:
    for service in modules("*/service.py"):
        assert not {"fastapi", "starlette", "sqlalchemy"} & {
            name.partition(".")[0] for name in imports(service)
        }


def test_routers_alone_may_raise_the_frameworks_own_errors() -> None:
    for path in modules():
        if path.name != "router.py" and "HTTPException" in path.read_text(encoding="utf-8"):
            assert path.relative_to(SOURCE).as_posix() in {
                "core/error_handlers.py",
                "http/body_limit.py",
                "http/field_limit.py",
            }


def test_only_the_unit_of_work_commits() -> None:
    assert [path.name for path in modules() if ".commit()" in path.read_text(encoding="utf-8")] == [
        "unit_of_work.py"
    ]


def test_no_room_is_named_for_nothing() -> None:
    meaningless = {"utils", "helpers", "common", "base", "manager", "misc"}

    assert not meaningless & {path.stem for path in SOURCE.rglob("*")}


def test_every_module_says_in_a_sentence_what_it_is_for() -> None:
    for path in modules():
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert docstring, path
        assert len(docstring.splitlines()[0]) <= 100, path


def test_no_middleware_takes_the_slow_road() -> None:
    for path in modules():
        assert "BaseHTTPMiddleware" not in path.read_text(encoding="utf-8"), path
