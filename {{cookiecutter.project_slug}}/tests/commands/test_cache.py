"""Filling and emptying the cache from the command line."""

import asyncio

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from app.commands import cache, target
from app.core.cache import Cache, Kind, Look
from tests.commands.conftest import Run

WORD = Look(Kind("word", TypeAdapter(str)), "word")


async def word(application: FastAPI, loaded: str) -> str:
    """What the cache of the running service shows; it would load this."""
    kept: Cache = application.state.cache

    async def load() -> str:
        return loaded

    return await kept.get(WORD, load)


async def test_what_was_kept_is_worthless_for_a_service_that_runs(
    run: Run, application: FastAPI
) -> None:
    assert [await word(application, each) for each in ("old", "new")] == ["old", "old"]

    result = await asyncio.to_thread(run, "cache", "clear")  # it has a loop of its own

    assert (result.exit_code, result.output) == (
        0,
        "Whatever was in the cache is loaded anew when it is asked for.\n",
    )
    assert await word(application, "new") == "new"


def test_the_report_has_a_line_for_each_warm_up() -> None:
    assert list(cache.report({"pages": 3})) == ["pages: 3 loaded"]


def test_a_service_that_loads_nothing_says_so() -> None:
    assert list(cache.report({})) == ["No feature of this service says what to load."]


def test_warming_succeeds_on_an_empty_database(run: Run, address: str) -> None:
    result = run("cache", "warm", DATABASE_URL=address)

    assert (result.exit_code, result.output != "") == (0, True), result.output


@pytest.mark.parametrize("word", ["clear", "warm"])
def test_without_a_redis_there_is_nothing_to_do_and_the_way_out_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, word: str
) -> None:
    monkeypatch.setattr(target, "VALKEY", tmp_path_factory.mktemp("valkey"))

    result = run("cache", word, REDIS_URL=None)

    assert result.exit_code == 2
    assert "set REDIS_URL, or start `app dev`" in result.output


def test_a_redis_that_does_not_answer_is_named(run: Run) -> None:
    result = run("cache", "clear", REDIS_URL="redis://127.0.0.1:1", REDIS_CLUSTER="false")

    assert isinstance(result.exception, target.RedisUnreachable)
