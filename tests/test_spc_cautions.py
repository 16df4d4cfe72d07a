"""Do charts warn where their rules mislead, and keep quiet where only chance is at work?"""

import re
import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.tsa.stattools import acf

from flowlib.measure import spc_rules
from flowlib.measure.spc import xmr
from flowlib.measure.spc_cautions import COUNTED, EVERY, RARE, _by_chance, _differ, _skewness, _unusual_skew, cautions
from flowlib.measure.spc_counts import c_chart, p_chart, p_prime_chart, u_chart
from flowlib.measure.spc_gaps import apart, missing
from flowlib.measure.spc_many import xmr_many
from flowlib.measure.spc_rare import g_chart, t_chart
from flowlib.measure.spc_series import Series

STEADY = [50, 52, 47, 51, 49, 53, 48, 50, 46, 52, 51, 48, 54, 49, 50, 47, 53, 51, 49, 50, 52, 48, 51, 49]
QUIET = np.random.default_rng(4).normal(100, 10, size=60)
TESTS = ["alike", "rhythm", "coarse", "ties", "skewed", "below_zero"]


def months(count):
    return pd.date_range("2024-04-01", periods=count, freq="MS")


def days(count):
    return pd.date_range("2026-01-01", periods=count)


def starting(chart, words):
    """The one caution that begins with these words."""
    found = [caution for caution in chart.cautions if caution.startswith(words)]
    assert len(found) == 1, chart.cautions
    return found[0]


def warned_by(test, values, x):
    """Whether one test warns of a chart of *values* at *x*."""
    series = Series(x, values, (0,), np.ones(values.size, dtype=bool))
    return bool(cautions(series, [spc_rules.limits(values, screen=False)], asking=[test]))


def test_a_quiet_chart_has_no_caution_and_its_sentence_does_not_point_to_one():
    for chart in (xmr(QUIET), xmr(QUIET, months(60)), xmr(QUIET, days(60)), xmr(STEADY)):
        assert chart.cautions == ()
        assert "caution" not in chart.sentence()


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("points", [24, 36, 60])
def test_chance_alone_is_warned_of_in_at_most_1_chart_of_50(test, points):
    """500 charts of normal noise monthly and daily; no more than three standard errors above 1 in 50."""
    rng = np.random.default_rng([points, TESTS.index(test)])
    found = [
        sum(warned_by(test, values, x) for values in rng.normal(100, 10, size=(500, points)))
        for x in ((months(points), days(points)) if test == "rhythm" else (pd.RangeIndex(points),))
    ]
    assert max(found) <= 500 / 50 + 3 * np.sqrt(500 * 0.02 * 0.98)


@pytest.mark.parametrize("points", [24, 60])
def test_a_p_chart_of_chance_alone_is_rarely_called_wide(points):
    """500 charts of binomial counts, the same bound."""
    found = 0
    for counts in np.random.default_rng(points).binomial(400, 0.3, size=(500, points)):
        mean = counts.mean() / 400
        line = spc_rules.PointLimits(mean, np.full(points, np.sqrt(mean * (1 - mean) / 400)), 0.0)
        series = Series(pd.RangeIndex(points), counts / 400, (0,), np.ones(points, dtype=bool))
        found += len(cautions(series, [line], asking=["wide"]))
    assert found <= 500 / 50 + 3 * np.sqrt(500 * 0.02 * 0.98)


# Trial limits.


def test_each_short_segment_is_named():
    assert xmr(QUIET[:24], months(24), rebase=["2024-11-01", "2025-11-01"]).cautions == (
        "The segment from 1 April 2024 has 7 points that count: its limits are on trial until there are 12.",
        "The segment from 1 November 2025 has 5 points that count: its limits are on trial until there are 12.",
    )


def test_a_short_chart_is_on_trial_as_a_whole():
    assert xmr(QUIET[:9]).cautions == (
        "The chart has 9 points that count: its limits are on trial until there are 12.",
    )
    assert xmr(QUIET[:12]).cautions == ()


def test_ghosts_do_not_count_towards_twelve():
    assert starting(xmr(QUIET[:12], ghost=3), "The chart has 11 points that count")


def test_a_rebase_of_the_users_own_is_warned_of_and_not_refused_down_to_two_points():
    assert starting(xmr(QUIET[:24], rebase=22), "The segment from position 22 has 2 points that count")


def test_the_sentence_says_trial_once_and_points_to_more_only_where_there_is_more():
    alone, more = xmr(QUIET[:9]), xmr(QUIET[:24], rebase=[5, 20])
    assert "These are trial limits" in alone.sentence()
    assert "caution" not in alone.sentence()
    assert more.sentence().endswith("Before you rely on this chart, read its 2 cautions.")
    one = xmr(QUIET[:24], rebase=5)
    assert (one.trial, len(one.cautions)) == (False, 1)
    assert one.sentence().endswith("Before you rely on this chart, read its caution.")


# Neighbours alike.


@pytest.mark.parametrize("seed", range(5))
def test_the_autocorrelation_is_that_of_statsmodels(seed):
    """`acf` at lag 1, to the two decimals of the sentence."""
    values = 50 + np.cumsum(np.random.default_rng(seed).normal(size=36))
    told = starting(xmr(values), "Neighbouring points are alike")
    assert float(re.search(r"\((-?[\d.]+)", told)[1]) == pytest.approx(acf(values, nlags=1)[1], abs=0.005)


def test_the_bounds_of_the_autocorrelation_are_what_shuffling_finds():
    """A law: of 40,000 shuffles of 36 numbers, 1 in 100 lies outside; 5 standard errors, and the normal's own error."""
    values = np.random.default_rng(8).normal(size=36)
    shuffled = np.random.default_rng(9).permuted(np.tile(values - values.mean(), (40_000, 1)), axis=1)
    found = (shuffled[:, 1:] * shuffled[:, :-1]).sum(axis=1) / (shuffled**2).sum(axis=1)
    low, high = _by_chance(np.array([36]))
    assert ((found < low) | (found > high)).mean() == pytest.approx(0.0075, abs=0.005)
    assert found.mean() == pytest.approx((low + high) / 2, abs=5 * found.std() / 200)


def test_a_change_of_level_that_is_rebased_does_not_count_as_alike():
    values = np.concatenate([QUIET[:24], QUIET[24:48] + 80])
    assert starting(xmr(values), "Neighbouring points are alike")
    assert xmr(values, rebase=24).cautions == ()


def test_points_that_turn_about_hide_signals():
    told = starting(xmr([40, 61, 42, 60, 41, 63] * 4), "Points rise and fall by turns")
    assert told.endswith("which hides signals: look for two sources.")


def test_an_autocorrelation_of_a_half_raises_false_alarms_as_the_module_says():
    """4,000 charts of 36 points: 87 in 100 marked and not 26; four standard errors."""
    noise = np.random.default_rng(5).normal(size=(4000, 86))
    linked = noise.copy()
    for before, after in pairwise(range(86)):
        linked[:, after] += 0.5 * linked[:, before]
    marked = [(xmr_many(table[:, -36:]).codes != 0).any(axis=1).mean() for table in (noise, linked)]
    assert marked == pytest.approx([0.26, 0.87], abs=0.03)


# Rhythms.


@pytest.mark.parametrize("groups", [7, 12])
def test_a_rhythm_is_found_where_an_analysis_of_variance_of_the_ranks_finds_one(groups):
    """By f_oneway on rankdata of scipy, with and without ties, at 1 in 100."""
    rng = np.random.default_rng(groups)
    decisions = []
    for trial in range(200):
        values = rng.normal(size=3 * groups) + (np.tile(np.arange(groups), 3) * rng.choice([0, 0.2, 0.4]))
        values = np.round(values) if trial % 2 else values
        group = np.tile(np.arange(groups), 3)
        ranks = stats.rankdata(values)
        theirs = stats.f_oneway(*(ranks[group == one] for one in range(groups))).pvalue < 0.01
        decisions.append((_differ(values, group), bool(theirs)))
    assert all(ours == theirs for ours, theirs in decisions)
    assert {ours for ours, _ in decisions} == {True, False}


def test_a_weekday_rhythm_names_the_highest_and_the_lowest_day():
    """1 January 2026 is a Thursday, so that the third day is a Saturday."""
    values = QUIET[:42] + 60 * (np.arange(42) % 7 == 4) - 60 * (np.arange(42) % 7 == 2)
    assert starting(xmr(values, days(42)), "Weekdays") == (
        "Weekdays differ more than chance allows (Monday highest, Saturday lowest):"
        " chart whole weeks, or each weekday by itself."
    )


def test_a_rhythm_of_the_year_names_the_highest_and_the_lowest_month():
    values = QUIET[:36] + 60 * (months(36).month == 1) - 60 * (months(36).month == 8)
    assert starting(xmr(values, months(36)), "Months") == (
        "Months differ more than chance allows (January highest, August lowest):"
        " compare each with the same month before."
    )


def test_too_few_points_tell_of_no_rhythm():
    """Four weeks of days, and two years of months, at the least."""
    weekly, yearly = np.tile([9, 1, 2, 3, 4, 5, 6.0], 5), np.tile(np.arange(12.0), 3)
    for count, x, values in ((27, days, weekly), (23, months, yearly)):
        for points, warned in ((count, False), (count + 1, True)):
            found = warned_by("rhythm", values[:points] + QUIET[:points] / 1e6, x(points))
            assert found is warned


# Few different values.


def test_values_in_coarse_steps_are_warned_of_and_fine_ones_are_not():
    """Wheeler: three possible ranges or fewer within the upper range limit, so sigma under 0.81 of a step."""
    values = np.random.default_rng(2023).normal(20, 1, size=60)
    told = starting(xmr(np.round(values / 1.5) * 1.5), "Values come in steps")
    assert told == (
        "Values come in steps of 1.5, too coarse for these limits: measure more finely, or count over longer periods."
    )
    assert not any("steps" in caution for caution in xmr(np.round(values, 1)).cautions)


def test_three_possible_ranges_are_too_few_and_four_are_enough():
    """By hand: steps of 1, and mean ranges of 16 / 31 and of 1; 3.267 times those is under 3, and over."""
    assert starting(xmr([5, 6, 6, 7, 7, 6, 6, 5] * 4), "Values come in steps of 1,")
    assert not any("steps" in caution for caution in xmr([5, 6] * 16).cautions)


def test_a_value_that_most_points_share_is_named():
    rare = [0, 0, 1, 0, 0, 0, 2, 0, 0, 1, 0, 0]
    assert starting(c_chart(rare), "9 of the 12") == (
        "9 of the 12 points are 0: chart the time between events, with t_chart."
    )
    assert starting(xmr([7] * 8 + [9, 6, 8, 5]), "8 of") == (
        "8 of the 12 points are 7: find out why, or measure more finely."
    )


def test_a_series_that_never_varies_has_that_one_caution():
    assert xmr([5] * 13).cautions == ("All 13 points are 5: check that the measure can vary.",)
    assert p_chart([0] * 13, [9] * 13).cautions == ("All 13 points are 0: check that the measure can vary.",)


# Missing dates.


def test_missing_months_are_named():
    x = months(24).delete([5, 11])
    assert xmr(QUIET[:22], x).cautions == (
        "2 points are missing (September 2024, March 2025): find them, or note why.",
    )


def test_many_missing_dates_are_counted_and_the_first_named():
    x = pd.date_range("2026-01-05", periods=30, freq="7D").delete([3, 4, 5, 9, 20])
    assert xmr(QUIET[:25], x).cautions == (
        "5 points are missing (26 January 2026, 2 February 2026 and 3 more): find them, or note why.",
    )


REGULAR = [
    ("2026-01-31", 12, "ME", "month"),
    ("2026-01-15", 12, pd.DateOffset(months=1), "month"),
    ("2026-01-01", 8, "QS", "other"),
    ("2026-01-05", 20, "28D", "other"),
    ("2026-01-05", 20, "7D", "other"),
    ("2026-01-05", 60, "D", "day"),
    ("2026-01-05", 60, "B", "day"),
    ("2026-03-20", 60, "h", "other"),
]


@pytest.mark.parametrize(("first", "count", "step", "kind"), REGULAR)
def test_each_regular_step_is_known_and_its_gap_found(first, count, step, kind):
    """Month ends, mid months, quarters, four weeks, weeks, days, working days and hours."""
    x = pd.date_range(first, periods=count, freq=step)
    assert (apart(x), missing(x)) == (kind, [])
    left_out = x[count // 2]
    expected = f"{left_out:%B %Y}" if step in {"ME", "QS"} or kind == "month" else f"{left_out.day} {left_out:%B %Y}"
    assert missing(x.delete(count // 2)) == [expected]


def test_dates_of_events_leave_nothing_out():
    dates = pd.DatetimeIndex(np.datetime64("2026-01-01") + np.cumsum([3, 11, 4, 27, 9, 2, 15, 6, 8, 5, 30, 12]))
    assert (apart(dates), missing(dates)) == ("", [])
    assert t_chart(QUIET[:12], dates).cautions == ()


def test_positions_and_two_points_have_no_gaps():
    assert missing(pd.RangeIndex(9)) == []
    assert missing(pd.DatetimeIndex(["2026-01-01", "2026-09-01"])) == []


# Shape.


@pytest.mark.parametrize("points", [12, 24, 36, 60, 120])
def test_skewness_and_its_test_are_those_of_scipy(points):
    """Its `skew` and `skewtest`, which are D'Agostino's."""
    values = np.random.default_rng(points).exponential(size=points)
    assert _skewness(values) == pytest.approx(stats.skew(values))
    assert _unusual_skew(_skewness(values), points) == pytest.approx(stats.skewtest(values).statistic)


def test_a_lopsided_measure_is_warned_of_either_way_up():
    values = np.random.default_rng(3).lognormal(3, 0.9, size=60)
    up, down = starting(xmr(values), "Most values"), starting(xmr(-values), "Most values")
    assert up == ("Most values are low and a few very high: expect false alarms among the high ones, and try medians.")
    assert down.startswith("Most values are high and a few very low: expect false alarms among the low ones")


def test_one_point_outside_the_limits_does_not_make_a_shape():
    """The rules mark it; the other points are even."""
    assert not any("Most values" in caution for caution in xmr([*STEADY, 90]).cautions)


def test_a_limit_below_zero_is_read_as_zero_where_no_value_is_below():
    """By hand: the ranges add up to 110 over 23, around a mean of 4.5."""
    told = starting(xmr([1, 9, 4, 2, 8, 3] * 4), "The lower limit")
    assert told == "The lower limit is -8.222, yet no value is below 0: read it as 0 if none can be."
    assert not any("lower limit" in caution for caution in xmr([1, 9, -4, 2, 8, 3] * 4).cautions)


# Counts, and gaps between events.


def test_a_p_chart_of_thousands_is_pointed_to_its_prime():
    """Shares that differ by more than their size explains: 20% of 10,000 has a sigma of 0.4 points."""
    shares = np.random.default_rng(6).normal(0.2, 0.02, size=36)
    counts = np.round(shares * 10_000)
    told = starting(p_chart(counts, [10_000] * 36), "Points vary")
    assert told.endswith("times as much as chance alone makes them: use p_prime_chart, u_prime_chart or xmr.")
    assert float(told.split()[2]) == pytest.approx(5, abs=1)
    assert p_prime_chart(counts, [10_000] * 36).cautions == ()


def test_shares_of_uneven_sizes_are_judged_by_their_sigmas():
    """Small sizes scatter more; in sigmas they are as quiet as the rest."""
    rng = np.random.default_rng(12)
    sizes = np.array([30, 3000] * 18)
    assert u_chart(rng.poisson(0.2 * sizes), sizes).cautions == ()


def test_gaps_between_events_are_asked_only_what_makes_sense_for_them():
    gaps = np.random.default_rng(13).exponential(20, size=36).round() + 1
    for chart in (t_chart(gaps, months(36)), g_chart(gaps, months(36))):
        assert chart.cautions == ()
    assert set(RARE) < set(COUNTED) < set(EVERY)


# All of them.


CAREFUL = [
    xmr(QUIET[:24], months(24), rebase=["2024-11-01", "2025-11-01"]),
    xmr(np.cumsum(QUIET - 100), days(60)),
    xmr([40, 61, 42, 60, 41, 63] * 4),
    xmr(QUIET[:42] + 60 * (np.arange(42) % 7 == 5), days(42)),
    xmr(QUIET[:36] + 60 * (months(36).month == 9), months(36)),
    xmr([7] * 9 + [9, 6, 8]),
    c_chart([0] * 20 + [1, 2, 1, 1]),
    xmr([5] * 13),
    xmr(np.random.default_rng(3).lognormal(3, 0.9, size=60)),
    xmr(QUIET[:10], pd.date_range("2026-09-02", periods=13, freq="7D").delete([3, 4, 5])),
    xmr([5, 6, 6, 7, 7, 6, 6, 5] * 4),
    p_chart([2000, 2500, 1500] * 8, [10_000] * 24),
]


@pytest.mark.parametrize("chart", CAREFUL)
def test_a_caution_is_one_sentence_of_at_most_twenty_words(chart):
    assert chart.cautions
    for caution in chart.cautions:
        assert caution.endswith(".")
        assert ". " not in caution
        assert len(caution.split()) <= 20, caution


def test_cautions_change_no_line_and_no_signal():
    """The other engine, which gives none: the sums alone."""
    values = np.cumsum(QUIET - 100)
    chart, many = xmr(values), xmr_many([values])
    assert chart.cautions
    assert (chart.mean, chart.lpl, chart.upl) == pytest.approx((many.mean[0], many.lpl[0], many.upl[0]))
    assert (many.codes[0] != 0).tolist() == (chart.points["signal"] != "").tolist()


def test_cautions_take_less_than_three_thousandths_of_a_second_a_chart():
    """In processor time, so that a busy machine does not decide it; a chart of 36 days with all to look at."""
    series = Series(days(36), QUIET[:36], (0,), np.ones(36, dtype=bool))
    lines = [spc_rules.limits(QUIET[:36], screen=False)]
    cautions(series, lines)
    start = time.process_time()
    for _ in range(100):
        cautions(series, lines)
    assert (time.process_time() - start) / 100 < 0.003
