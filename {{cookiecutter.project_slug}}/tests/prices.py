"""What a password hash costs in tests: a thousandth, but where hashing itself is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.passwords.hashing import CONTEXT

IN_PRODUCTION = CONTEXT.to_dict()
CHEAP = IN_PRODUCTION | {"argon2__memory_cost": 8, "argon2__time_cost": 1}


@contextmanager
def paid(price: dict[str, object]) -> Iterator[None]:
    """Hashes cost that much in the block; what was hashed before still opens."""
    before = CONTEXT.to_dict()
    CONTEXT.load(price)
    try:
        yield
    finally:
        CONTEXT.load(before)
