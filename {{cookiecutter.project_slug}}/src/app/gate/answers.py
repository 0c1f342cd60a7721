"""Answers straight from the cache's bytes: nothing is parsed, validated or serialised again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from fastapi import Request, Response, params, status

from app.core.cache import Look, Sight
from app.core.caller import Caller
from app.core.concurrency import etag, known

type RawHeaders = list[tuple[bytes, bytes]]

_NOTHING = b"null"


@dataclass(frozen=True)
class Place:
    """How a route finds where its answer is kept: by the request, or by the user who asks.

    None when the request names nothing of the kind. What is `own` is for people with a session.
    """

    look: Callable[[Request, UUID | None], Look[Any] | None]  # whatever kind the route shows
    own: bool = False


def by_id(of: Callable[[UUID], Look[Any]]) -> Place:
    """For one resource, by the id in the path."""

    def look(request: Request, _: UUID | None) -> Look[Any] | None:
        (identifier,) = request.path_params.values()
        try:
            return of(UUID(identifier))
        except ValueError:
            return None

    return Place(look)


def by_query(of: Callable[[bytes], Look[Any]]) -> Place:
    """For a list, by the query as the client spelled it: only what the route accepts is kept."""
    return Place(lambda request, _: of(request.scope["query_string"]))


def by_user(of: Callable[[UUID], Look[Any]]) -> Place:
    """For what is the caller's own, on a route that is `SignedIn`."""
    return Place(lambda _, user: of(user) if user else None, own=True)


@dataclass(frozen=True, eq=False)  # FastAPI hashes its dependencies
class KeptAnswers:
    """A mark that the gate reads; called as a dependency, it does nothing."""

    place: Place
    headers: Mapping[str, str]

    @cached_property
    def _raw(self) -> RawHeaders:
        return [
            (b"content-type", b"application/json"),
            *((name.lower().encode(), value.encode()) for name, value in self.headers.items()),
        ]

    async def __call__(self) -> None:
        """Async, because FastAPI would send a plain function through its thread pool."""

    def answer(
        self, request: Request, sight: Sight | None, caller: Caller | None
    ) -> Response | None:
        """None when there is nothing to show: then the route's own code has its say."""
        if sight is None or sight.body is None or sight.body == _NOTHING:
            return None
        if self.place.own and not (caller and caller.session):
            return None
        if sight.version is None:
            return _Kept(sight.body, self._raw)
        tag = etag(sight.version)
        if known(request.headers.get("if-none-match")).include(sight.version):
            headers = {**self.headers, "ETag": tag}
            return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return _Kept(sight.body, [*self._raw, (b"etag", tag.encode())])


class _Kept(Response):
    """Starlette would encode the same headers again for each answer: 4 us."""

    def __init__(self, body: bytes, headers: RawHeaders) -> None:
        self.status_code = status.HTTP_200_OK
        self.background = None
        self.body = body
        self.raw_headers = [*headers, (b"content-length", str(len(body)).encode())]


def answered_from_cache(place: Place, headers: Mapping[str, str]) -> params.Depends:
    """For the `dependencies` of a GET route that is public, or shows what is the caller's own.

    What the cache keeps there must be the route's own answer, in its `version` the entity tag's.
    """
    return params.Depends(KeptAnswers(place, headers))
