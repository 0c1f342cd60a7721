"""Random tiers, and random moments at which requests of one subject come."""

from itertools import accumulate

from hypothesis import strategies as st

from app.throttling.tiers import Tier, Tiers

START = 1_800_000_000_000  # milliseconds since 1970

tiers = st.lists(
    st.builds(Tier, limit=st.integers(1, 6), seconds=st.sampled_from([1, 2, 3, 10])),
    min_size=1,
    max_size=3,
    unique_by=lambda tier: tier.seconds,
).map(lambda each: Tiers(tuple(each)))

_gaps = st.one_of(
    st.just(0),
    st.integers(1, 700),
    st.sampled_from([999, 1000, 1001, 1999, 2000, 2001, 4000, 6000, 20_000]),
    st.integers(700, 25_000),
)
moments = st.lists(_gaps, min_size=1, max_size=30).map(
    lambda gaps: list(accumulate(gaps, initial=START))
)
