"""What can be wrong with a login."""

from app.auth.errors import Forbidden, Unauthorized
from app.core.errors import AppError


class InvalidCredentials(Unauthorized):
    """No such account, not this password, or not active: all alike (ASVS 5.0, 6.3.8).

    Raised only where the failure and its audit event are the transaction's only writes.
    """

    code = "invalid_credentials"
    detail = "The e-mail address or the password is wrong."
    keeps_writes = True


class TooManyAttempts(AppError):
    """The account, whether it exists or not, lets nobody try for so many seconds."""

    status = 429
    code = "too_many_attempts"
    detail = "There were too many failed attempts; wait, or reset the password."

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(seconds)})


class CrossSite(Forbidden):
    """The browser was sent by a website that this service does not know (RFC 6454, 7)."""

    code = "cross_site"
    detail = "The Origin header must name this service or one of CORS_ORIGINS."
