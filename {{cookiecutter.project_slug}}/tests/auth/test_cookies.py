"""Refresh tokens in a cookie, as browsers send it: from here, from elsewhere, and from nowhere."""

from collections.abc import AsyncIterator
from http.cookies import Morsel, SimpleCookie

import httpx2
import pytest
from fastapi import FastAPI

from app.core.database import Database
from app.core.settings import read
from app.main import create_app
from tests.people import PASSWORD, Person, a_person

AUTH = "/api/v1/auth"
NAME = "__Secure-refresh"
HOME, PARTNER = "https://shop.example.com", "https://partner.example.org"
ELSEWHERE = [
    None,
    "null",
    "https://evil.example.net",
    "https://evil.shop.example.com",
    "https://example.com",
    "http://shop.example.com",
    "https://shop.example.com:8443",
    "https://shop.example.com.evil.example.net",
    "https://SHOP.example.com",
]


@pytest.fixture
async def browser(address: str, application: FastAPI, database: Database) -> AsyncIterator[FastAPI]:
    """The service as it is configured for browsers."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REFRESH_TOKEN_TRANSPORT", "cookie")
        environment.setenv("PUBLIC_URL", f"{HOME}:443/")
        environment.setenv("CORS_ORIGINS", f'["{PARTNER}"]')
        environment.setenv("DATABASE_URL", address)
        read.cache_clear()
        app = create_app()
        async with app.router.lifespan_context(app):
            yield app
    read.cache_clear()


@pytest.fixture
async def client(browser: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(browser)
    async with httpx2.AsyncClient(transport=transport, base_url=HOME) as client:
        yield client


@pytest.fixture
async def person(database: Database) -> Person:
    return await a_person(database)


@pytest.fixture
async def bearer(client: httpx2.AsyncClient, person: Person) -> dict[str, str]:
    """After a login, whose cookie the client keeps."""
    body = (await login(client, person)).json()
    return {"Authorization": f"Bearer {body['access_token']}"}


async def login(client: httpx2.AsyncClient, person: Person) -> httpx2.Response:
    body = {"email": person.email, "password": PASSWORD}
    answer = await client.post(f"{AUTH}/login", json=body)
    assert answer.status_code == 200
    return answer


async def lives(client: httpx2.AsyncClient, bearer: dict[str, str]) -> bool:
    return (await client.get(f"{AUTH}/sessions", headers=bearer)).status_code == 200


def baked(answer: httpx2.Response) -> "Morsel[str]":
    return SimpleCookie(answer.headers["Set-Cookie"])[NAME]


async def test_every_pair_leaves_its_refresh_token_in_a_guarded_cookie(
    client: httpx2.AsyncClient, person: Person
) -> None:
    form = {"username": person.email, "password": PASSWORD}
    answers = [
        await login(client, person),
        await client.post(f"{AUTH}/token", data=form),
        await client.post(f"{AUTH}/refresh", headers={"Origin": HOME}),
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
        assert answer.headers["Cache-Control"] == "no-store"
        cookie = baked(answer)
        assert cookie.value not in answer.text
        assert len(cookie.value) >= 43
        assert (cookie["secure"], cookie["httponly"]) == (True, True)
        assert (cookie["samesite"], cookie["path"]) == ("strict", "/api/v1/auth")
        assert (cookie["max-age"], cookie["domain"]) == ("604800", "")
    assert len({baked(answer).value for answer in answers}) == 3


@pytest.mark.parametrize("origin", [HOME, PARTNER])
async def test_a_browser_on_a_known_website_refreshes_and_signs_out(
    client: httpx2.AsyncClient, bearer: dict[str, str], origin: str
) -> None:
    refreshed = await client.post(f"{AUTH}/refresh", headers={"Origin": origin})
    assert refreshed.status_code == 200

    gone = await client.post(f"{AUTH}/logout", headers={"Origin": origin})

    assert gone.status_code == 204
    assert (baked(gone).value, baked(gone)["max-age"]) == ("", "0")
    assert baked(gone)["path"] == "/api/v1/auth"
    assert not await lives(client, bearer)


@pytest.mark.parametrize("origin", ELSEWHERE)
@pytest.mark.parametrize("route", ["refresh", "logout"])
async def test_any_other_website_gets_nowhere_and_ends_nothing(
    client: httpx2.AsyncClient, bearer: dict[str, str], route: str, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}

    answer = await client.post(f"{AUTH}/{route}", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert "Set-Cookie" not in answer.headers
    assert await lives(client, bearer)
    assert (
        await client.post(f"{AUTH}/refresh", headers={"Origin": HOME})
    ).status_code == 200  # the token was not used up either


@pytest.mark.parametrize("route", ["refresh", "logout"])
async def test_a_token_in_the_body_is_refused(
    client: httpx2.AsyncClient, bearer: dict[str, str], route: str
) -> None:
    token = client.cookies[NAME]

    answer = await client.post(
        f"{AUTH}/{route}", json={"refresh_token": token}, headers={"Origin": HOME}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert token not in answer.text
    assert await lives(client, bearer)


async def test_without_a_cookie_there_is_nothing_to_refresh_or_to_end(
    client: httpx2.AsyncClient,
) -> None:
    refused = await client.post(f"{AUTH}/refresh", headers={"Origin": HOME})
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_refresh_token")

    assert (await client.post(f"{AUTH}/logout", headers={"Origin": HOME})).status_code == 204


async def test_a_cookie_used_twice_ends_the_session(
    client: httpx2.AsyncClient, bearer: dict[str, str]
) -> None:
    stolen = client.cookies[NAME]
    await client.post(f"{AUTH}/refresh", headers={"Origin": HOME})
    client.cookies.clear()

    refused = await client.post(
        f"{AUTH}/refresh", headers={"Origin": HOME, "Cookie": f"{NAME}={stolen}"}
    )

    assert refused.status_code == 401
    assert not await lives(client, bearer)


async def test_signing_out_everywhere_clears_the_cookie(
    client: httpx2.AsyncClient, bearer: dict[str, str]
) -> None:
    answer = await client.post(f"{AUTH}/logout-all", headers=bearer)

    assert baked(answer)["max-age"] == "0"
    assert NAME not in client.cookies


async def test_the_documentation_shows_routes_without_a_body(client: httpx2.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()["paths"]

    for route in ("refresh", "logout"):
        operation = described[f"{AUTH}/{route}"]["post"]
        assert "requestBody" not in operation
        assert "403" in operation["responses"]
