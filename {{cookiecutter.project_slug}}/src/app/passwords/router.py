"""Passwords over HTTP."""

from fastapi import APIRouter, Response, status

from app.auth.dependencies import SignedIn, UserId
from app.core.feature import API
from app.gate.route import GatedRoute
from app.passwords.dependencies import ChangesPasswords
from app.passwords.schemas import PasswordChange, PasswordForgotten, PasswordReset
from app.throttling.dependencies import throttled
from app.throttling.policies import LOGIN

router = APIRouter(
    prefix=f"{API}/auth/password",
    tags=["passwords"],
    route_class=GatedRoute,
    dependencies=[throttled(LOGIN)],
)


@router.post("/change", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    user_id: UserId, known: SignedIn, change: PasswordChange, passwords: ChangesPasswords
) -> None:
    """Replaces one's password and ends every other session."""
    await passwords.change(user_id, known.session, change)


@router.post("/forgot", status_code=status.HTTP_202_ACCEPTED, response_class=Response)
async def forgot_password(forgotten: PasswordForgotten, passwords: ChangesPasswords) -> None:
    """Mails a link for a new password, if the address has an account; the answer never tells."""
    await passwords.forgot(forgotten.email)


@router.post("/reset", status_code=status.HTTP_204_NO_CONTENT)
async def reset_password(reset: PasswordReset, passwords: ChangesPasswords) -> None:
    """Replaces a forgotten password and ends every session."""
    await passwords.reset(reset)
