"""Which origins may read answers."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.http.settings import HttpSettings

SHOP = "https://shop.example"


@pytest.fixture
def origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", f'["{SHOP}"]')


async def test_no_origin_is_allowed_unless_it_is_named(talk: AsyncClient) -> None:
    answer = await talk.get("/", headers={"Origin": SHOP})

    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "allowed"), [(SHOP, SHOP), ("https://evil.example", None), ("null", None)]
)
async def test_a_named_origin_is_allowed_and_no_other(
    origins: None, small: FastAPI, talk: AsyncClient, origin: str, allowed: str | None
) -> None:
    answer = await talk.get("/", headers={"Origin": origin})

    assert answer.headers.get("Access-Control-Allow-Origin") == allowed


async def test_scripts_of_a_named_origin_may_repeat_requests_and_see_that_they_did(
    origins: None, small: FastAPI, talk: AsyncClient
) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Origin": SHOP}
    asked["Access-Control-Request-Headers"] = "idempotency-key, if-match"
    before = await talk.options("/", headers=asked)
    answer = await talk.get("/", headers={"Origin": SHOP})

    assert before.status_code == 200
    assert "Idempotency-Key" in before.headers["Access-Control-Allow-Headers"].split(", ")
    exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert exposed > {"Idempotency-Replayed", "RateLimit", "RateLimit-Policy", "Retry-After"}


def test_production_refuses_a_wildcard() -> None:
    assert list(HttpSettings(cors_origins=("*",)).refusals()) == [
        "CORS_ORIGINS: names no origin with `*`; list each one"
    ]
    assert list(HttpSettings(cors_origins=(SHOP,)).refusals()) == []
