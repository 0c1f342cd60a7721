"""The service answers for its own names; by which one a probe asks is all the same."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import ValidationError

from app.http.settings import HttpSettings

OURS = '["api.example.com", "*.shops.example.com", "[::1]"]'


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", OURS)


@pytest.fixture
def bakery(hosts: None, small: FastAPI) -> FastAPI:
    for path in ("/cakes", "/health", "/health/live", "/health/ready", "/healthy"):
        small.get(path)(lambda: 0)
    return small


@pytest.mark.parametrize(
    "host",
    [
        "api.example.com",
        "API.Example.com:8000",
        "api.example.com.",
        "one.shops.example.com",
        "a.b.shops.example.com:443",
        "[::1]",
        "[::1]:8000",
    ],
)
async def test_it_answers_for_its_own_names(bakery: FastAPI, talk: AsyncClient, host: str) -> None:
    assert (await talk.get("/cakes", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "shops.example.com",
        "evilshops.example.com",
        "api.example.com.evil.example",
        "api.example.com@evil.example",
        "api.example.com:80:80",
        "evil.example:api.example.com",
        "\xe4pi.example.com",
    ],
)
async def test_for_no_other(bakery: FastAPI, talk: AsyncClient, host: str) -> None:
    answer = await talk.get("/cakes", headers={b"Host": host.encode("latin-1")})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"]
    assert answer.headers["X-Frame-Options"] == "DENY"


async def test_nor_for_two_at_once(bakery: FastAPI, talk: AsyncClient) -> None:
    names = [("Host", "api.example.com"), ("Host", "evil.example")]

    assert (await talk.get("/cakes", headers=names)).status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [("/health", 200), ("/health/live", 200), ("/health/ready", 200), ("/healthy", 400)],
)
async def test_probes_may_ask_by_address(
    bakery: FastAPI, talk: AsyncClient, path: str, status: int
) -> None:
    assert (await talk.get(path, headers={"Host": "10.1.2.3:8000"})).status_code == status


async def test_unless_it_is_told_its_names_any_will_do(small: FastAPI, talk: AsyncClient) -> None:
    small.get("/cakes")(lambda: 0)

    assert (await talk.get("/cakes", headers={"Host": "evil.example"})).status_code == 200


@pytest.mark.parametrize("host", ["https://a.example", "a.example:80", "a.example/", "a.*", ""])
def test_what_is_no_name_is_refused_when_the_service_starts(host: str) -> None:
    with pytest.raises(ValidationError, match="must be names without scheme, port or path") as told:
        HttpSettings(allowed_hosts=(host,))
    assert told.value.error_count() == 1


def test_a_service_without_a_name_would_answer_nobody() -> None:
    with pytest.raises(ValidationError, match="names no host"):
        HttpSettings(allowed_hosts=())
