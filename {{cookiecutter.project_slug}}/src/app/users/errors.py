"""What can be wrong with an account."""

from app.core.errors import Conflict, NotFound


class UserNotFound(NotFound):
    """Never existed, or was erased."""

    detail = "There is no such user."


class EmailTaken(Conflict):
    """The one place that tells whether an address has an account."""

    code = "email_taken"
    detail = "Another account has this e-mail address."


class LastAdmin(Conflict):
    """A service without an admin could only be mended on the command line."""

    code = "last_admin"
    detail = "This is the last active admin; make somebody else one first."
