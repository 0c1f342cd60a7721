"""The interactive pages load everything from the service, under a policy that names no other."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from app.core.settings import read
from app.main import create_app

LINK = re.compile(r"""(?:src|href)=["']([^"']+)""")
PAGES = ["/docs", "/redoc"]
KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


def policy(page: Response) -> dict[str, set[str]]:
    directives = page.headers["Content-Security-Policy"].split("; ")
    return {name: set(sources) for name, *sources in map(str.split, directives)}


def links(page: Response) -> list[str]:
    """Everything that the page names, but what it holds itself."""
    found = [urljoin(str(page.url), link) for link in LINK.findall(page.text)]
    return [link for link in found if not link.startswith("data:")]


@pytest.mark.parametrize("path", PAGES)
async def test_all_that_a_page_names_comes_from_the_service(client: AsyncClient, path: str) -> None:
    page = await client.get(path)
    named = links(page)

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert len(named) >= 2
    for link in named:
        asset = await client.get(link)
        assert (urlsplit(link).netloc, asset.status_code) == ("test", 200), link
        assert asset.headers["Content-Type"].startswith(KINDS[link.rpartition(".")[2]])


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_shows_the_document_of_the_service(client: AsyncClient, path: str) -> None:
    page = await client.get(path)
    start = await client.get(next(link for link in links(page) if link.endswith("start.js")))

    (document,) = re.findall(r'"(\S+\.json)"', start.text)
    assert (await client.get(urljoin(str(page.url), document))).status_code == 200


async def test_the_logo_that_the_reference_asks_for_is_here(client: AsyncClient) -> None:
    script = (await client.get("/redoc/redoc.standalone.js")).text

    assert "cdn.redoc.ly" not in script
    assert 'window.location.pathname+"/logo-mini.svg"' in script
    assert (await client.get("/redoc/logo-mini.svg")).status_code == 200


@pytest.mark.parametrize("path", PAGES)
async def test_its_policy_lets_in_no_other_host_and_no_inline_script(
    client: AsyncClient, path: str
) -> None:
    allowed = policy(await client.get(path))

    harmless = re.compile(r"'none'|'self'|'nonce-[\w-]{22}'|data:|blob:")
    assert all(harmless.fullmatch(source) for sources in allowed.values() for source in sources)
    assert allowed["default-src"] == allowed["frame-ancestors"] == {"'none'"}
    assert allowed["script-src"] == allowed["connect-src"] == {"'self'"}


async def test_styles_of_the_reference_carry_a_word_that_is_new_each_time(
    client: AsyncClient,
) -> None:
    pages = [await client.get("/redoc") for _ in range(2)]
    words = [re.findall(r'nonce="([^"]+)"', page.text) for page in pages]

    for page, (word, *others) in zip(pages, words, strict=True):
        assert others == [word]
        assert f"'nonce-{word}'" in policy(page)["style-src"]
    assert words[0] != words[1]


def test_where_the_document_is_not_shown_neither_are_its_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCS_ENABLED", "false")
    read.cache_clear()
    app: FastAPI = create_app()
    read.cache_clear()

    paths = [getattr(route, "path", "") for route in app.routes]
    assert not [path for path in paths if path.startswith((*PAGES, "/openapi.json"))]
