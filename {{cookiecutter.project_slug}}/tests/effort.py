"""How often a test tries where one try proves little: races, inputs drawn at random."""

import os

PERCENT = int(os.environ.get("TEST_EFFORT", "100"))
"""Less where many services are tested, more for a night's search."""


def tries(usual: int) -> int:
    """That share of them, and one at least."""
    return max(1, usual * PERCENT // 100)
