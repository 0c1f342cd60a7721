"""The keys that sign and verify access tokens: how they are written down, read and made."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

type PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
type PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_RSA_BITS = 3072


class Algorithm(StrEnum):
    """HS256 for a service that verifies its own tokens; the others where strangers verify them."""

    HS256 = "HS256"
    ES256 = "ES256"
    RS256 = "RS256"


@dataclass(frozen=True, eq=False)
class Key:
    """A key ready for use: parsed once, as RS256 from PEM would cost 28 ms a token."""

    kid: str
    alg: Algorithm
    verifying: bytes | PublicKey = field(repr=False)
    signing: bytes | PrivateKey | None = field(default=None, repr=False)


class KeyEntry(BaseModel):
    """A key as JWT_KEYS spells it; the algorithm is the key's, never the token's (RFC 8725, 3.1).

    HS256 takes a `secret`, of which the UTF-8 bytes count; ES256 and RS256 take a PEM
    `private_key`, or a `public_key` if the key shall only verify.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kid: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    alg: Algorithm
    secret: SecretStr | None = None
    private_key: SecretStr | None = None
    public_key: str | None = None

    @model_validator(mode="after")
    def _readable(self) -> Self:
        _ = self.key
        return self

    @cached_property
    def key(self) -> Key:
        """Raises PydanticCustomError, which names the fault and nothing of the key."""
        match self.alg, self.secret, self.private_key, self.public_key:
            case Algorithm.HS256, SecretStr() as secret, None, None:
                octets = secret.get_secret_value().encode()
                return Key(self.kid, self.alg, octets, octets)
            case Algorithm.ES256 | Algorithm.RS256, None, SecretStr() as pem, None:
                private = _private(pem.get_secret_value(), self.alg)
                return Key(self.kid, self.alg, private.public_key(), private)
            case Algorithm.ES256 | Algorithm.RS256, None, None, str(pem):
                return Key(self.kid, self.alg, _public(pem, self.alg))
        raise _unusable("HS256 takes a secret, ES256 and RS256 a private_key or a public_key")


def _private(pem: str, alg: Algorithm) -> PrivateKey:
    with suppress(ValueError, TypeError):  # TypeError: it wants a password
        key = serialization.load_pem_private_key(pem.encode(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            _require_fitting(key.public_key(), alg)
            return key
    raise _unusable(f"private_key must be one for {alg}, in PEM and without a password")


def _public(pem: str, alg: Algorithm) -> PublicKey:
    with suppress(ValueError):
        key = serialization.load_pem_public_key(pem.encode())
        if isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            _require_fitting(key, alg)
            return key
    raise _unusable(f"public_key must be one for {alg}, in PEM")


def _require_fitting(key: PublicKey, alg: Algorithm) -> None:
    """Raises ValueError for the wrong kind of key or another curve than P-256 (RFC 7518, 3.4)."""
    curve = key.curve.name if isinstance(key, ec.EllipticCurvePublicKey) else None
    if curve != {Algorithm.ES256: "secp256r1"}.get(alg):
        raise ValueError(alg)


def _unusable(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("key", sentence)


def generate(alg: Algorithm) -> dict[str, str]:
    """A new entry of JWT_KEYS, from the system's source of randomness."""
    entry = {"kid": token_hex(4), "alg": alg.value}
    if alg is Algorithm.HS256:
        return {**entry, "secret": token_urlsafe(48)}
    private: PrivateKey = (
        ec.generate_private_key(ec.SECP256R1())
        if alg is Algorithm.ES256
        else rsa.generate_private_key(65537, _RSA_BITS)
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {**entry, "private_key": pem.decode()}


def development_keys(folder: Path) -> str:
    """A value for JWT_KEYS, random and made once: it stays in `folder`, so sign-ins outlive it."""
    kept = folder / "jwt_keys.json"
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        # For its owner's eyes only, from the first byte on.
        made = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="utf-8") as file:
            json.dump([generate(Algorithm.HS256)], file)
    return kept.read_text(encoding="utf-8")
