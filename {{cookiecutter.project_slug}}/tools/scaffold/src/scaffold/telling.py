"""What people are told: the difference, what was done, what is next, why nothing was."""

from pathlib import Path

import typer
from rich.console import Console

from scaffold.change import Change
from scaffold.refusal import Refused


def refused(refusal: Refused) -> None:
    """Every fault, a line each."""
    console = Console(stderr=True)
    console.print("Nothing was changed:", style="red")
    for fault in refusal.faults:
        console.print(f"- {fault}", style="red", markup=False, soft_wrap=True)


def difference(change: Change) -> None:
    """The change as a diff."""
    typer.echo("\n".join(change.difference()))


def done(change: Change) -> None:
    """Makes the change, and then shows it as a tree."""
    tree = change.tree()
    change.apply()
    Console().print(tree)


def aftermath(change: Change) -> None:
    """What databases need from whoever removed a resource."""
    changed = [path.stem for path in change.files if path.match("versions/*")]
    if any("_drop_" in name for name in changed):
        needed = "Migrate when no process of the release before is left: it asks for the tables."
    elif changed:
        needed = "A database that has been migrated to it has to begin anew: uv run app dev --reset"
    else:
        needed = "The tables are still there; to drop them: uv run app revision -m TEXT"
    typer.echo(f"\n{needed}")


def next_steps(root: Path, *commands: str) -> None:
    """The commands that go on from here; the API's document is written anew where it is kept."""
    kept = ("uv run app openapi --write",) if (root / "openapi.json").exists() else ()
    typer.echo("\nNext:  " + "\n       ".join([*commands, *kept]))
