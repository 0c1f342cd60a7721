"""How many requests are let through before an address or a user has to wait."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from app.core.settings import Settings
from app.throttling.tiers import FORM, OFF, Tiers


def _parsed(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return Tiers.parse(given)
    except ValueError:
        raise PydanticCustomError(
            "tiers",
            "must be {form}: at most 1000000 requests in at most a day, each span once; or {off}",
            {"form": FORM, "off": OFF},
        ) from None


_Tiers = Annotated[InstanceOf[Tiers], BeforeValidator(_parsed), NoDecode]


class ThrottleSettings(Settings):
    """Tiers for an address, for a user, and for an address where somebody proves who they are."""

    throttle_anonymous: _Tiers = Tiers.parse("3/second;20/10seconds;100/minute")
    throttle_authenticated: _Tiers = Tiers.parse("30/second;200/10seconds;1000/minute")
    throttle_login: _Tiers = Tiers.parse("5/second;20/minute")

    def refusals(self) -> Iterator[str]:
        """Whoever is not slowed down can guess, scrape and exhaust as fast as he can send."""
        for name, tiers in self:
            if not tiers.each:
                yield f"{name.upper()}: is off; limit what one subject may do, as {FORM}"
