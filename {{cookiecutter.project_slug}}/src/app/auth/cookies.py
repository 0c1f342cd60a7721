"""Refresh tokens in a cookie that no script can read and no other website can use."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Cookie, Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError

from app.auth.login_errors import CrossSite
from app.auth.schemas import TokenPair
from app.core.feature import API
from app.core.settings import read
from app.http.settings import HttpSettings
from app.mail.settings import MailSettings
from app.sessions.settings import SessionSettings, Transport

NAME = "__Secure-refresh"
_PATH = f"{API}/auth"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def delivered(pair: TokenPair, response: Response) -> TokenPair:
    """The body that the configured transport allows; the cookie, if it wants one, is set."""
    response.headers["Cache-Control"] = "no-store"  # RFC 6749, 5.1
    settings = read(SessionSettings)
    if settings.refresh_token_transport is Transport.BODY or pair.refresh_token is None:
        return pair
    _set(response, pair.refresh_token, settings.refresh_token_ttl_seconds)
    return pair.model_copy(update={"refresh_token": None})


def cleared(response: Response) -> None:
    """Has the browser forget its token."""
    _set(response, "", 0)


async def _same_site(origin: Annotated[str | None, Header()] = None) -> None:
    """Raises CrossSite. SameSite does not stop a sibling subdomain (RFC 6265bis, 8.8.1)."""
    if origin is None or origin not in _origins():
        raise CrossSite


async def _no_body(request: Request) -> None:
    """A token in the body would be one that a script could read."""
    if await request.body():
        fault = {"type": "extra_forbidden", "loc": ("body",), "msg": "The token is in a cookie"}
        raise RequestValidationError([fault])


async def _presented(
    _: Annotated[None, Depends(_same_site)],
    __: Annotated[None, Depends(_no_body)],
    token: Annotated[str, Cookie(alias=NAME)] = "",
) -> str:
    return token


PresentedToken = Annotated[str, Depends(_presented)]
"""Empty when the browser has none: a token that no session ever had."""


def _origins() -> set[str]:
    return {_origin(read(MailSettings).public_url), *read(HttpSettings).cors_origins}


def _origin(url: str) -> str:
    """As a browser writes it (RFC 6454, 6.2): lower case, without a default port or a path."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def _set(response: Response, value: str, seconds: int) -> None:
    """ASVS 5.0, 3.3.1 to 3.3.4: Secure, with its prefix, SameSite, HttpOnly."""
    response.set_cookie(
        NAME, value, max_age=seconds, path=_PATH, secure=True, httponly=True, samesite="strict"
    )
