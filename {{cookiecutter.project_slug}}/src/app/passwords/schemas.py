"""What crosses the boundary: old passwords, new ones and the tokens that stand in for them."""

from app.core.text import Input
from app.passwords.policy import NewPassword, Password
from app.users.schemas import Email, OneTimeToken


class PasswordChange(Input):
    """Who is signed in still has to know the current one (OWASP ASVS 5.0, 6.2.3)."""

    current_password: Password
    new_password: NewPassword


class PasswordForgotten(Input):
    """The address that the link goes to, if it has an account."""

    email: Email


class PasswordReset(Input):
    """The token out of the mail, and what is to hold from now on."""

    token: OneTimeToken
    new_password: NewPassword
