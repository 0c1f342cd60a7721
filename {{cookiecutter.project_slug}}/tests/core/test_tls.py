"""Where TLS is demanded, there is TLS with whom was meant, or no connection."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import text

from app.core.database import Database
from app.core.errors import Unavailable
from app.core.redis import Redis, RedisUnavailable
from app.core.redis_settings import RedisSettings
from app.core.settings import DatabaseSettings
from app.embedded import valkey
from tests.tls import HOST, SSL_REQUEST, Authority, Front, postgresql, redis, through


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.made(tmp_path)


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    """Whom the server's certificate is not from."""
    (tmp_path / "stranger").mkdir()
    return Authority.made(tmp_path / "stranger")


async def select_one(address: str) -> None:
    async with Database(address) as database, database.reading() as session:
        assert await session.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_postgresql_is_reached_by_tls(mode: str, address: str, authority: Authority) -> None:
    async with postgresql(address, authority.vouches_for(HOST)) as front:
        await select_one(through(front, address, sslmode=mode, sslrootcert=str(authority.ca)))

    assert front.clear == SSL_REQUEST
    assert b"SELECT 1" in front.private


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_nobody_takes_the_place_of_postgresql(
    mode: str, address: str, authority: Authority, stranger: Authority
) -> None:
    async with postgresql(address, stranger.vouches_for(HOST)) as front:
        with pytest.raises(Unavailable) as error:
            await select_one(through(front, address, sslmode=mode, sslrootcert=str(authority.ca)))

    assert "certificate verify failed" in str(error.value.__cause__)
    assert front.clear == SSL_REQUEST
    assert not front.private


async def test_only_verify_full_minds_the_name(address: str, authority: Authority) -> None:
    trusting = {"sslrootcert": str(authority.ca)}
    async with postgresql(address, authority.vouches_for("other.example")) as front:
        await select_one(through(front, address, sslmode="verify-ca", **trusting))
        with pytest.raises(Unavailable) as error:
            await select_one(through(front, address, sslmode="verify-full", **trusting))

    assert "Hostname mismatch" in str(error.value.__cause__)


async def test_postgresql_without_tls_hears_nothing_but_the_question_for_it(address: str) -> None:
    async with postgresql(address, None) as front:
        with pytest.raises(Unavailable) as error:
            await select_one(through(front, address, sslmode="require"))

    assert "rejected SSL upgrade" in str(error.value.__cause__)
    assert front.clear == SSL_REQUEST


@pytest.fixture
def socket() -> Iterator[str]:
    with TemporaryDirectory(prefix="test-valkey-") as folder, valkey.serve(Path(folder)) as address:
        yield address.removeprefix("unix://")


async def ping(front: Front, authority: Authority) -> None:
    async with Redis(f"rediss://{HOST}:{front.port}?ssl_ca_certs={authority.ca}") as client:
        await client.ping()


async def test_redis_is_reached_by_tls(socket: str, authority: Authority) -> None:
    async with redis(socket, authority.vouches_for(HOST)) as front:
        await ping(front, authority)

    assert b"ping" in front.private.lower()


@pytest.mark.parametrize("name", [HOST, "other.example"])
async def test_nobody_takes_the_place_of_redis(
    name: str, socket: str, authority: Authority, stranger: Authority
) -> None:
    issuer = stranger if name == HOST else authority
    async with redis(socket, issuer.vouches_for(name)) as front:
        with pytest.raises(RedisUnavailable) as error:
            await ping(front, authority)

    assert "certificate verify failed" in str(error.value.__cause__)
    assert not front.private


async def test_a_redis_without_tls_hears_no_command(socket: str, authority: Authority) -> None:
    async with redis(socket, None) as front:
        with pytest.raises(RedisUnavailable):
            await ping(front, authority)

    assert b"ping" not in front.clear.lower()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("sslmode=verified", "sslmode must be one of disable, allow, prefer, require, verify-ca"),
        ("sslrootcert=/nowhere/ca.pem", "sslrootcert names /nowhere/ca.pem, which is no file"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(given: str, wrong: str) -> None:
    with pytest.raises(ValidationError, match=wrong):
        DatabaseSettings.model_validate({"database_url": f"postgresql://h/d?{given}"})


def test_redis_is_not_asked_with_a_certificate_that_is_not_there() -> None:
    with pytest.raises(ValidationError, match=r"ssl_ca_certs names .*, which is no file"):
        RedisSettings(redis_url=SecretStr("rediss://h/0?ssl_ca_certs=/nowhere/ca.pem"))


CLEAR = [
    "postgresql://db.internal/app",
    "postgresql://10.0.0.1/app?sslmode=prefer",
    "postgresql:///app?host=db.internal",
]
SAFE = [
    "postgresql://db.internal/app?sslmode=require",
    "postgresql://db.internal/app?ssl=verify-full",
    "postgresql://localhost/app",
    "postgresql://127.0.0.1/app",
    "postgresql:///app?host=/run/postgresql",
]


@pytest.mark.parametrize("address", [*CLEAR, *SAFE])
def test_a_database_elsewhere_is_noted_unless_tls_is_demanded(address: str) -> None:
    settings = DatabaseSettings.model_validate({"migration_database_url": address})

    noted = [note for note in settings.advice() if note.startswith("MIGRATION_DATABASE_URL: ")]
    assert bool(noted) == (address in CLEAR)


CLEAR_REDIS = "redis://cache.internal"


@pytest.mark.parametrize(
    "address", [CLEAR_REDIS, "rediss://cache.internal", "redis://localhost", "unix:///run/redis"]
)
def test_a_redis_elsewhere_is_noted_unless_tls_is_demanded(address: str) -> None:
    settings = RedisSettings.model_validate({"redis_url": address})

    assert bool(list(settings.advice())) == (address == CLEAR_REDIS)
