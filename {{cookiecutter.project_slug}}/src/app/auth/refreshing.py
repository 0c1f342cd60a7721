"""Refresh and logout over HTTP: the token comes in the body, or in a browser's cookie."""

from fastapi import APIRouter, Response, status

from app.auth.cookies import PresentedToken, cleared, delivered
from app.auth.schemas import RefreshToken, TokenPair
from app.auth.wiring import Auth
from app.core.feature import API
from app.core.problems import documented
from app.core.settings import read
from app.gate.route import GatedRoute
from app.sessions.settings import SessionSettings, Transport
from app.throttling.dependencies import throttled
from app.throttling.policies import LOGIN

_by_body = APIRouter(prefix=f"{API}/auth", tags=["auth"], route_class=GatedRoute)
_by_cookie = APIRouter(prefix=f"{API}/auth", tags=["auth"], route_class=GatedRoute)


def configured() -> APIRouter:
    """The routes for REFRESH_TOKEN_TRANSPORT, so that the documentation shows what is true."""
    transport = read(SessionSettings).refresh_token_transport
    return _by_body if transport is Transport.BODY else _by_cookie


@_by_body.post(
    "/refresh",
    response_model_exclude_none=True,
    responses=documented(401),
    dependencies=[throttled(LOGIN)],
)
async def refresh(body: RefreshToken, auth: Auth, response: Response) -> TokenPair:
    """Trades the refresh token for a new pair, once; a second use ends the session."""
    return delivered(await auth.refresh(body.refresh_token), response)


@_by_body.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def logout(body: RefreshToken, auth: Auth) -> None:
    """Ends the session of the token, whatever became of the token meanwhile."""
    await auth.logout(body.refresh_token)


@_by_cookie.post(
    "/refresh",
    response_model_exclude_none=True,
    responses=documented(401, 403),
    dependencies=[throttled(LOGIN)],
)
async def refresh_by_cookie(token: PresentedToken, auth: Auth, response: Response) -> TokenPair:
    """Trades the cookie's token for a new pair, once; a second use ends the session."""
    return delivered(await auth.refresh(token), response)


@_by_cookie.post("/logout", status_code=status.HTTP_204_NO_CONTENT, responses=documented(403))
async def logout_by_cookie(token: PresentedToken, auth: Auth, response: Response) -> None:
    """Ends the session of the cookie's token and clears the cookie."""
    await auth.logout(token)
    cleared(response)
