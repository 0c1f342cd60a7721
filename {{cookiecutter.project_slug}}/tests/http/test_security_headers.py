"""Every answer tells browsers what not to do with it."""

import pytest
from httpx2 import AsyncClient


@pytest.mark.parametrize("path", ["/", "/openapi.json"])
async def test_every_answer_has_them(talk: AsyncClient, path: str) -> None:
    headers = (await talk.get(path)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.fixture
def development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "development")


async def test_development_does_not_insist_on_https(development: None, talk: AsyncClient) -> None:
    assert "Strict-Transport-Security" not in (await talk.get("/")).headers
