"""The checks that a variant passes, each a name and a function that raises on a fault."""

from __future__ import annotations

from collections.abc import Mapping

from tests.variants import probes, resources, service
from tests.variants.contract import holds_to_its_document
from tests.variants.static import STATIC, leaves_nothing, pinned
from tests.variants.variant import (
    LINES_SHOWN,
    ONE_PROCESS,
    Check,
    CheckFailedError,
    Variant,
    command,
)


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


def tested(*words: str, **settings: str) -> Check:
    """The check that these tests of the service pass."""
    return command("uv", "run", "pytest", *words, **settings)


BRIEFLY = {"TEST_EFFORT": "10"}
"""Percent, where the same races and random inputs are tried in every variant."""
BESIDE_EACH_OTHER = "system and not measured"

BEGUN: Mapping[str, Check] = {
    "residue": leaves_nothing,
    "install": command("uv", "sync", "-q", "--no-compile-bytecode"),  # less than half is imported
}
MEASURED: Mapping[str, Check] = {
    "measured": tested("-m", "measured"),
}
"""Early, while other lanes have only short checks to end first."""
AS_RENDERED: Mapping[str, Check] = {
    "pins": pinned,
    "ruff": command("uv", "run", "ruff", "check"),
    "format": command("uv", "run", "ruff", "format", "--check"),
    "types": command("uv", "run", "mypy"),
    "contracts": command("uv", "run", "lint-imports"),
    "tests": tested(ONE_PROCESS, **BRIEFLY),
    "probes": probed,
}
THOROUGH: Mapping[str, Check] = {
    "openapi": holds_to_its_document,
    "system": tested(ONE_PROCESS, "-m", BESIDE_EACH_OTHER, **BRIEFLY),
}
CHANGED: Mapping[str, Check] = {
    "resources": resources.come_and_go,
    "example": resources.example_leaves,
}
"""These leave another service behind, so they come last."""
INSTALLED: Mapping[str, Check] = {**BEGUN, **AS_RENDERED, **CHANGED}
SYSTEM: Mapping[str, Check] = {**BEGUN, **AS_RENDERED, **THOROUGH, **CHANGED}
ALL_SYSTEM: Mapping[str, Check] = {**BEGUN, **MEASURED, **AS_RENDERED, **THOROUGH, **CHANGED}
AT_LEISURE: Mapping[str, Check] = {
    "tests": tested(),
    "system": tested("-m", BESIDE_EACH_OTHER),
}
"""With all tries, where there is but one variant."""
LOWEST: Mapping[str, Check] = {
    "install": command("uv", "sync", "-q", UV_RESOLUTION="lowest-direct"),
    "tests": command("uv", "run", "--no-sync", "pytest"),
}
ALONE = set(MEASURED)
"""Checks that need the machine for themselves: they hold answers to a time."""
ONLY_STATIC = {name: check for name, check in STATIC.items() if name not in ALL_SYSTEM}
STAGES: Mapping[str, Mapping[str, Check]] = {
    "static": STATIC,
    "installed": INSTALLED,
    "system": SYSTEM,
    "measured": ALL_SYSTEM,
    "all": {**ONLY_STATIC, **ALL_SYSTEM, **AT_LEISURE},
    "lowest": LOWEST,
}
"""What an order may ask for, by name: a name travels to another process, a function may not."""
