"""Are charts of counts, gaps and subgroups read rightly, and refused where they would mislead?"""

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.measure.spc import run_chart, xmr
from flowlib.measure.spc_counts import c_chart, p_chart, p_prime_chart, u_chart, u_prime_chart
from flowlib.measure.spc_rare import g_chart, t_chart
from flowlib.measure.spc_subgroups import c4, d2, xbar_s_chart

SIZES = [50, 200, 800] * 8
BUSY = [10, 40, 160] * 8


def test_limits_follow_the_size_of_each_point():
    """By hand: a share of 0.2 has a sigma of 0.4 over the root of the size."""
    points = p_chart(BUSY, SIZES).points
    assert (points["upl"] - 0.2).to_numpy() == pytest.approx(1.2 / np.sqrt(SIZES))
    assert (0.2 - points["lpl"]).to_numpy() == pytest.approx(1.2 / np.sqrt(SIZES))


def test_the_same_share_is_outside_where_many_stand_behind_it_and_not_where_few_do():
    counts = [*BUSY, 15, 240]
    signals = p_chart(counts, [*SIZES, 50, 800]).points["signal"].tolist()
    assert signals[-2:] == ["", "outside"]


def test_no_share_is_drawn_below_0_or_above_1():
    few = p_chart([0, 1, 0, 1, 0, 1], [3] * 6).points
    many = p_chart([3, 2, 3, 2, 3, 2], [3] * 6).points
    assert (few["lpl"] == 0).all()
    assert (many["upl"] == 1).all()
    assert (c_chart([1, 2, 0, 1]).points["lpl"] == 0).all()


def test_a_chart_of_nothing_but_zeros_has_no_signal_and_limits_at_0():
    for chart in (c_chart([0] * 12), p_prime_chart([0] * 12, [9] * 12), u_prime_chart([0] * 12, [9] * 12)):
        assert (chart.mean, chart.lpl, chart.upl) == (0, 0, 0)
        assert (chart.points["signal"] == "").all()


def test_laney_widens_the_limits_by_the_variation_between_points():
    """By hand: moving ranges of the shares are all 0.1, so limits lie 3 times 0.1 / 1.128 from the mean."""
    chart = p_prime_chart([450, 550] * 6, [1000] * 12)
    assert chart.upl - chart.mean == pytest.approx(3 * 0.1 / 1.128)
    assert chart.upl - chart.mean == pytest.approx(u_prime_chart([450, 550] * 6, [1000] * 12).upl - 0.5)


@pytest.mark.parametrize("chance", [0.02, 0.3, 0.9])
def test_laney_leaves_the_limits_as_they_were_where_only_chance_varies(chance):
    """A law: binomial counts have a sigma z of 1; at 4,000 points its standard error is under 0.014."""
    counts = np.random.default_rng(2002).binomial(2000, chance, size=4000)
    plain, wide = p_chart(counts, [2000] * 4000), p_prime_chart(counts, [2000] * 4000)
    assert (wide.upl - wide.mean) / (plain.upl - plain.mean) == pytest.approx(1, abs=4 * 0.014)


def test_a_c_chart_is_a_u_chart_of_one_unit_each():
    counts = [4, 7, 2, 5, 6, 30, 3, 5, 4, 6, 5, 4]
    pd.testing.assert_frame_equal(c_chart(counts).points, u_chart(counts, [1] * 12).points)


def test_a_multiple_of_the_size_divides_every_line_of_a_rate():
    counts, sizes = [4, 7, 2, 5, 6, 3], np.array([10, 12, 9, 11, 10, 8])
    lines = ["y", "mean", "lpl", "upl"]
    small, large = u_chart(counts, sizes).points, u_chart(counts, sizes * 100).points
    assert small[lines].to_numpy() == pytest.approx(100 * large[lines].to_numpy())


def test_sizes_are_put_in_date_order_with_their_counts():
    dates = pd.date_range("2026-01-01", periods=24)
    order = np.random.default_rng(5).permutation(24)
    shuffled = p_chart(np.array(BUSY)[order], np.array(SIZES)[order], dates[order])
    pd.testing.assert_frame_equal(shuffled.points, p_chart(BUSY, SIZES, dates).points)


def test_segments_have_limits_of_their_own_and_a_baseline_holds_them():
    doubled = [*BUSY[:12], *(2 * np.array(BUSY[12:]))]
    rebased = p_chart(doubled, SIZES, rebase=12)
    held = p_chart(doubled, SIZES, baseline=12)
    assert rebased.points["mean"].tolist() == pytest.approx([0.2] * 12 + [0.4] * 12)
    assert (rebased.points["signal"] == "").all()
    assert held.points["mean"].tolist() == pytest.approx([0.2] * 24)
    assert (held.points["signal"].iloc[12:] != "").all()


def test_verdicts_and_assurance_are_those_of_an_xmr_chart():
    """A shift of shares to the better side, read as any other chart."""
    chart = p_chart([20] * 12 + [30] * 12, [100] * 24, improvement="up", target=0.9)
    assert (chart.variation, chart.assurance) == ("improvement", "fail")
    assert "all above the mean" in chart.sentence()


def test_a_rare_event_that_grows_rarer_is_an_improvement():
    gaps = [3, 5, 2, 4, 6, 3, 4, 5, 2, 4, 3, 5] * 2
    assert t_chart([*gaps, 400], improvement="up").variation == "improvement"
    assert g_chart([*gaps, 400], improvement="up").variation == "improvement"


def test_a_t_chart_is_an_individuals_chart_of_the_transformed_times():
    """The same signals, and lines that turn back into its own; qicharts2 uses 3 / 1.128 for the limits."""
    times = np.random.default_rng(36).exponential(10, size=60)
    chart, inner = t_chart(times), xmr(times ** (1 / 3.6))
    assert chart.mean == pytest.approx(inner.mean**3.6)
    assert (chart.upl ** (1 / 3.6) - inner.mean) / (inner.upl - inner.mean) == pytest.approx(3 / 1.128 / 2.66)
    assert chart.points["signal"].tolist() == inner.points["signal"].tolist()


def test_times_between_chance_events_are_rarely_outside():
    """A power of an exponential time is nearly normal; the plain chart of it is wrong 1 time in 50 or more."""
    times = np.random.default_rng(1994).exponential(10, size=20_000)
    assert (t_chart(times).points["signal"] == "outside").mean() < 0.004
    assert (xmr(times).points["signal"] == "outside").mean() > 0.02


def test_half_of_the_gaps_lie_on_each_side_of_the_middle_line_of_a_g_chart():
    """The middle line is the median, or three in five gaps would lie below it and make false shifts."""
    cases = np.random.default_rng(2001).geometric(0.04, size=4000) - 1
    points = g_chart(cases).points
    assert (points["y"] < points["mean"]).mean() == pytest.approx(0.5, abs=0.03)
    assert (points["y"] < points["y"].mean()).mean() > 0.6


@pytest.mark.parametrize(
    ("chart", "words"),
    [
        (t_chart([3, 5, 2, 4, 6, 3] * 3), "around a typical value of"),
        (g_chart([3, 5, 2, 4, 6, 3] * 3), "around a median of 3.5"),
        (c_chart([3, 5, 2, 4, 6, 3] * 3), "around a mean of"),
        (p_chart([36] * 12 + [44] * 12, [100] * 24), "the last 7 points are all above the mean."),
        (p_chart(BUSY, SIZES), "At the latest size, usual points lie from 0.1576 to 0.2424 days"),
        (xbar_s_chart([[1, 3], [2, 4], [1, 5]] * 5).spreads, "None of the 15 points is unusual."),
    ],
)
def test_the_sentence_names_the_line_and_stays_short(chart, words):
    assert words in chart.sentence(unit="days")
    for paragraph in chart.sentence(unit="days").split("\n\n"):
        sentences = paragraph.removesuffix(".").split(". ")
        assert len(sentences) <= 3
        assert max(len(sentence.split()) for sentence in sentences) <= 20


def test_subgroups_of_noise_are_rarely_outside():
    """Three sigma, as promised: 0.0027 of the means, four standard errors at 8,000 subgroups."""
    noise = np.random.default_rng(6).normal(size=(8_000, 4))
    means = xbar_s_chart(noise).means
    assert (means.points["signal"] == "outside").mean() == pytest.approx(0.0027, abs=0.0023)
    assert means.upl == pytest.approx(3 / 2, abs=0.03)


def test_the_spread_chart_sees_what_the_mean_chart_cannot():
    steady = [[9, 10, 11, 10, 9, 11]] * 20
    charts = xbar_s_chart([*steady, [0, 20, 10, 0, 20, 10]])
    assert charts.spreads.points["signal"].iloc[-1] == "outside"
    assert charts.means.points["signal"].iloc[-1] == ""


def test_larger_subgroups_have_narrower_limits_and_weigh_more():
    """By hand: means of 1 (of 2) and 4 (of 4) give (2 + 16) / 6."""
    charts = xbar_s_chart([[0, 2], [3, 5, 3, 5]])
    assert charts.means.mean == pytest.approx(3)
    width = (charts.means.points["upl"] - charts.means.mean).to_numpy()
    assert width[0] / width[1] == pytest.approx(c4(4) * 2 / (c4(2) * np.sqrt(2)))


@pytest.mark.parametrize("size", [2, 3, 5, 10])
def test_the_constants_are_what_a_simulation_finds(size):
    """Means of 100,000 normal subgroups, four standard errors."""
    noise = np.random.default_rng(size).normal(size=(100_000, size))
    spreads, ranges = noise.std(axis=1, ddof=1), np.ptp(noise, axis=1)
    assert c4(size) == pytest.approx(spreads.mean(), abs=4 * spreads.std() / np.sqrt(100_000))
    assert d2(size) == pytest.approx(ranges.mean(), abs=4 * ranges.std() / np.sqrt(100_000))


def test_d2_of_pairs_and_of_three_have_a_closed_form():
    """2 / root of pi, and 3 / root of pi."""
    assert d2(2) == pytest.approx(2 / np.sqrt(np.pi), abs=1e-12)
    assert d2(3) == pytest.approx(3 / np.sqrt(np.pi), abs=1e-12)


REFUSED = [
    (
        lambda: p_chart([1, 2, 3], [10, 0, 10]),
        "The size at position 1 (counting from 0) must be above 0; 0 came. Leave that point out, or correct its size.",
    ),
    (
        lambda: u_prime_chart([1, 2, 3], [10, 10, -2]),
        "The size at position 2 (counting from 0) must be above 0; -2 came. Leave that point out, or correct its size.",
    ),
    (
        lambda: p_chart([1, 12, 3], [10, 10, 10]),
        (
            "The count at position 1 (counting from 0) must be no more than its size; 12 of 10 came."
            " Correct one of them, or use u_chart for rates."
        ),
    ),
    (lambda: p_chart([1, 2, 3], [10, 10]), "Each count needs its size; 3 counts and 2 sizes came."),
    (
        lambda: c_chart([1, 2.5, 3]),
        (
            "The count at position 1 (counting from 0) must be a whole number, 0 or more; 2.5 came."
            " Correct it, or leave that point out."
        ),
    ),
    (
        lambda: g_chart([1, -1, 3]),
        (
            "The count at position 1 (counting from 0) must be a whole number, 0 or more; -1 came."
            " Correct it, or leave that point out."
        ),
    ),
    (
        lambda: t_chart([4, 0, 3]),
        (
            "The time at position 1 (counting from 0) must be above 0; 0 came."
            " Give finer times, or use g_chart with the cases between."
        ),
    ),
    (
        lambda: xbar_s_chart([[1, 2], [3]]),
        (
            "The subgroup at position 1 (counting from 0) needs at least 2 measurements; 1 came."
            " Add some, or use xmr for single values."
        ),
    ),
    (lambda: c_chart([3]), "A chart needs at least 2 points; 1 came. Add points."),
    (
        lambda: u_chart([1, 2], [3, None]),
        (
            "The value at position 1 (counting from 0) must be a number; None came."
            " Find the missing value, or leave that point and its date out."
        ),
    ),
    (lambda: c4(1), "The size of a subgroup must be a whole number, 2 or more; 1 came."),
]


# Every chart, made from one number a point.
EVERY = {
    "xmr": xmr,
    "run": run_chart,
    "c": c_chart,
    "t": t_chart,
    "g": g_chart,
    "p": lambda values, dates=None: p_chart(values, [99] * len(values), dates),
    "p_prime": lambda values, dates=None: p_prime_chart(values, [99] * len(values), dates),
    "u": lambda values, dates=None: u_chart([5] * len(values), values, dates),
    "u_prime": lambda values, dates=None: u_prime_chart([5] * len(values), values, dates),
}
MONTHS = list(pd.date_range("2025-01-01", periods=14, freq="MS"))
FINE = [7, 9, 8, 12, 11, 7, 10, 9, 6, 8, 10, 11, 9, 8]
AGAIN = "Find the missing value, or leave that point and its date out."


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("n/a", f"The value at position 3 (counting from 0) must be a number; 'n/a' came. {AGAIN}"),
        ("1,234", f"The value at position 3 (counting from 0) must be a number; '1,234' came. {AGAIN}"),
        (None, f"The value at position 3 (counting from 0) must be a number; None came. {AGAIN}"),
        (float("inf"), f"The value at position 3 (counting from 0) must be a number; inf came. {AGAIN}"),
    ],
)
def test_text_and_missing_numbers_are_refused_by_every_chart(make, wrong, sentence):
    assert said(lambda: make([*FINE[:3], wrong, *FINE[4:]], MONTHS)) == sentence


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_one_point_no_point_and_dates_that_are_none_are_refused_by_every_chart(make):
    assert said(lambda: make([7])) == "A chart needs at least 2 points; 1 came. Add points."
    assert said(lambda: make([])) == "A chart needs at least 2 points; 0 came. Add points."
    twice = [*MONTHS[:13], MONTHS[4]]
    assert said(lambda: make(FINE, twice)) == (
        "Each point needs its own date; 1 May 2025 came twice. Keep one, or leave dates out."
    )
    assert said(lambda: make(FINE, [*MONTHS[:13], None])) == (
        'The date at position 13 must be a date such as "2026-04-30", year first; None came.'
    )
    assert said(lambda: make(FINE, 2026)) == "Dates are given as several, one a value; 2026 came."


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_every_point_of_unordered_gapped_tied_and_steady_series_is_on_every_chart(make):
    """Nothing is dropped, filled in or put elsewhere: each date keeps its value."""
    order = np.random.default_rng(2).permutation(14)
    gapped = pd.date_range("2025-01-01", periods=20, freq="MS")[[0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 19]]
    for values in (np.array(FINE), np.array([8, 9] * 7), np.full(14, 8)):
        straight = make(list(values), list(gapped)).points
        mixed = make(list(values[order]), list(gapped[order])).points
        pd.testing.assert_frame_equal(mixed, straight)
        assert straight["x"].tolist() == list(gapped)
        assert straight["y"].rank().tolist() in (
            pd.Series(values).rank().tolist(),
            pd.Series(-values).rank().tolist(),  # a rate falls as its size grows
        )


@pytest.mark.parametrize("make", [make for name, make in EVERY.items() if name in {"xmr", "c", "p", "p_prime", "u"}])
def test_missing_months_are_told_by_every_chart_of_a_regular_measure(make):
    gapped = pd.date_range("2025-01-01", periods=15, freq="MS").delete(6)
    assert "1 point is missing (July 2025): find it, or note why." in make(FINE, list(gapped)).cautions


@pytest.mark.parametrize(("call", "sentence"), REFUSED)
def test_what_would_mislead_is_refused_in_a_sentence_that_mends(call, sentence):
    assert said(call) == sentence
