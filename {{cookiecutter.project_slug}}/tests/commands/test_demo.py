"""The demo's sign-in works, and is the same on every start."""

from pathlib import Path

from httpx2 import AsyncClient

from app.commands import demo
from app.core.database import Database
from app.users.models import Role
from tests.people import a_person


async def test_the_printed_sign_in_opens_an_admins_account(
    client: AsyncClient, database: Database, tmp_path: Path
) -> None:
    shown = await demo.sign_in(database, tmp_path)

    assert shown is not None
    body = dict(zip(("email", "password"), shown, strict=True))
    tokens = (await client.post("/api/v1/auth/login", json=body)).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.get("/api/v1/users/me", headers=bearer)).json()["role"] == Role.ADMIN


async def test_the_next_start_shows_the_same(database: Database, tmp_path: Path) -> None:
    first = await demo.sign_in(database, tmp_path)

    assert await demo.sign_in(database, tmp_path) == first
    assert (tmp_path / "demo_password").stat().st_mode & 0o077 == 0


async def test_an_account_that_was_there_before_is_left_alone(
    database: Database, tmp_path: Path
) -> None:
    await a_person(database, email=demo.EMAIL)

    assert await demo.sign_in(database, tmp_path) is None
