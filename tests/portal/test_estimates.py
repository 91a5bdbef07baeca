"""Estimates: Wilson's interval against published values, finite populations, and advice that stays cautious."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.portal.rules.estimates import mean_interval, overbooking, wilson


def test_wilson_s_interval_is_the_published_one():
    # Newcombe 1998, table I: 81 of 263.
    found = wilson(81, 263)
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (30.80, 25.53, 36.62)
    # The same source: 0 of 20, 1 of 29.
    assert [round(bound, 2) for bound in (wilson(0, 20).low, wilson(0, 20).high)] == [0.0, 16.11]
    assert [round(bound, 2) for bound in (wilson(1, 29).low, wilson(1, 29).high)] == [0.61, 17.18]
    assert wilson(0, 0) is None


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(n, 900))))
def test_bounds_hold_the_share_and_a_finite_population_narrows_them(case):
    hits, asked, population = case
    wide, narrow = wilson(hits, asked), wilson(hits, asked, population)
    assert -1e-9 <= wide.low <= wide.value + 1e-9 <= wide.high + 2e-9 <= 100 + 3e-9
    assert wide.low - 1e-9 <= narrow.low <= narrow.value + 1e-9
    assert narrow.value - 1e-9 <= narrow.high <= wide.high + 1e-9
    everybody = wilson(hits, asked, asked)
    assert everybody.low == pytest.approx(everybody.high)


def test_a_mean_has_an_interval_and_everybody_asked_leaves_no_doubt():
    found = mean_interval([5, 4, 4, 5, 3])
    assert (round(found.value, 2), round(found.low, 3), round(found.high, 3)) == (4.2, 3.467, 4.933)
    everybody = mean_interval([5, 4, 4, 5, 3], 5)
    assert everybody.low == everybody.high == everybody.value
    assert mean_interval([5]) is None


def test_advice_never_risks_more_than_is_tolerated_and_needs_a_history():
    assert overbooking(100, 20, 5) is None
    advice = overbooking(100, 850, 150)
    assert advice.more > 0
    show = 1 - wilson(150, 1000).low / 100

    def risk(invited):
        return sum(comb(invited, come) * show**come * (1 - show) ** (invited - come) for come in range(101, invited + 1))

    assert risk(advice.invite) <= 0.05 < risk(advice.invite + 1)
    assert overbooking(100, 1000, 0).more == 0
    assert overbooking(0, 1000, 100) is None
