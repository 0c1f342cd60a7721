"""What can be wrong with credentials, and with what they are used for."""

from app.core.errors import AppError, BadRequest


class Unauthorized(AppError):
    """No credentials, or none that count; the header is required (RFC 9110, 11.6.1)."""

    status = 401
    code = "not_authenticated"
    detail = "Sign in first."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, {"WWW-Authenticate": "Bearer"})


class InvalidToken(Unauthorized):
    """Forged, expired, ended or garbage: which of them is nobody's business."""

    code = "invalid_token"
    detail = "The credentials are not valid, or not any more."


class Forbidden(AppError):
    """Known, but not allowed; never for somebody else's private resource, which is not found."""

    status = 403
    code = "forbidden"
    detail = "You may not do this."


class AmbiguousCredentials(BadRequest):
    """Which of them would count is a guess that an attacker could profit from."""

    code = "ambiguous_credentials"
    detail = "Send one credential only: a bearer token or an API key."
