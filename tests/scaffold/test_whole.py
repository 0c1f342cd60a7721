"""Beside the resources of the variants every test of the service passes, not only those nearby."""

from __future__ import annotations

import pytest

from tests.scaffold.conftest import add, reset
from tests.variants.resources import ADDED
from tests.variants.variant import Variant

pytestmark = pytest.mark.installs


def test_all_tests_of_a_service_pass_beside_three_resources(installed: Variant) -> None:
    for words in ADDED.values():
        add(installed, *words)
    installed.run("uv", "run", "pytest")
    reset(installed)
