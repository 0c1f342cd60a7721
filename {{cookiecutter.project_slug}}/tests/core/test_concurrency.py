"""Conditions on versions, as RFC 9110 writes them."""

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.core.concurrency import IfMatch, IfNoneMatch, Tags, VersionConflict, etag
from app.core.error_handlers import install


def test_a_version_becomes_a_quoted_tag() -> None:
    assert etag(3) == '"3"'


@pytest.mark.parametrize("named", [{"3"}, {"1", "3"}, {"*"}])
def test_a_condition_that_names_the_version_holds(named: set[str]) -> None:
    tags = Tags(frozenset(named))

    tags.require(3)
    assert tags.include(3)


@pytest.mark.parametrize("named", [{"2"}, {"03"}, {"abc"}, set()])
def test_a_condition_that_names_another_version_does_not(named: set[str]) -> None:
    tags = Tags(frozenset(named))

    with pytest.raises(VersionConflict):
        tags.require(3)
    assert not tags.include(3)


def test_without_a_condition_any_version_will_do_but_none_is_known() -> None:
    Tags().require(3)
    assert not Tags().include(3)


def conditional() -> FastAPI:
    app = FastAPI()
    install(app)

    @app.get("/")
    async def get(match: IfMatch, none_match: IfNoneMatch) -> list[list[str] | None]:
        return [None if tags.named is None else sorted(tags.named) for tags in (match, none_match)]

    return app


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ('"3"', ["3"]),
        ('W/"3"', ["3"]),
        (' "1" , W/"2","3" ', ["1", "2", "3"]),
        ('""', [""]),
        ("*", ["*"]),
        ("", []),
    ],
)
async def test_both_headers_are_read_alike(header: str, named: list[str]) -> None:
    async with AsyncClient(transport=ASGITransport(conditional()), base_url="http://t") as client:
        answer = await client.get("/", headers={"If-Match": header, "If-None-Match": header})

    assert answer.json() == [named, named]


@pytest.mark.parametrize("header", ["3", '"3', '"1" "2"', '"1",', "w/*", '*, "1"'])
async def test_an_unreadable_if_match_is_refused_and_an_unreadable_if_none_match_ignored(
    header: str,
) -> None:
    async with AsyncClient(transport=ASGITransport(conditional()), base_url="http://t") as client:
        refused = await client.get("/", headers={"If-Match": header})
        ignored = await client.get("/", headers={"If-None-Match": header})

    assert (refused.status_code, refused.json()["code"]) == (400, "bad_request")
    assert ignored.json() == [None, None]
