"""Answers straight from the cache's bytes: nothing is parsed, validated or serialised again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request, Response, params, status

from app.core.cache import Look, Sight
from app.core.concurrency import etag, known


@dataclass(frozen=True, eq=False)  # FastAPI hashes its dependencies
class KeptAnswers:
    """A mark that the gate reads; called as a dependency, it does nothing."""

    of: Callable[[UUID], Look[Any]]  # whatever kind of thing the route shows
    headers: Mapping[str, str]

    async def __call__(self) -> None:
        """Async, because FastAPI would send a plain function through its thread pool."""

    def look(self, request: Request) -> Look[Any] | None:
        """Where the answer is kept, if it is; None when the path names nothing of the kind."""
        (identifier,) = request.path_params.values()
        try:
            return self.of(UUID(identifier))
        except ValueError:
            return None

    def answer(self, request: Request, sight: Sight | None) -> Response | None:
        """None when there is nothing to show: then the route's own code has its say."""
        if sight is None or sight.body is None or sight.version is None:
            return None
        headers = {**self.headers, "ETag": etag(sight.version)}
        if known(request.headers.get("if-none-match")).include(sight.version):
            return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(sight.body, headers=headers, media_type="application/json")


def answered_from_cache(
    of: Callable[[UUID], Look[Any]], headers: Mapping[str, str]
) -> params.Depends:
    """For the `dependencies` of a public GET route that shows one resource, by the id in its path.

    What the cache keeps there must be the route's own answer, in its `version` the entity tag's.
    """
    return params.Depends(KeptAnswers(of, headers))
