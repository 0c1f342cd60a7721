"""How a route says by which policy it is throttled, when the usual one does not do."""

from dataclasses import dataclass

from fastapi import params

from app.throttling.policies import Policy


@dataclass(frozen=True)
class Throttled:
    """A mark on a route, read by its gate; as a dependency it does nothing."""

    policy: Policy

    async def __call__(self) -> None:
        """Async, because FastAPI would send a plain function through its thread pool."""


def throttled(policy: Policy) -> params.Depends:
    """For the `dependencies` of a route: `dependencies=[throttled(LOGIN)]`."""
    return params.Depends(Throttled(policy))
