"""The calculator and a life lived day by day agree, whatever happens to a contact."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.deadlines.histories import both_ways, history


@given(st.randoms(use_true_random=False))
@settings(max_examples=1500, deadline=None)
def test_both_ways_agree(random: Random) -> None:
    reckoned, lived = both_ways(history(random))
    assert reckoned == lived
