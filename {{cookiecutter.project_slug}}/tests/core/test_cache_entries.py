"""An entry is bytes that count only under the tokens they were loaded under, and for a time."""

from time import time

import pytest
from pydantic import BaseModel, Field, TypeAdapter

from app.core.cache_entries import LOOKUPS, CacheSettings, Kind, Look, Sight, stamp_of
from app.core.settings import read

STAMP = stamp_of([b"e1", b"t1"])


class Harbour(BaseModel):
    name: str = Field(alias="Name")
    depth: int


HERE = Harbour(Name="here", depth=3)
KIND = Kind[Harbour | None](
    "harbour",
    TypeAdapter(Harbour | None),
    ttl=100,
    version=lambda harbour: harbour.depth if harbour else None,
)
LOOK = Look(KIND, "1", ("harbour:1",))


def entry(look: Look[Harbour | None] = LOOK, value: Harbour | None = HERE) -> bytes:
    kept = look.kept(value, STAMP).value
    assert isinstance(kept, bytes)
    return kept


def aged(entry: bytes) -> bytes:
    """As if its time had come a moment ago."""
    stamp, until, rest = entry.split(b"\n", 2)
    assert float(until) > time() * 1000
    return b"\n".join([stamp, b"%d" % (time() * 1000 - 1), rest])


def test_a_look_asks_for_the_epoch_the_tags_and_the_entry_at_once() -> None:
    assert LOOK.question.keys == ("tag:epoch", "tag:harbour:1", LOOK.name)


def test_what_is_kept_is_seen_as_the_bytes_that_a_client_gets() -> None:
    sight = LOOK.seen([b"e1", b"t1", entry()])

    assert sight == Sight(STAMP, b'{"Name":"here","depth":3}', "3")


def test_without_a_version_there_is_none() -> None:
    assert LOOK.seen([b"e1", b"t1", entry(value=None)]) == Sight(STAMP, b"null", None)


@pytest.mark.parametrize("tokens", [(b"e2", b"t1"), (b"e1", b"t2"), (b"e1", b"t")])
def test_another_token_in_any_tag_ends_it(tokens: tuple[bytes, bytes]) -> None:
    sight = LOOK.seen([*tokens, entry()])

    assert sight == Sight(stamp_of(tokens))


def test_tokens_in_other_places_are_others() -> None:
    assert LOOK.seen([b"t1", b"e1", entry()]).body is None


@pytest.mark.parametrize("tokens", [(None, b"t1"), (b"e1", None), (None, None)])
def test_a_missing_tag_ends_it_and_is_told_apart_from_a_missing_redis(
    tokens: tuple[bytes | None, bytes | None],
) -> None:
    assert LOOK.seen([*tokens, entry()]) == Sight(b"")
    assert Sight().stamp is None


def test_without_an_entry_the_stamp_is_seen() -> None:
    assert LOOK.seen([b"e1", b"t1", None]) == Sight(STAMP)


def test_after_its_time_an_entry_is_stale_where_the_kind_allows_it() -> None:
    patient = Look(Kind(KIND.name, KIND.adapter, stale=60), "1", ("harbour:1",))

    sights = [look.seen([b"e1", b"t1", aged(entry(look))]) for look in (LOOK, patient)]

    assert [sight.body for sight in sights] == [None, None]
    assert [sight.stale for sight in sights] == [None, b'{"Name":"here","depth":3}']


def test_entries_that_begin_together_do_not_end_together() -> None:
    lives = {LOOK.kept(HERE, STAMP).ttl for _ in range(100)}

    assert len(lives) > 90
    assert 90 <= min(lives) <= max(lives) <= 100


def test_an_entry_is_fresh_for_the_time_that_redis_keeps_it_for() -> None:
    kept = LOOK.kept(HERE, STAMP)
    assert isinstance(kept.value, bytes)

    until = float(kept.value.split(b"\n")[1])

    assert until / 1000 == pytest.approx(time() + kept.ttl, abs=1)


def test_what_may_be_served_stale_is_kept_longer() -> None:
    patient = Look(Kind("harbour", KIND.adapter, ttl=100, stale=900), "1")

    assert 990 <= patient.kept(HERE, STAMP).ttl <= 1000


def test_that_there_is_nothing_is_kept_for_a_shorter_time_and_never_served_stale() -> None:
    patient = Look(Kind("harbour", KIND.adapter, ttl=100, stale=900, negative_ttl=10), "1")

    assert 9 <= patient.kept(None, STAMP).ttl <= 10


def test_the_settings_say_how_long_when_the_kind_does_not() -> None:
    look = Look(Kind("harbour", KIND.adapter), "1")
    default = read(CacheSettings).cache_ttl_seconds

    assert default * 0.9 <= look.kept(HERE, STAMP).ttl <= default


def test_releases_whose_schemas_differ_keep_their_entries_apart_and_share_the_tags() -> None:
    class Deeper(Harbour):
        tide: int = 0

    before, after = (
        Look(Kind("harbour", adapter), "1", ("harbour:1",))
        for adapter in (TypeAdapter(Harbour), TypeAdapter(Deeper))
    )

    assert before.name != after.name
    assert before.question.keys[:-1] == after.question.keys[:-1]


def test_the_same_schema_has_the_same_name_whoever_declares_it() -> None:
    assert Look(Kind("harbour", TypeAdapter(Harbour | None)), "1").name == LOOK.name


def test_a_fresh_sight_counts_as_a_hit() -> None:
    before = LOOKUPS.values().get(("harbour", "hit"), 0)

    LOOK.seen([b"e1", b"t1", entry()])
    LOOK.seen([b"e1", b"t1", None])

    assert LOOKUPS.values()["harbour", "hit"] == before + 1
