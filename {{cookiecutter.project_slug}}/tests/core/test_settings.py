"""Settings are strict where it matters and name every fault at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import Field

from app.core.settings import (
    CoreSettings,
    DatabaseSettings,
    Environment,
    Settings,
    UnsafeSettings,
    faults,
    read,
    refuse_unreadable,
    refuse_unsafe,
)


class Oven(Settings):
    heat: int = Field(default=180, le=250)
    bread: str = "rye"

    def refusals(self) -> Iterator[str]:
        if self.bread == "toast":
            yield "BREAD: is burnt"


class Pizza(Settings):
    toppings: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    read.cache_clear()
    yield
    read.cache_clear()


def test_the_strictest_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENVIRONMENT")

    assert read(CoreSettings).environment is Environment.PRODUCTION


def test_every_fault_of_every_class_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEAT", "900")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "many")
    monkeypatch.setenv("DATABASE_URL", "mysql://root:hunter2@db/shop")

    found = "\n".join(faults([Oven, DatabaseSettings]))

    assert "HEAT: Input should be less than or equal to 250" in found
    assert "DATABASE_POOL_SIZE: Input should be a valid integer" in found
    assert "DATABASE_URL: must begin with postgresql://" in found
    assert "hunter2" not in found


def test_production_does_not_start_on_what_a_feature_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("BREAD", "toast")
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(UnsafeSettings) as refused:
        refuse_unsafe([Oven, DatabaseSettings])

    assert refused.value.faults[0] == "BREAD: is burnt"
    assert refused.value.faults[1].startswith("DATABASE_URL: is not set")
    assert all(fault in str(refused.value) for fault in refused.value.faults)


def test_development_starts_on_what_production_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.setenv("BREAD", "toast")

    refuse_unsafe([Oven])


def test_without_an_address_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(UnsafeSettings, match="`app dev` brings one of its own"):
        _ = read(DatabaseSettings).address


def test_migrations_may_have_an_address_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://pooler/shop")
    assert read(DatabaseSettings).migration_address == "postgresql://pooler/shop"

    read.cache_clear()
    monkeypatch.setenv("MIGRATION_DATABASE_URL", "postgresql://owner@direct/shop")
    assert read(DatabaseSettings).migration_address == "postgresql://owner@direct/shop"


def test_an_address_that_cannot_be_read_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://shop:half/hunter2@db:x/shop")

    assert faults([DatabaseSettings]) == [
        "DATABASE_URL: cannot be read; percent-encode special characters"
    ]


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")

    assert read(DatabaseSettings).database_url is None


def test_an_address_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://shop:hunter2@db/shop")

    assert "hunter2" not in repr(read(DatabaseSettings))


@pytest.mark.parametrize(
    ("environment", "chosen", "shown"),
    [
        ("production", None, False),
        ("development", None, True),
        ("production", "true", True),
        ("development", "false", False),
    ],
)
def test_docs_are_off_in_production_unless_chosen(
    monkeypatch: pytest.MonkeyPatch, environment: str, chosen: str | None, *, shown: bool
) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    if chosen:
        monkeypatch.setenv("DOCS_ENABLED", chosen)

    assert read(CoreSettings).shows_docs is shown


def test_a_dotenv_file_counts_everywhere_but_in_tests(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("BREAD=wheat\n")
    monkeypatch.chdir(tmp_path)
    assert read(Oven).bread == "rye"

    read.cache_clear()
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert read(Oven).bread == "wheat"


def test_one_class_that_cannot_be_read_brings_up_the_faults_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "many")
    monkeypatch.setenv("BREAD", "toast")

    with pytest.raises(UnsafeSettings) as refused:
        refuse_unreadable([DatabaseSettings, Oven])

    assert [fault.partition(":")[0] for fault in refused.value.faults] == [
        "DATABASE_POOL_SIZE",
        "BREAD",
    ]


def test_a_list_that_is_no_json_is_named_like_any_other_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOPPINGS", "cheese,ham")

    assert faults([Pizza]) == ["TOPPINGS: must be JSON"]
