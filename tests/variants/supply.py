"""Lists what each variant runs on, and asks advisory services about it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.variants import interpreters, service
from tests.variants.probes import chosen
from tests.variants.rendering import render
from tests.variants.sheets import Sheet, code_options, covering, label, questions

ACCEPTED: Mapping[str, Mapping[str, str]] = {
    "jwt_library=python-jose": {
        "CVE-2026-85394": "python-jose: open; the codec does around it what RFC 8725 asks for",
        "CVE-2024-23342": "ecdsa: no fix planned; python-jose[cryptography] signs without it",
    },
}
"""Advisories that only these answers bring along, each with the reason to live with it."""
SERVICES = ("pypi", "osv")
UNANSWERED = 3


class UnansweredError(Exception):
    """No advisory service could be asked."""


def audit(folder: Path, ignored: Mapping[str, str]) -> list[str]:
    """Each advisory for what the service runs on. Raises UnansweredError."""
    listed = folder.with_name("runtime.txt")
    exported(folder, "requirements.txt", listed)
    words = ["--strict", "--disable-pip", "--require-hashes", "--progress-spinner=off", "-fjson"]
    words += [f"--ignore-vuln={advisory}" for advisory in ignored]
    for name in SERVICES:
        command = ["pip-audit", f"--vulnerability-service={name}", *words, f"-r{listed}"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.stdout.startswith("{"):
            return list(advisories(asked.stdout))
    last = asked.stderr.strip().splitlines()[-1:]
    raise UnansweredError(f"No advisory service answers: {' '.join(last)}")


def advisories(answer: str) -> Iterator[str]:
    """Each advisory of pip-audit's JSON, with what it is about and what would end it."""
    for package in json.loads(answer)["dependencies"]:
        for found in package["vulns"]:
            way_out = ", ".join(found["fix_versions"]) or "no version"
            yield f"{package['name']} {package['version']}: {found['id']}, fixed in {way_out}"


def exported(folder: Path, form: str, file: Path) -> None:
    """Writes what the service runs on, exactly as it locks it today."""
    env = service.environment(interpreters.obtain())
    options = ["--no-dev", "--no-emit-project", f"--format={form}", f"--output-file={file}"]
    for words in (["lock"], ["export", *options]):
        command = ["uv", *words, "--quiet"]
        subprocess.run(command, cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)


def variants() -> Iterator[tuple[Sheet, Path]]:
    """Each answer in some sheet, rendered; a folder lives until the next is asked for."""
    for sheet in covering(code_options(questions())):
        with tempfile.TemporaryDirectory() as into:
            yield sheet, render(sheet, Path(into))


def accepted(sheet: Sheet) -> dict[str, str]:
    """The advisories that these answers bring along knowingly."""
    keys = [key for key in ACCEPTED if chosen(key, sheet)]
    return {advisory: reason for key in keys for advisory, reason in ACCEPTED[key].items()}


def audit_all() -> int:
    """1 for an advisory, 3 where nobody could be asked for any."""
    found = 0
    for sheet, folder in variants():
        try:
            faults = audit(folder, accepted(sheet))
        except UnansweredError as error:
            print(error)
            return UNANSWERED
        print("\n".join([f"{label(sheet)}: {len(faults)} advisories", *faults]), flush=True)
        found += len(faults)
    return int(found > 0)


def list_all(into: Path) -> int:
    """A file of CycloneDX for each variant."""
    for sheet, folder in variants():
        name = label(sheet).replace(" ", "_")
        exported(folder, "cyclonedx1.5", into.resolve() / f"{name}.cdx.json")
    return 0


if __name__ == "__main__":
    sys.exit(list_all(Path(sys.argv[2])) if sys.argv[1] == "sbom" else audit_all())
