"""Modules called like what the files test that they write, and parts of long ones."""

from scaffold.tests_of import (
    cached,
    factories,
    fixtures,
    migration,
    ownership,
    privacy,
    repository,
    retry,
    router,
    service,
)

__all__ = [
    "cached",
    "factories",
    "fixtures",
    "migration",
    "ownership",
    "privacy",
    "repository",
    "retry",
    "router",
    "service",
]
