"""What can be wrong with a session or a refresh token."""

from app.auth.errors import Unauthorized
from app.core.errors import NotFound


class SessionNotFound(NotFound):
    """Over, somebody else's or never there: to its caller that is the same."""

    detail = "There is no such session."


class InvalidRefreshToken(Unauthorized):
    """Unknown, used up, expired or of a session that is over: which of them, a thief may guess."""

    code = "invalid_refresh_token"
    detail = "The refresh token is not valid; sign in again."


class RefreshTokenReused(InvalidRefreshToken):
    """A token came twice, so one of two holders stole it: the end of its family outlives the error.

    Raised only where the revocation and its audit event are the transaction's only writes.
    """

    keeps_writes = True
