"""Signing in and out over HTTP; `refreshing` has the routes that take a refresh token."""

from typing import Annotated

from fastapi import APIRouter, Form, Response, status

from app.auth.cookies import cleared, delivered
from app.auth.dependencies import UserId
from app.auth.login_errors import InvalidCredentials, TooManyAttempts
from app.auth.schemas import Login, TokenForm, TokenPair
from app.auth.wiring import Auth
from app.core.feature import API
from app.core.problems import documented
from app.gate.route import GatedRoute
from app.throttling.dependencies import throttled
from app.throttling.policies import LOGIN

PATH = f"{API}/auth"
router = APIRouter(prefix=PATH, tags=["auth"], route_class=GatedRoute)


@router.post(
    "/login",
    response_model_exclude_none=True,
    responses=documented(401),
    dependencies=[throttled(LOGIN)],
)
async def login(credentials: Login, auth: Auth, response: Response) -> TokenPair:
    """Starts a session."""
    return delivered(await auth.login(credentials.email, credentials.password), response)


@router.post(
    "/token",
    response_model_exclude_none=True,
    responses=documented(401),
    dependencies=[throttled(LOGIN)],
)
async def token(form: Annotated[TokenForm, Form()], auth: Auth, response: Response) -> TokenPair:
    """The same by the OAuth 2.0 password form, for the documentation's Authorize button."""
    try:
        return delivered(await auth.login(form.username, form.password), response)
    except (InvalidCredentials, TooManyAttempts) as refused:
        refused.extensions = {"error": "invalid_grant"}  # RFC 6749, 5.2
        raise


@router.post("/logout-all", status_code=status.HTTP_204_NO_CONTENT)
async def logout_all(user_id: UserId, auth: Auth, response: Response) -> None:
    """Ends every session of the caller, this one included (ASVS 5.0, 7.4.3)."""
    await auth.logout_all(user_id)
    cleared(response)
