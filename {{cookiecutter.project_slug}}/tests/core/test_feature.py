"""What features contribute is found in their order, and nothing else gets in."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import APIRouter, FastAPI

from app.core.feature import Feature, contributions, register


def feature(**members: Any) -> Feature:
    return cast(Feature, SimpleNamespace(**members))


def test_contributions_come_in_the_order_of_the_features() -> None:
    features = [feature(SEEDS=["a", "b"]), feature(), feature(SEEDS=["c"])]

    assert contributions(features, "SEEDS", str) == ["a", "b", "c"]


def test_a_contribution_of_another_kind_is_an_error_that_names_it() -> None:
    with pytest.raises(TypeError, match=r"`SEEDS` holds 7, which is no str"):
        contributions([feature(SEEDS=["a", 7])], "SEEDS", str)


def test_routes_are_registered_flat() -> None:
    router = APIRouter(prefix="/things")
    router.add_api_route("/{thing}", lambda: None, methods=["GET"])
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    register(app, router)

    assert [getattr(route, "path", None) for route in app.routes] == ["/things/{thing}"]


def test_what_is_registered_later_is_tried_first_and_a_router_keeps_its_order() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for paths in (["/common"], ["/own/latest", "/own/{thing}"]):
        router = APIRouter()
        for path in paths:
            router.add_api_route(path, lambda: None)
        register(app, router)

    tried = [getattr(route, "path", None) for route in app.routes]

    assert tried == ["/own/latest", "/own/{thing}", "/common"]
