"""What somebody hears who sends too much."""

from app.core.errors import AppError
from app.throttling.verdict import Verdict


class RateLimited(AppError):
    """A tier is used up; the headers say which, and after how many seconds a request passes."""

    status = 429
    code = "rate_limited"
    detail = "There were too many requests; wait as long as Retry-After says."

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(headers={name.decode(): value.decode() for name, value in verdict.headers})
