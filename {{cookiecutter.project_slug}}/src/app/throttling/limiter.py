"""The limiter that all processes share, and what stands in for it."""

from importlib.resources import files

import structlog

from app.core.counts import Counts
from app.core.redis import Redis, RedisUnavailable
from app.core.redis_questions import Run, Script
from app.core.settings import read
from app.throttling.in_process import InProcess
from app.throttling.policies import Policy
from app.throttling.settings import ThrottleSettings
from app.throttling.tiers import Tiers
from app.throttling.verdict import UNLIMITED, Verdict, verdict
from app.throttling.window import Outcome, Reply

log = structlog.get_logger()

SLIDING_WINDOW = Script(files(__package__).joinpath("sliding_window.lua").read_text("utf-8"))

_DECISIONS = Counts("throttle_decisions_total", "Requests that a limit was asked about.", "outcome")
_FALLBACKS = Counts("throttle_fallback_total", "Decisions made in the process, without Redis.")


class Limiter:
    """Judges requests in Redis; in the process, by the same tiers, as long as Redis is away.

    To save a round trip a caller puts `question` among its own and hands the reply to `verdict`,
    or calls `here` when there was none. `charge` is all of that by itself.
    """

    def __init__(
        self,
        redis: Redis,
        settings: ThrottleSettings | None = None,
        in_process: InProcess | None = None,
    ) -> None:
        self._redis = redis
        self._settings = settings or read(ThrottleSettings)
        self._in_process = in_process or InProcess()
        self._stands_in = False

    async def charge(self, policy: Policy, subject: str) -> Verdict:
        """Judges a request and counts it, unless it is denied; never raises."""
        question = self.question(policy, subject)
        if question is None:
            return UNLIMITED
        try:
            [reply] = await self._redis.ask(question)
        except RedisUnavailable:
            return self.here(policy, subject)
        return self.verdict(policy, subject, reply)

    def question(self, policy: Policy, subject: str) -> Run | None:
        """What to ask Redis for a request; None when throttling is off."""
        tiers = self._tiers(policy, subject)
        if not tiers.each:
            return None
        return Run(SLIDING_WINDOW, _key(policy, subject), ("now", *tiers.arguments))

    def verdict(self, policy: Policy, subject: str, reply: Reply) -> Verdict:
        """What Redis replied to the question."""
        if self._stands_in:
            self._stands_in = False
            log.info("throttling_shared_again")
        return _told(self._tiers(policy, subject), Outcome.read(reply))

    def here(self, policy: Policy, subject: str) -> Verdict:
        """Without Redis: of several processes each lets through as much as all together should."""
        tiers = self._tiers(policy, subject)
        if not tiers.each:
            return UNLIMITED
        if not self._stands_in:
            self._stands_in = True
            log.warning("throttling_in_process")
        _FALLBACKS.add()
        return _told(tiers, self._in_process.charge(_key(policy, subject), tiers))

    def _tiers(self, policy: Policy, subject: str) -> Tiers:
        return policy.tiers(self._settings, subject)


def _key(policy: Policy, subject: str) -> str:
    return f"throttle:{policy.name}:{subject}"


def _told(tiers: Tiers, outcome: Outcome) -> Verdict:
    _DECISIONS.add("passed" if outcome.passed else "denied")
    return verdict(tiers, outcome)
