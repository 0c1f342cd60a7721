"""Breaks what was written, in one place at a time: the tests that were written with it notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.scaffold.conftest import add, reset
from tests.variants.variant import CheckFailedError, Variant

pytestmark = pytest.mark.installs

OWNED = ("invoice", "number:str:40:unique", "total:decimal", "project_id:ref:projects", "--owned")
OWNED_TRAITS = ("--cached", "--soft-delete", "--paginate", "cursor", "--idempotent")
SHARED = ("supplier", "name:str:80:unique", "rating:int", "folder_id:ref:folders?", "--cached")


@dataclass(frozen=True)
class Mutation:
    """In `file`, `before` becomes `after`, which this test of the same resource does not take."""

    file: str
    before: str
    after: str
    test: str


REPOSITORY, ROUTER = "src/app/{}/repository.py", "src/app/{}/router.py"
INVOICES = {
    "the scope of the owner": Mutation(
        REPOSITORY,
        "self._own = Invoice.user_id == owner",
        "self._own = Invoice.user_id.is_not(None)",
        "test_ownership.py::test_the_queries_alone_keep_to_their_owner_too",
    ),
    "row-level security": Mutation(
        "migrations/versions/*_{}.py",
        'for statement in protect("invoices"):',
        "for statement in ():",
        "test_ownership.py::test_nobody_finds_somebody_elses_in_a_list[unscoped]",
    ),
    "the end of what is kept when a row changes": Mutation(
        REPOSITORY,
        "        outdates(self._session, tag(self._owner))\n        return (",
        "        return (",
        "test_cached.py::test_what_is_changed_is_shown_at_once_and_in_every_list",
    ),
    "the owner of what is referred to": Mutation(
        REPOSITORY,
        'await self._look_for_project(values.get("project_id"))\n        made',
        "made",
        "test_router.py::test_a_project_of_somebody_else_is_refused",
    ),
    "the claim of a key": Mutation(
        ROUTER,
        "    await attempt.claim(new)\n",
        "",
        "test_retry.py::test_what_is_sent_again_is_answered_as_before",
    ),
}
SUPPLIERS = {
    "a length": Mutation(
        "src/app/{}/schemas.py",
        "max_length=80",
        "max_length=81",
        "test_router.py::test_a_body_with_anything_wrong_in_it_is_refused",
    ),
    "who may write": Mutation(
        ROUTER,
        '_WRITES = [requires("suppliers:write")]',
        '_WRITES = [requires("suppliers:read")]',
        "test_router.py::test_who_may_only_read_changes_nothing",
    ),
    "the end of what is kept when a row is deleted": Mutation(
        REPOSITORY,
        "        outdates(self._session, LISTS, tag(supplier_id))\n        try:",
        "        try:",
        "test_cached.py::test_what_is_deleted_is_gone_at_once",
    ),
}
CASES = [
    pytest.param(folder, mutation, id=f"{folder}: {name}")
    for folder, mutations in (("invoices", INVOICES), ("suppliers", SUPPLIERS))
    for name, mutation in mutations.items()
]


@pytest.fixture(scope="module")
def written(installed: Variant) -> Iterator[Variant]:
    """Two resources with all traits between them."""
    add(installed, *OWNED, *OWNED_TRAITS)
    add(installed, *SHARED)
    yield installed
    reset(installed)


def test_whole_their_tests_pass(written: Variant) -> None:
    """Else the rest would say nothing."""
    tried(written, "tests/invoices", "tests/suppliers")


@pytest.mark.parametrize(("folder", "mutation"), CASES)
def test_broken_a_test_of_its_own_fails(written: Variant, folder: str, mutation: Mutation) -> None:
    (file,) = written.folder.glob(mutation.file.format(folder))
    whole = file.read_text("utf-8")
    assert whole.count(mutation.before) >= 1
    file.write_text(whole.replace(mutation.before, mutation.after), "utf-8")
    test = f"tests/{folder}/{mutation.test}"
    try:
        with pytest.raises(CheckFailedError, match=f"FAILED {test.partition('[')[0]}"):
            tried(written, test)
    finally:
        file.write_text(whole, "utf-8")


def tried(service: Variant, *tests: str) -> None:
    """Raises CheckFailedError, with the names of those that fail."""
    service.run("uv", "run", "--no-sync", "pytest", "--numprocesses=0", "-q", *tests)
