"""Are the limits of a run chart those of chance, for every number of points?"""

from decimal import Decimal, getcontext
from itertools import product
from math import comb

import numpy as np
import pytest

from flowlib.core.checks import Refusal
from flowlib.measure.spc import run_chart
from flowlib.measure.spc_runs import chance_limits, longest_and_crossings


@pytest.mark.parametrize("useful", range(1, 101))
def test_the_longest_usual_run_is_the_rounded_logarithm_plus_three(useful):
    """Against a logarithm of 50 figures from Python's decimal arithmetic."""
    getcontext().prec = 50
    logarithm = Decimal(useful).ln() / Decimal(2).ln()
    assert chance_limits(useful)[0] == int(logarithm.to_integral_value()) + 3


@pytest.mark.parametrize("useful", range(1, 101))
def test_the_fewest_usual_crossings_are_the_lower_five_per_cent_point(useful):
    """The definition, summed in whole numbers: at the limit chance has reached 1 in 20, one below it has not."""
    fewest, tosses = chance_limits(useful)[1], useful - 1
    assert 20 * sum(comb(tosses, k) for k in range(fewest + 1)) >= 2**tosses
    assert 20 * sum(comb(tosses, k) for k in range(fewest)) < 2**tosses


# Anhøj and Olesen (2014), PLOS ONE 9(11): e113825, and the qicharts2 vignette give the pair for 24 points.
def test_the_limits_of_24_points_are_those_printed():
    assert chance_limits(24) == (8, 8)


@pytest.mark.parametrize("useful", [1, 2, 5, 9, 12])
def test_chance_crosses_too_seldom_in_fewer_than_1_of_20_of_all_sequences(useful):
    """Every sequence of highs and lows, counted one by one."""
    fewest = chance_limits(useful)[1]
    counts = [longest_and_crossings(np.array(marks))[1] for marks in product([-1, 1], repeat=useful)]
    assert np.mean(np.array(counts) < fewest) < 0.05
    assert np.mean(np.array(counts) <= fewest) >= 0.05


@pytest.mark.parametrize("on_median", [0, 1, 4, 9])
def test_points_on_the_median_change_neither_runs_nor_limits(on_median):
    """The same highs and lows, with more and more points on the median among them."""
    values = [*[9] * 5, *[5] * on_median, *[1] * 5]
    chart = run_chart(values)
    assert (chart.useful, chart.longest_run, chart.crossings) == (10, 5, 1)
    assert (chart.longest_run_limit, chart.crossings_limit) == (6, 2)
    assert chart.signal


def test_points_that_are_all_on_the_median_have_no_limits_and_no_signal():
    chart = run_chart([4, 4, 4])
    assert (chart.useful, chart.longest_run_limit, chart.crossings_limit, chart.signal) == (0, 0, 0, False)


def test_a_part_of_a_point_is_refused():
    with pytest.raises(Refusal) as refused:
        chance_limits(2.5)
    assert str(refused.value) == "The number of useful points must be a whole number, 0 or more; 2.5 came."
