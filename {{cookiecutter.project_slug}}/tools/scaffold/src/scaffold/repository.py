"""What git knows of the service."""

import subprocess
from pathlib import Path, PurePosixPath

from scaffold.refusal import Refused

SHOWN = 5


def refuse_uncommitted(project: Path) -> None:
    """Raises Refused where a change would mix with others; without git there are none."""
    said = git(project, "status", "--porcelain", "--", ".") or ""
    if files := [line[3:] for line in said.splitlines()]:
        more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
        way_out = "Commit or stash them, so that this change stands by itself, or say --dirty."
        raise Refused([f"Not committed: {', '.join(files[:SHOWN])}{more}. {way_out}"])


def refuse_unkept(project: Path) -> None:
    """Raises Refused where nothing could bring back what goes."""
    if git(project, "rev-parse", "HEAD") is None:
        raise Refused(["git has no commit of this service to come back to: make one, or --dirty."])
    refuse_uncommitted(project)


def is_released(project: Path, path: PurePosixPath) -> bool:
    """Whether a tag or a branch of a remote has the file: then another database may have it too."""
    return bool(git(project, "rev-list", "-n1", "--tags", "--remotes", "--", str(path)))


def git(project: Path, *words: str) -> str | None:
    """What git says; None when it cannot."""
    command = ["git", *words]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=project, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
