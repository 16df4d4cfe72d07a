"""Does `flowlib.change.effect.regression` say how much better the worst become by chance alone?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said
from statsmodels.regression.linear_model import OLS

from flowlib.change.effect.regression import _mean_of_highest, expected_by_chance, regression_to_the_mean

# d2, the mean range of n normal values, as Montgomery (2009) prints it in appendix VI: twice the mean of the highest.
MEAN_RANGE = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 10: 3.078, 25: 3.931}


def table_of_chance(rng, units=30, between=2.0, within=2.0, drift=0.0):
    """Two periods of units with nothing done to any, but so much drift everywhere."""
    levels = rng.normal(20, between, units)
    return levels + rng.normal(0, within, units), levels + rng.normal(0, within, units) + drift


# Shown by simulation.


@pytest.mark.parametrize(("between", "r"), [(0.0, 0.0), (2.0, 0.5), (4.0, 0.8)])
@pytest.mark.parametrize(("chosen", "improvement"), [("worst", "down"), ("worst", "up"), ("best", "down")])
def test_the_chosen_come_back_by_one_less_the_correlation(between, r, chosen, improvement):
    """
    Bland and Altman: (1 - r) × (mean of the chosen - mean of all), by simulation and by order statistics.

    A change has a standard deviation of at most 2 √2 / √5 a run, so four standard errors
    of 4,000 runs are 0.08.
    """
    found = regression_to_the_mean(
        mean=20, sd=2, between_sd=between, units=25, how_many=5, chosen=chosen, improvement=improvement, runs=4000
    )
    assert found.correlation == pytest.approx(r)
    assert found.change == pytest.approx((1 - r) * (20 - found.first), abs=0.08)
    assert found.change == pytest.approx(found.expected, abs=0.12)  # the mean of the chosen varies, too
    assert found.low < found.change < found.high


@pytest.mark.parametrize(("units", "mean_range"), MEAN_RANGE.items())
def test_the_mean_of_the_highest_is_half_the_printed_mean_range(units, mean_range):
    assert 2 * _mean_of_highest(units, 1) == pytest.approx(mean_range, abs=5.1e-4)


def test_the_mean_of_the_higher_of_two_and_of_three_are_those_of_the_textbook():
    """In closed form: 1 / √π and 3 / (2 √π)."""
    assert _mean_of_highest(2, 1) == pytest.approx(1 / math.sqrt(math.pi), abs=1e-12)
    assert _mean_of_highest(3, 1) == pytest.approx(1.5 / math.sqrt(math.pi), abs=1e-12)


@pytest.mark.parametrize(("units", "how_many"), [(6, 3), (20, 10)])
def test_the_highest_half_mirrors_the_lowest_half(units, how_many):
    """A law: the values of all sum to 0, so the highest n - 1 have -1 / (n - 1) times the mean of the lowest."""
    assert _mean_of_highest(units, units - 1) == pytest.approx(_mean_of_highest(units, 1) / (units - 1))
    tries = np.sort(np.random.default_rng(1).normal(size=(40_000, units)), axis=1)[:, -how_many:]
    assert _mean_of_highest(units, how_many) == pytest.approx(tries.mean(), abs=4 / math.sqrt(40_000 * how_many))


def test_units_that_are_all_alike_fall_to_the_mean_of_all_and_nearly_always_look_better():
    found = regression_to_the_mean(mean=100, sd=10, units=30, how_many=5, runs=4000)
    assert found.second == pytest.approx(100, abs=4 * 10 / math.sqrt(5 * 4000))
    assert found.share_better > 0.99


def test_units_that_differ_greatly_hardly_come_back():
    found = regression_to_the_mean(mean=100, sd=1, between_sd=50, units=30, how_many=5)
    assert abs(found.change) < 0.1 * found.first - 10
    assert found.share_better == pytest.approx(0.5, abs=0.05)


def test_a_series_gives_mean_and_spread_and_a_seed_gives_the_same_again():
    values = [4.0, 6.0, 5.0, 7.0, 3.0]
    by_series = regression_to_the_mean(values, units=10, how_many=2, runs=100, seed=4)
    assert by_series == regression_to_the_mean(mean=5, sd=math.sqrt(2.5), units=10, how_many=2, runs=100, seed=4)
    assert by_series != regression_to_the_mean(values, units=10, how_many=2, runs=100, seed=5)


def test_what_nothing_did_is_told_in_plain_words():
    found = regression_to_the_mean(mean=10, sd=3, between_sd=2, units=20, how_many=5)
    fell, often = f"{-found.change:.3g}", f"{100 * found.share_better:.0f}"
    assert found.sentence("wards", "hours") == (
        f"Nothing was done, and the 5 worst wards fell by {fell} hours on average. "
        f"They got better in {often} of 100 tries."
    )
    best = regression_to_the_mean(mean=10, sd=3, units=20, how_many=5, chosen="best").sentence("wards")
    assert best.startswith("Nothing was done, and the 5 best wards rose by ")
    assert "They got worse in " in best


# A table of one's own.


def test_the_expectation_and_its_interval_are_those_of_statsmodels():
    """The other engine: OLS on the units not chosen; of a mean of k new points, error² is of the mean + scatter / k."""
    before, after = table_of_chance(np.random.default_rng(2))
    found = expected_by_chance(before, after, how_many=4)
    worst = np.argsort(-before)[:4]
    rest = np.setdiff1d(np.arange(30), worst)
    fit = OLS(after[rest], np.column_stack([np.ones(26), before[rest]])).fit()
    there = fit.get_prediction([[1.0, before[worst].mean()]])
    half = 2.0638985616 * math.sqrt(there.var_pred_mean[0] + fit.scale / 4)  # Student's t, 24 degrees of freedom
    assert found.expected == pytest.approx(there.predicted_mean[0] - before[worst].mean())
    assert (found.low, found.high) == (pytest.approx(found.expected - half), pytest.approx(found.expected + half))
    assert found.chosen == tuple(f"unit {place + 1}" for place in worst)
    assert (found.change, found.others) == (pytest.approx((after - before)[worst].mean()), 26)


@pytest.mark.parametrize("improvement", ["down", "up"])
def test_the_interval_holds_what_chance_does_19_times_in_20(improvement):
    """600 tables with nothing done but a drift everywhere; four standard errors are 0.036 and 0.026."""
    rng = np.random.default_rng(3)
    held = beyond = 0
    for _ in range(600):
        found = expected_by_chance(*table_of_chance(rng, drift=-1.5), how_many=5, improvement=improvement)
        held += found.low <= found.change <= found.high
        beyond += found.beyond_chance
    assert held / 600 == pytest.approx(0.95, abs=0.036)
    assert beyond / 600 == pytest.approx(0.025, abs=0.026)


def test_on_average_nothing_is_expected_but_what_happens():
    """The same tables: expected and seen change agree on average, though both are far below the drift of 0."""
    rng = np.random.default_rng(4)
    found = [expected_by_chance(*table_of_chance(rng), how_many=5) for _ in range(600)]
    gap = np.array([one.change - one.expected for one in found])
    assert gap.mean() == pytest.approx(0, abs=4 * gap.std() / math.sqrt(600))
    assert np.mean([one.change for one in found]) < -1.5


def test_an_action_that_works_stands_out():
    before, after = table_of_chance(np.random.default_rng(5), within=0.5)
    worst = np.argsort(-before)[:5]
    after[worst] -= 6
    found = expected_by_chance(before, after, how_many=5)
    assert found.beyond_chance
    assert found.sentence("wards", "hours").endswith("They improved by more than chance alone explains.")


def test_units_are_matched_by_their_names_and_told_worst_first():
    wards = [f"Ward {letter}" for letter in "ABCDEFGHIJ"]
    before = pd.Series([9, 8, 12, 10, 9.5, 11, 8.5, 10.5, 30, 20], wards)
    after = pd.Series([9.2, 8.1, 11, 10.4, 9, 11.5, 8.5, 10, 12, 15], wards)
    found = expected_by_chance(before, after[::-1], how_many=2)
    assert found.chosen == ("Ward I", "Ward J")
    assert (found.before, found.after) == (25, 13.5)


def test_what_chance_may_explain_is_told_in_plain_words():
    before = [12, 9, 11, 8, 10, 13, 9, 11, 18, 17]
    after = [11, 10, 11, 9, 10, 12, 10, 10, 13, 14]
    assert expected_by_chance(before, after, how_many=2).sentence("wards", "hours") == (
        "The 2 worst wards fell by 4 hours on average. "
        "With nothing done, expect a fall of 3.58 hours. "
        "It may be anything from a fall of 5.34 hours to a fall of 1.83 hours. "
        "So chance alone may explain what they did."
    )


# What is refused.


def alike(**changed):
    return regression_to_the_mean(**({"mean": 5, "sd": 1, "units": 10, "how_many": 2} | changed))


TEN = list(range(10))
REFUSED = [
    (lambda: alike(mean=None), "Give mean and sd, or a series to take them from."),
    (lambda: alike(series=TEN), "Give mean and sd, or a series to take them from, not both."),
    (
        lambda: alike(series=[5, 5, 5], mean=None, sd=None),
        "The series never varies, so nothing comes back to the mean. Check the numbers.",
    ),
    (lambda: alike(sd=0), "sd must be above 0; 0 came."),
    (lambda: alike(between_sd=-1), "between_sd must be 0 or more; -1 came."),
    (lambda: alike(how_many=10), "Choose fewer than all: how_many is 10, and there are 10 units."),
    (lambda: alike(chosen="middle"), 'No choice of units called "middle"; there are "worst", "best".'),
    (lambda: alike(runs=10), "runs must be a whole number, 100 or more; 10 came."),
    (
        lambda: expected_by_chance(TEN, TEN, how_many=3),
        "At least 8 units must be left that were not chosen; 7 are. Choose fewer, or add units.",
    ),
    (
        lambda: expected_by_chance(TEN, [*TEN, 1], how_many=2),
        "Each unit needs a number before and one after; 10 and 11 came.",
    ),
    (
        lambda: expected_by_chance(pd.Series(TEN), pd.Series(TEN, range(1, 11)), how_many=2),
        'Units must be in both periods; "0", "10" are in one only.',
    ),
    (
        lambda: expected_by_chance(pd.Series(TEN, [0, *range(9)]), pd.Series(TEN), how_many=2),
        'Each unit must stand in the table once; "0" did not.',
    ),
    (lambda: expected_by_chance(None, TEN, how_many=2), "before must be numbers, one a unit; None came."),
    (lambda: expected_by_chance(TEN, 7, how_many=2), "after must be numbers, one a unit; 7 came."),
    (
        lambda: expected_by_chance([1e50, *TEN[1:]], TEN, how_many=2),
        "Values must stay below 1,000,000,000,000,000. Check the numbers, or use a larger unit.",
    ),
    (
        lambda: expected_by_chance([*[5] * 9, 8], TEN, how_many=1),
        "The units that were not chosen are all the same before, so no line can be drawn.",
    ),
    (
        lambda: expected_by_chance([*TEN[:9], math.nan], TEN, how_many=1),
        (
            "The value at position 9 (counting from 0) must be a number; nan came."
            " Find the missing value, or leave that point and its date out."
        ),
    ),
]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_what_cannot_be_answered_is_refused(asked, sentence):
    assert said(asked) == sentence
