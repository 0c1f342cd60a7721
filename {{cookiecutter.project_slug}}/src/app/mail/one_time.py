"""Tokens that prove, once, that somebody reads a mailbox (ASVS 5.0, 6.4)."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Literal
from uuid import UUID

from app.mail.one_time_repository import OneTimeTokenRepository

Purpose = Literal["reset", "verify"]

_BYTES = 32  # 256 bits: beyond guessing, so a fast hash is enough


class OneTimeTokens:
    """Only hashes are kept: who reads the table cannot use what is in it."""

    def __init__(self, tokens: OneTimeTokenRepository) -> None:
        self._tokens = tokens

    async def issue(self, user_id: UUID, purpose: Purpose, lifetime: timedelta) -> str:
        """A new token, safe in a URL; this user's earlier ones for the same purpose are over."""
        token = token_urlsafe(_BYTES)
        await self._tokens.end(user_id, purpose)
        await self._tokens.add(_hash(token), user_id, purpose, lifetime)
        return token

    async def redeem(self, token: str, purpose: Purpose) -> UUID | None:
        """Whose it is, exactly once; None when unknown, used, expired or for another purpose."""
        user_id = await self._tokens.use(_hash(token), purpose)
        if user_id is not None:
            await self._tokens.end(user_id, purpose)  # two requests at once leave two tokens
        return user_id


def _hash(token: str) -> bytes:
    return sha256(token.encode(errors="surrogatepass")).digest()
