"""The checks that a variant passes, each a name and a function that raises on a fault."""

from __future__ import annotations

from collections.abc import Mapping

from tests.variants import probes, resources, service
from tests.variants.contract import holds_to_its_document
from tests.variants.static import STATIC, leaves_nothing, pinned
from tests.variants.variant import LINES_SHOWN, Check, CheckFailedError, Variant, command


def probed(variant: Variant) -> None:
    """Served over HTTP, each option does what its answer says."""
    log = variant.folder.with_name("service.log")
    with log.open("w+") as output:
        try:
            with service.running(variant.folder, variant.python, output, port=0) as served:
                wrong = probes.seen(served.address, variant.sheet)
        except service.ServiceNotReadyError as error:
            wrong = [str(error)]
    if wrong:
        tail = log.read_text("utf-8", "replace").splitlines()[-LINES_SHOWN:]
        raise CheckFailedError("\n".join([*wrong, f"Its log, {log}, ends with:", *tail]))


BEGUN: Mapping[str, Check] = {
    "residue": leaves_nothing,
    "install": command("uv", "sync", "-q", "--no-compile-bytecode"),  # less than half is imported
}
MEASURED: Mapping[str, Check] = {
    "measured": command("uv", "run", "pytest", "-m", "measured"),
}
"""Early: lanes begin such variants together, so that neither waits for a long check of another."""
AS_RENDERED: Mapping[str, Check] = {
    "pins": pinned,
    "ruff": command("uv", "run", "ruff", "check"),
    "format": command("uv", "run", "ruff", "format", "--check"),
    "types": command("uv", "run", "mypy"),
    "contracts": command("uv", "run", "lint-imports"),
    "tests": command("uv", "run", "pytest", "--numprocesses=0"),  # the other lane has them too
    "probes": probed,
}
THOROUGH: Mapping[str, Check] = {
    "openapi": holds_to_its_document,
    "system": command(
        *("uv", "run", "pytest", "--numprocesses=0", "-m", "system and not measured"),
        FUZZING_EXAMPLES="10",  # of 50: `nox -s system` of the service takes its time
    ),
}
CHANGED: Mapping[str, Check] = {
    "resources": resources.come_and_go,
    "example": resources.example_leaves,
}
"""These leave another service behind, so they come last."""
INSTALLED: Mapping[str, Check] = {**BEGUN, **AS_RENDERED, **CHANGED}
SYSTEM: Mapping[str, Check] = {**BEGUN, **MEASURED, **AS_RENDERED, **THOROUGH, **CHANGED}
LOWEST: Mapping[str, Check] = {
    "install": command("uv", "sync", "-q", UV_RESOLUTION="lowest-direct"),
    "tests": command("uv", "run", "--no-sync", "pytest"),
}
ALONE = set(MEASURED)
"""Checks that need the machine for themselves: they hold answers to a time."""
ONLY_STATIC = {name: check for name, check in STATIC.items() if name not in SYSTEM}
STAGES: Mapping[str, Mapping[str, Check]] = {
    "static": STATIC,
    "installed": INSTALLED,
    "system": SYSTEM,
    "all": {**ONLY_STATIC, **SYSTEM, "tests": command("uv", "run", "pytest")},
    "lowest": LOWEST,
}
"""What an order may ask for, by name: a name travels to another process, a function may not."""
