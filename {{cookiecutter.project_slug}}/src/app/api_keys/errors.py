"""What can be wrong with an API key."""

from app.auth.errors import Forbidden
from app.core.errors import NotFound


class ApiKeyNotFound(NotFound):
    """Never existed, is somebody else's or was revoked: to a client that is the same."""

    detail = "There is no such API key."


class ScopeNotHeld(Forbidden):
    """A key opens no door that is closed to its owner."""

    detail = "You may not give a key a scope that you do not have yourself."
