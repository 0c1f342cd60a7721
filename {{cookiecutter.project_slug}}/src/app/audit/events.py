"""The events that the audit log knows."""

from enum import StrEnum


class Event(StrEnum):
    """What happened; the values are stored and answered, so none is ever renamed."""

    USER_REGISTERED = "user.registered"
    USER_ERASED = "user.erased"
    USER_ROLE_CHANGED = "user.role_changed"
    USER_DEACTIVATED = "user.deactivated"
    USER_ACTIVATED = "user.activated"
    EMAIL_VERIFIED = "email.verified"
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGIN_LOCKED = "login.locked"
    SESSION_REFRESHED = "session.refreshed"
    SESSION_REUSE_DETECTED = "session.reuse_detected"
    SESSION_ENDED = "session.ended"
    SESSION_ALL_ENDED = "session.all_ended"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - an event, not a password
    PASSWORD_RESET = "password.reset"  # noqa: S105 - an event, not a password
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    ACCESS_DENIED = "access.denied"
