"""One module for each file of tests that is written, called like what it tests."""

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
