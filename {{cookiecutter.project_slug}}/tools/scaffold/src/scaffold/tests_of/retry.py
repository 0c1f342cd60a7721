"""Writes test_retry.py: a request that is sent again."""

from scaffold.filling import filled
from scaffold.resource import Resource
from scaffold.tests_of.words import names

TEXT = '''\
"""A request that is sent again with its key is done once."""

from uuid import UUID

from httpx2 import AsyncClient

from tests.$many.factories import $MANY
from tests.$many.factories import Body  #? refers
from tests.$many.factories import $one  #? !refers
from tests.$many.test_router import ids

KEY = {"Idempotency-Key": "$one-1"}


async def test_what_is_sent_again_is_answered_as_before($writer: AsyncClient$given) -> None:
    sent = $body()
    first = await $writer.post($MANY, json=sent, headers=KEY)

    again = await $writer.post($MANY, json=sent, headers=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for header in ("Location", "ETag", "Cache-Control"):
        assert again.headers[header] == first.headers[header]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await ids($writer) == [first.json()["id"]]


async def test_a_key_names_one_request($writer: AsyncClient$given) -> None:
    first = await $writer.post($MANY, json=$body($changed=$sample), headers=KEY)

    other = await $writer.post($MANY, json=$body($changed=$value), headers=KEY)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await ids($writer) == [first.json()["id"]]


async def test_what_is_refused_frees_its_key($writer: AsyncClient$given) -> None:
    refused = await $writer.post($MANY, json=$body(version=7), headers=KEY)

    answer = await $writer.post($MANY, json=$body(), headers=KEY)

    assert (refused.status_code, answer.status_code) == (422, 201)
'''


def text(resource: Resource) -> str:
    """The module."""
    return filled(TEXT, resource.traits, names(resource))
