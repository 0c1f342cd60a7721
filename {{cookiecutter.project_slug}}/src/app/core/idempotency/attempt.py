"""A request that may be repeated: its work is done once, and its answer is given again."""

import json
import re
from collections.abc import Callable, Coroutine
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.core import caller
from app.core.database import Work
from app.core.idempotency.errors import (
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    Replay,
    RequestInProgress,
)
from app.core.idempotency.repository import Answer, KeptAnswers, Name
from app.core.idempotency.settings import IdempotencySettings
from app.core.settings import read

_HEADER = "Idempotency-Key"
_KEY = re.compile(r'(?P<quote>"?)([A-Za-z0-9._~:-]{1,255})(?P=quote)')
_DESCRIBED = Header(
    alias=_HEADER,
    description="Chosen by the client; a repeated request with it is answered as the first was.",
    json_schema_extra={"pattern": r'^("[A-Za-z0-9._~:-]{1,255}"|[A-Za-z0-9._~:-]{1,255})$'},
)
_KEPT = ("content-type", "location", "etag", "cache-control")


class Attempt:
    """One request at a route that takes keys; without a key it neither claims nor keeps."""

    def __init__(self, request: Request, answers: KeptAnswers, key: str | None) -> None:
        self._request = request
        self._answers = answers
        self._key = key
        self._claimed: Name | None = None

    async def claim(self, body: BaseModel | None = None) -> None:
        """To stand before the work, which then is done once for each key of the caller.

        Raises Replay, IdempotencyKeyReused, RequestInProgress.
        """
        if self._key is None:
            return
        owner = cast(UUID, caller.current().id)  # whoever changes something is signed in
        name = Name(owner, f"{self._request.method} {self._request.scope['route'].path}", self._key)
        fingerprint = _fingerprint(self._request, body)
        if not await self._answers.claim(name, fingerprint, read(IdempotencySettings).lifetime):
            raise await self._done_before(name, fingerprint)
        self._claimed = name

    async def keep(self, response: Response) -> None:
        """Keeps a success for the next request with the key; any other answer frees it."""
        if self._claimed is None:
            return
        if HTTPStatus(response.status_code).is_success:
            headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
            answer = Answer(response.status_code, headers, bytes(response.body))
            await self._answers.keep(self._claimed, answer)
        else:
            await self._answers.free(self._claimed)

    async def _done_before(self, name: Name, fingerprint: bytes) -> Exception:
        known = await self._answers.known(name)
        if known is None:  # the first request has just been rolled back
            return RequestInProgress()
        if known.body_hash != fingerprint:
            return IdempotencyKeyReused()
        answer = known.answer
        headers = {**answer.headers, "Idempotency-Replayed": "true"}
        return Replay(Response(answer.body, answer.status, headers))


class KeepsAnswers(APIRoute):
    """The class of routes that take `Idempotent`; its handler ends within the unit of work."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own way to wrap what a route does."""
        handle = super().get_route_handler()

        async def kept(request: Request) -> Response:
            try:
                response = await handle(request)
            except Replay as known:
                return known.response
            attempt: Attempt | None = getattr(request.state, "attempt", None)
            if attempt:
                await attempt.keep(response)
            return response

        return kept


async def _attempt(
    request: Request, work: Work, key: Annotated[str | None, _DESCRIBED] = None
) -> Attempt:
    """Raises InvalidIdempotencyKey."""
    attempt = Attempt(request, KeptAnswers(work.session), _parsed(request, key))
    request.state.attempt = attempt
    return attempt


def _parsed(request: Request, header: str | None) -> str | None:
    if header is None:
        return None
    given = _KEY.fullmatch(header)
    if given is None or len(request.headers.getlist(_HEADER)) > 1:
        raise InvalidIdempotencyKey
    return given[2]


def _fingerprint(request: Request, body: BaseModel | None) -> bytes:
    """Of what is asked for, wherever it stands; of the body its values, not their spelling."""
    values = body.model_dump(mode="json") if body else None
    asked = [request.url.path, request.url.query, values]
    return sha256(json.dumps(asked, sort_keys=True).encode()).digest()


Idempotent = Annotated[Attempt, Depends(_attempt)]
