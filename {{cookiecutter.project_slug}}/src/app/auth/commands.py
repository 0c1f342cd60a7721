"""`app generate-key`: a key that nobody else has."""

import json
from typing import Annotated

import typer

from app.auth.keys import Algorithm, generate

commands = typer.Typer()


@commands.command("generate-key")
def generate_key(
    alg: Annotated[
        Algorithm, typer.Option(help="HS256, or a key pair that JWKS publishes.")
    ] = Algorithm.HS256,
) -> None:
    """Print a new key as a value for JWT_KEYS: a list, as its first member signs, all verify."""
    typer.echo(json.dumps([generate(alg)]))
    typer.echo(
        "To replace a key: add the new one at the end, on every process; then move it to the"
        " front; remove the old one when the last token it signed has expired.",
        err=True,
    )
