"""`app create-admin`."""

import asyncio
import sys
from typing import Annotated

import typer

from app.core.database import Database

commands = typer.Typer()


@commands.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
) -> None:
    """Make an account with every permission; asks for its password, or reads it from stdin."""
    # Not at the top: the room's face holds this command, and all rooms would come with it.
    from app.commands.target import database  # noqa: PLC0415
    from app.users import first_admin  # noqa: PLC0415

    async def add() -> None:
        async with Database.configured() as configured:
            await first_admin.add_admin(configured, new)

    try:
        new = first_admin.checked(email, _password())
        with database():
            asyncio.run(add())
    except first_admin.AdminRefused as refused:
        raise typer.BadParameter(str(refused)) from None
    typer.echo(f"{new.email} is an admin.")


def _password() -> str:
    """Never an argument: those stand in the shell's history and in the list of processes."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
