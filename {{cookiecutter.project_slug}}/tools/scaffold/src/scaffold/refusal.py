"""What is wrong with a wish, all of it at once."""

from collections.abc import Sequence


class Refused(Exception):
    """Nothing was written. Each of `faults` is a sentence: what is wrong, and the way out."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)
