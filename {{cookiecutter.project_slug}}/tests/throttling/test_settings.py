"""How much is let through when nobody says otherwise, and what is no answer to that."""

import pytest

from app.core.settings import UnsafeSettings, read
from app.throttling.settings import ThrottleSettings
from app.throttling.tiers import Tiers

NAMES = ["THROTTLE_ANONYMOUS", "THROTTLE_AUTHENTICATED", "THROTTLE_LOGIN"]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_a_user_may_do_ten_times_as_much_as_an_address() -> None:
    settings = ThrottleSettings(_env_file=None)

    for address, user in zip(
        settings.throttle_anonymous.each, settings.throttle_authenticated.each, strict=True
    ):
        assert (user.limit, user.seconds) == (10 * address.limit, address.seconds)


def test_tiers_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROTTLE_LOGIN", "2/minute;9/hour")

    assert ThrottleSettings(_env_file=None).throttle_login == Tiers.parse("2/minute;9/hour")


def test_what_cannot_be_read_is_named_with_the_form_it_should_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("THROTTLE_LOGIN", "five a second")
    read.cache_clear()

    with pytest.raises(UnsafeSettings) as refused:
        read(ThrottleSettings)

    [fault] = refused.value.faults
    assert fault.startswith("THROTTLE_LOGIN: must be requests/[count]second, minute, hour or day,")
    assert "5/second" in fault
    assert "five" not in fault


def test_production_refuses_to_go_without() -> None:
    off = ThrottleSettings(
        throttle_anonymous="off", throttle_authenticated="off", throttle_login="off", _env_file=None
    )

    assert [fault.partition(":")[0] for fault in off.refusals()] == NAMES
    assert list(ThrottleSettings(_env_file=None).refusals()) == []
