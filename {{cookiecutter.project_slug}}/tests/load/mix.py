"""What people do, and how often: change the weights to what your own log says."""

from tests.load.shopping import SHOPPING  # feature: example
from tests.load.visitor import SIGN_IN, VISITS

STEPS = [
    SIGN_IN,
    *VISITS,
    *SHOPPING,  # feature: example
]
