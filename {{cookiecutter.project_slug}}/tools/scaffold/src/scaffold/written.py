"""All files of a resource, as they are to stand in the service."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from shutil import copy
from tempfile import TemporaryDirectory

from scaffold import tests_of
from scaffold.layers import (
    cached,
    dependencies,
    errors,
    feature,
    migration,
    models,
    privacy,
    repository,
    router,
    schemas,
    service,
)
from scaffold.resource import Resource
from scaffold.surroundings import Surroundings


def files(
    resource: Resource, surroundings: Surroundings, project: Path
) -> dict[PurePosixPath, str]:
    """By their path in the project; formatted as its `pyproject.toml` says."""
    source, tests = PurePosixPath("src/app", resource.many), PurePosixPath("tests", resource.many)
    revision = f"{migration.revision(resource, surroundings)}.py"
    texts = {
        source / "__init__.py": feature.text(resource),
        source / "dependencies.py": dependencies.text(resource),
        source / "errors.py": errors.text(resource),
        source / "models.py": models.text(resource),
        source / "repository.py": repository.text(resource),
        source / "router.py": router.text(resource),
        source / "schemas.py": schemas.text(resource),
        source / "service.py": service.text(resource),
        PurePosixPath("migrations/versions", revision): migration.text(resource, surroundings),
        tests / "conftest.py": tests_of.fixtures.text(resource),
        tests / "factories.py": tests_of.factories.text(resource),
        tests / "test_migration.py": tests_of.migration.text(resource, surroundings),
        tests / "test_repository.py": tests_of.repository.text(resource),
        tests / "test_router.py": tests_of.router.text(resource),
        tests / "test_service.py": tests_of.service.text(resource),
    }
    if resource.cached:
        texts[source / "cached.py"] = cached.text(resource)
        texts[tests / "test_cached.py"] = tests_of.cached.text(resource)
    if resource.owned:
        texts[source / "privacy.py"] = privacy.text(resource)
        texts[tests / "test_ownership.py"] = tests_of.ownership.text(resource)
        texts[tests / "test_privacy.py"] = tests_of.privacy.text(resource)
    if resource.idempotent:
        texts[tests / "test_retry.py"] = tests_of.retry.text(resource)
    return _tidied(texts, project)


def _tidied(texts: Mapping[PurePosixPath, str], project: Path) -> dict[PurePosixPath, str]:
    """Without the imports that nothing needs, the others in their order, lines of their length."""
    with TemporaryDirectory(prefix="scaffold-") as folder:
        copy(project / "pyproject.toml", folder)
        for path, text in texts.items():
            Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, path).write_text(text, encoding="utf-8")
        for words in (["check", "-q", "--fix-only", "--select=I,F401"], ["format", "-q"]):
            # By their names, since ruff skips what git would ignore where the folder may lie.
            command = [sys.executable, "-m", "ruff", *words, "--no-cache", *map(str, texts)]
            subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - our own words
        return {path: Path(folder, path).read_text(encoding="utf-8") for path in sorted(texts)}
