"""What can be wrong with a password, or with the right to set a new one."""

from app.core.errors import AppError, BadRequest


class TooCommon(AppError):
    """A fault of the body that only a comparison with the account can find."""

    status = 422
    code = "validation_failed"
    detail = "The request is not valid."
    item = "password_too_common"
    advice = "Choose a password that is harder to guess, such as four random words"

    def __init__(self, field: str) -> None:
        super().__init__()
        fault = {"loc": ["body", field], "code": self.item, "message": self.advice}
        self.extensions = {"errors": [fault]}


class WrongPassword(AppError):
    """Not 401: clients answer that with a refresh, and try again. The lockout's count stays."""

    status = 403
    code = "wrong_password"
    detail = "This is not the password of the account."
    keeps_writes = True


class InvalidOneTimeToken(BadRequest):
    """Unknown, used, replaced by a newer one or too old: which, is nobody's business."""

    code = "invalid_token"
    detail = "This link is not valid any more; ask for a new one."
