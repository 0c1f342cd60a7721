"""Registration over HTTP, and the verification of addresses."""

from fastapi import APIRouter, Response, status

from app.auth.dependencies import UserId
from app.core.feature import API
from app.core.problems import documented
from app.gate.route import GatedRoute
from app.throttling.dependencies import throttled
from app.throttling.policies import LOGIN
from app.users.dependencies import Registers
from app.users.schemas import EmailVerification, Registration, UserRead

router = APIRouter(prefix=f"{API}/auth", tags=["users"], route_class=GatedRoute)


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    responses=documented(409),
    dependencies=[throttled(LOGIN)],
)
async def register(new: Registration, registration: Registers, response: Response) -> UserRead:
    """Makes an account and mails a link that verifies its address."""
    response.headers["Cache-Control"] = "no-store"
    return await registration.register(new)


@router.post("/email/verify", status_code=status.HTTP_204_NO_CONTENT)
async def verify_email(verification: EmailVerification, registration: Registers) -> None:
    """The address is its owner's; the token came by mail and counts once."""
    await registration.verify(verification.token)


@router.post(
    "/email/verify/resend",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
)
async def resend_verification(me: UserId, registration: Registers) -> None:
    """Mails another link, unless the address is verified."""
    await registration.resend(me)
