"""Are the charts of `flowlib.measure.spc` those that the NHS's own tools draw?"""

import json
from functools import cache
from math import comb, log2
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from flowlib.core.checks import Refusal
from flowlib.measure import spc_rules
from flowlib.measure.spc import run_chart, xmr

# The same examples each time, however busy the computer.
steady = settings(deadline=None, derandomize=True, max_examples=60)

PUBLISHED = Path(__file__).parent / "published"
CASES = json.loads((PUBLISHED / "spc_cases.json").read_text(encoding="utf-8"))
POINTS = pd.read_csv(PUBLISHED / "spc_points.csv", comment="#")
CHARTS = [
    pytest.param(case, number, id=f"{case['id']}-{number}")
    for case in CASES
    for number in range(POINTS.loc[POINTS["case"] == case["id"], "f"].nunique())
]
DIRECTIONS = {"increase": "up", "decrease": "down", "neutral": None}
SIGNALS = {"Common Cause": "", "Above UCL": "outside", "Below LCL": "outside"}
VERDICTS = {"common_cause": "common", "special_cause_improvement": "improvement", "special_cause_concern": "concern"}
ASSURANCES = {"inconsistent": "hit_or_miss", "consistent_pass": "pass", "consistent_fail": "fail"}
WAITS = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]

# Whole numbers: sums of them are exact, so laws hold without a tolerance.
whole_series = st.lists(st.integers(-50, 50), min_size=12, max_size=60)


def the_chart(case, number):
    """One facet of a published case, as flowlib draws it, and the rows that the R tool gives."""
    rows = POINTS[POINTS["case"] == case["id"]]
    rows = rows[rows["f"] == rows["f"].unique()[number]]
    options = case["options"]
    chart = xmr(
        rows["y"],
        rows["x"],
        improvement=DIRECTIONS[options["improvement_direction"]],
        target=options["target"],
        baseline=options["fix_after_n_points"],
        screen=options["screen_outliers"],
    )
    return chart, rows


@pytest.mark.parametrize(("case", "number"), CHARTS)
def test_every_point_is_that_of_nhsrplotthedots(case, number):
    """The R tool's own output: lines to 12 figures, and each point's signal and verdict."""
    chart, rows = the_chart(case, number)
    for ours, theirs in {"y": "y", "mean": "mean_col", "lpl": "lpl", "upl": "upl"}.items():
        assert chart.points[ours].to_numpy() == pytest.approx(rows[theirs].to_numpy(), rel=1e-12, abs=1e-12)
    assert chart.points["signal"].tolist() == rows["special_cause_type"].map(SIGNALS).tolist()
    assert chart.points["verdict"].tolist() == rows["point_type"].map(VERDICTS).tolist()
    assert chart.points["segment"].tolist() == rows["rebase_group"].tolist()


@pytest.mark.parametrize(("case", "number"), CHARTS)
def test_the_summary_is_that_of_nhsrplotthedots(case, number):
    """The R tool's own summary: latest lines, counts, variation and assurance."""
    chart, _ = the_chart(case, number)
    summary = case["summary"][number]
    assert (chart.mean, chart.lpl, chart.upl) == pytest.approx(
        (summary["mean_col"], summary["lpl"], summary["upl"]), rel=1e-12, abs=1e-12
    )
    counts = chart.points["verdict"].value_counts()
    assert counts.get("common", 0) == summary["common_cause"]
    assert counts.get("improvement", 0) == summary["special_cause_improvement"]
    assert counts.get("concern", 0) == summary["special_cause_concern"]
    assert chart.variation == VERDICTS[summary["variation_type"]]
    assert chart.assurance == ASSURANCES.get(summary.get("assurance_type"))


def test_the_presets_print_the_captions_of_the_deviations_page():
    """NHSRplotthedots, vignette "Deviations from Excel defaults": both captions, to 2 decimals."""
    excel, screened = xmr(WAITS, preset="mdc"), xmr(WAITS, preset="nhsr")
    assert [round(line, 2) for line in (excel.upl, excel.mean, excel.lpl)] == [6.95, 1.94, -3.06]
    assert [round(line, 2) for line in (screened.upl, screened.mean, screened.lpl)] == [4.6, 1.94, -0.72]


def test_screen_overrides_the_preset():
    assert xmr(WAITS, preset="nhsr", screen=False).upl == xmr(WAITS).upl
    assert xmr(WAITS, screen=True).upl == xmr(WAITS, preset="nhsr").upl


def test_a_moving_range_at_the_screen_is_dropped_once():
    """By hand: nine ranges of 6.733 and one of 29.403 have mean 9, and 3.267 times 9 is 29.403."""
    values = np.cumsum([0, 29.403, *[-6.733, 6.733] * 4, -6.733])
    screened = xmr(values, screen=True)
    assert (xmr(values).upl - screened.mean) / 2.66 == pytest.approx(9)
    assert (screened.upl - screened.mean) / 2.66 == pytest.approx(6.733)


TWO_IN_THREE = [
    # near, side of the mean, what is flagged; NHSRplotthedots tests/testthat/test-ptd_calculate_point_type.R
    ([1, 0, 1], [1, 1, 1], [1, 0, 1]),
    ([0, 1, 1], [1, 1, 1], [0, 1, 1]),
    ([1, 1, 0], [1, 1, 1], [1, 1, 0]),
    ([1, 1, 0], [1, -1, 1], [0, 0, 0]),
    ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 0, 1, 0, 0]),
    ([0, 0, 1, 1, 0, 0, 0], [1] * 7, [0, 0, 1, 1, 0, 0, 0]),
    ([0, 0, 1, 1, 0, 0, 0], [-1, 1, -1, 1, -1, 1, -1], [0] * 7),
    ([1, 0, 0, 1], [1] * 4, [0] * 4),
    ([1, 0, 0, 1, 1], [1] * 5, [0, 0, 0, 1, 1]),
    ([], [], []),
]


@pytest.mark.parametrize(("near", "side", "flagged"), TWO_IN_THREE)
def test_two_in_three_is_that_of_the_r_tests(near, side, flagged):
    """NHSRplotthedots' own unit tests."""
    found = spc_rules.two_in_three(np.array(near, dtype=bool), np.array(side, dtype=np.int64))
    assert found.astype(int).tolist() == flagged


@pytest.mark.parametrize(
    ("side", "flagged"),
    [([1] * 6, 0), ([1] * 6 + [-1], 0), ([1] * 8 + [-1], 8), ([-1] * 8 + [1], 8), ([1] * 4 + [0] + [1] * 4, 0)],
)
def test_a_shift_is_seven_strictly_on_one_side(side, flagged):
    """NHSRplotthedots' own unit tests, and the mean itself, which breaks a run."""
    assert spc_rules.shift(np.array(side)).sum() == flagged


@pytest.mark.parametrize(
    ("values", "directions"),
    [
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0] + [1] * 7 + [0]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0] + [-1] * 7 + [0]),
        ([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1], [1] * 6 + [-1] * 7),
        ([1, 2, 3, 4, 5, 6, 7] * 2, [1] * 14),
        ([1], [0]),
    ],
)
def test_a_trend_is_six_strict_steps_and_a_shared_point_takes_the_later_one(values, directions):
    """NHSRplotthedots' own unit tests, then a peak shared by two trends, and two rises side by side."""
    assert spc_rules.trend(np.array(values, dtype=float)).tolist() == directions


def test_outside_is_strictly_beyond_a_limit_and_near_stops_at_it():
    """Worked by hand: limits of 0 ± 2.66, so near begins at 1.773."""
    line = spc_rules.Limits(mean=0.0, spread=1.0, rounding=0.0)
    assert (line.lower, line.upper) == (-2.66, 2.66)
    y = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 2.7, 2.0, 1.9, 0.5, 2.66])
    beyond, near = spc_rules.outside(y, line), spc_rules.near(y, line)
    assert beyond.tolist() == [0] * 6 + [1] + [0] * 4  # strictly beyond: 2.66 is not
    assert near.tolist() == [False] * 7 + [True, True, False, True]  # 2.7 is beyond, so not near


def test_outside_comes_before_trend_before_two_in_three_before_shift():
    """Each signal hides a later one: a rise that ends outside, then two near points, then one that only shifts."""
    values = [*[-1, 1] * 20, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 9.0, 4.6, 4.5, 1.0]
    signals = xmr(values).points["signal"].tolist()
    assert signals[40:] == ["trend"] * 6 + ["outside"] + ["two_in_three"] * 2 + ["shift"]


def test_a_trend_on_the_good_side_of_the_mean_can_still_be_a_concern():
    """The direction of a trend decides, not the side of the mean: a fall from a high level."""
    chart = xmr([0, 20] * 10 + [19, 18, 17, 16, 15, 14, 13], improvement="up")
    assert chart.points["signal"].iloc[-1] == "trend"
    assert chart.points["y"].iloc[-1] > chart.mean
    assert chart.variation == "concern"
    assert chart.sentence().startswith("The latest point is a cause for concern: the last 7 points fall.")


def test_rules_and_limits_start_again_in_each_segment():
    """Two levels: one chart signals a shift, a rebase where the level changed does not."""
    values = [4, 5, 6, 5] * 3 + [14, 15, 16, 15] * 3
    assert (xmr(values).points["signal"] == "").sum() == 0
    rebased = xmr(values, rebase=12)
    assert (rebased.points["signal"] == "").all()
    assert rebased.points["mean"].unique().tolist() == [5, 15]
    assert (rebased.mean, rebased.trial) == (15, False)
    assert not xmr(values, rebase=[4, 8]).trial
    assert xmr(values, rebase=[13]).trial


def test_a_rebase_date_starts_a_segment_at_the_first_point_on_or_after_it():
    dates = pd.date_range("2026-01-05", periods=24, freq="7D")
    for rebase in ("2026-03-30", "2026-03-28", dates[12], dates[12].date(), [12], np.datetime64("2026-03-30")):
        assert xmr(range(24), dates, rebase=rebase).points["segment"].tolist() == [0] * 12 + [1] * 12


def test_a_baseline_fixes_the_limits_from_the_first_points():
    """Arithmetic: the first 12 points alone have mean 5 and moving ranges of 2."""
    chart = xmr([4, 6] * 6 + [40, 60] * 6, baseline=12)
    assert (chart.mean, chart.lpl, chart.upl) == pytest.approx((5, 5 - 2.66 * 2, 5 + 2.66 * 2))


@pytest.mark.parametrize("value", [5, 0, 0.1, 1 / 3, -7.7, 1e6 + 0.1])
@pytest.mark.parametrize("preset", ["mdc", "nhsr"])
def test_a_series_that_never_varies_has_limits_equal_to_its_mean(value, preset):
    chart = xmr([value] * 13, preset=preset, improvement="up", target=value)
    assert (chart.mean, chart.lpl, chart.upl) == (value, value, value)
    assert (chart.points["signal"] == "").all()
    assert chart.assurance == "hit_or_miss"


@pytest.mark.parametrize(
    ("improvement", "target", "assurance"),
    [
        ("up", 100, "fail"),
        ("up", -100, "pass"),
        ("down", 100, "pass"),
        ("down", -100, "fail"),
        ("up", 2, "hit_or_miss"),
        (None, 100, None),
        ("up", None, None),
    ],
)
def test_assurance_compares_the_target_with_the_last_limits(improvement, target, assurance):
    assert xmr(WAITS, improvement=improvement, target=target).assurance == assurance


def test_noise_rarely_signals():
    """About 3 points in 1,000 of a long, unscreened run of pure noise fall outside: three sigma, as promised."""
    noise = np.random.default_rng(2026).normal(size=120_000)
    outside = (xmr(noise).points["signal"] == "outside").mean()
    assert outside == pytest.approx(0.0027, abs=0.0006)  # four standard errors at 120,000 points


@steady
@given(whole_series, st.integers(-1000, 1000))
def test_a_shift_in_the_values_shifts_the_lines_and_nothing_else(values, extra):
    before, after = xmr(values), xmr([value + extra for value in values])
    lines = ["y", "mean", "lpl", "upl"]
    assert after.points[lines].to_numpy() == pytest.approx(before.points[lines].to_numpy() + extra)
    assert after.points["signal"].tolist() == before.points["signal"].tolist()


@steady
@given(whole_series, st.sampled_from([0.1, 1 / 3, 7, 1e6]))
def test_another_unit_scales_the_lines_and_changes_no_signal(values, factor):
    before, after = xmr(values, screen=True), xmr([value * factor for value in values], screen=True)
    assert after.points["upl"].to_numpy() == pytest.approx(before.points["upl"].to_numpy() * factor, abs=1e-9 * factor)
    assert after.points["signal"].tolist() == before.points["signal"].tolist()


def test_a_point_on_the_mean_breaks_a_run_in_tenths_too():
    """Whole numbers with mean 3, then the same in tenths, which a computer cannot hold exactly."""
    values = [5, 1, 4, 2, 4, 3, 5, 2, 5, 5, 0, 0, 4, 4, 4, 3, 4, 4, 4, 2, 2, 2, 2, 2, 2]
    assert sum(values) == 3 * len(values)
    assert (xmr(values).points["signal"] == "").all()
    assert (xmr([value * 0.1 for value in values]).points["signal"] == "").all()


@steady
@given(whole_series)
def test_the_other_direction_swaps_improvement_and_concern(values):
    swap = {"improvement": "concern", "concern": "improvement", "common": "common"}
    up, down = xmr(values, improvement="up"), xmr(values, improvement="down")
    assert [swap[verdict] for verdict in up.points["verdict"]] == down.points["verdict"].tolist()


@steady
@given(whole_series)
def test_turning_the_chart_upside_down_turns_its_verdicts(values):
    up, down = xmr(values, improvement="up"), xmr([-value for value in values], improvement="down")
    assert up.points["verdict"].tolist() == down.points["verdict"].tolist()
    assert up.points["signal"].tolist() == down.points["signal"].tolist()


@steady
@given(whole_series)
def test_screening_never_widens_the_limits(values):
    assert xmr(values, screen=True).upl <= xmr(values, screen=False).upl + 1e-9


@steady
@given(whole_series, st.randoms(use_true_random=False))
def test_points_are_put_in_date_order(values, luck):
    dates = list(pd.date_range("2026-01-01", periods=len(values)))
    pairs = list(zip(values, dates, strict=True))
    luck.shuffle(pairs)
    shuffled = xmr([value for value, _ in pairs], [date for _, date in pairs])
    pd.testing.assert_frame_equal(shuffled.points, xmr(values, dates).points)


@steady
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=40))
def test_each_rule_is_what_a_plain_reading_finds(values):
    """A plain second implementation of the definitions, one window at a time."""
    chart = xmr(values)
    y, mean = np.array(values), chart.mean
    near = [abs(v - mean) > 2 / 3 * (chart.upl - mean) + 1e-9 and chart.lpl - 1e-9 <= v <= chart.upl + 1e-9 for v in y]
    flags = {name: [False] * y.size for name in ("outside", "trend", "two_in_three", "shift")}
    flags["outside"] = [v > chart.upl + 1e-9 or v < chart.lpl - 1e-9 for v in y]
    for start in range(y.size - 6):
        window, steps = y[start : start + 7], np.diff(y[start : start + 7])
        for at in range(start, start + 7):
            flags["trend"][at] |= bool((steps > 0).all() or (steps < 0).all())
            flags["shift"][at] |= bool((window > mean + 1e-9).all() or (window < mean - 1e-9).all())
    for start in range(y.size - 2):
        window = y[start : start + 3]
        if sum(near[start : start + 3]) >= 2 and ((window > mean).all() or (window < mean).all()):
            for at in range(start, start + 3):
                flags["two_in_three"][at] |= near[at]
    expected = [next((name for name, found in flags.items() if found[at]), "") for at in range(y.size)]
    assert chart.points["signal"].tolist() == expected


@pytest.mark.parametrize("useful", [2, 3, 10, 11, 12, 16, 23, 24, 30, 50, 99, 100])
def test_run_chart_limits_are_those_of_anhoej(useful):
    """As qicharts2 has them, round(log2(n)) + 3 and qbinom(0.05, n - 1, 0.5), the latter in whole numbers."""
    chart = run_chart([0] * (useful // 2) + [5] * (2 * (useful % 2)) + [9] * (useful - useful // 2))
    tosses = useful - 1
    fewest = next(k for k in range(useful) if 20 * sum(comb(tosses, j) for j in range(k + 1)) >= 2**tosses)
    assert (chart.longest_run_limit, chart.crossings_limit) == (round(log2(useful)) + 3, fewest)


def test_24_points_may_run_to_8_and_must_cross_8_times():
    """Anhøj and Olesen (2014), table of limits."""
    chart = run_chart([1, 2] * 12)
    assert (chart.longest_run_limit, chart.crossings_limit) == (8, 8)


def test_a_run_chart_does_not_count_points_on_the_median():
    """Read off by eye: above, above, (on), above, below, below, (on), below, above, below."""
    chart = run_chart([7, 8, 5, 9, 1, 2, 5, 3, 6, 4])
    assert (chart.median, chart.longest_run, chart.crossings) == (5, 3, 3)
    assert not chart.signal


def test_a_run_chart_signals_a_change_of_level():
    chart = run_chart([1, 2, 3, 2] * 3 + [7, 8, 9, 8] * 3)
    assert (chart.longest_run, chart.crossings, chart.signal) == (12, 1, True)


@cache
def quiet_orders(same_left, other_left, run, crossings):
    """Ways to go on without a signal: 24 points, half on each side, runs up to 8, at least 8 crossings."""
    if run > 8:
        return 0
    if same_left == other_left == 0:
        return int(crossings >= 8)
    on = quiet_orders(same_left - 1, other_left, run + 1, crossings) if same_left else 0
    over = quiet_orders(other_left - 1, same_left, 1, crossings + 1) if other_left else 0
    return on + over


def test_run_charts_of_noise_signal_as_often_as_counting_every_order_says():
    """All orders of 12 high and 12 low points, counted; the rules promise at most about 1 in 20."""
    expected = 1 - 2 * quiet_orders(11, 12, 1, 0) / comb(24, 12)
    noise = np.random.default_rng(2014).normal(size=(2000, 24))
    share = np.mean([run_chart(series).signal for series in noise])
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 2000))
    assert expected < 0.05


def test_a_run_chart_that_never_varies_has_no_signal():
    assert not run_chart([3, 3, 3]).signal


REFUSED = [
    ({"values": [1, np.nan, 2]}, r"The value at position 1 \(counting from 0\) must be a number; nan came\."),
    ({"values": [1, None, "?"]}, r"position 1 .* None came\. 2 values like this\."),
    ({"values": [1]}, "at least 2 points; 1 came"),
    ({"values": 5}, "A chart needs several values, one a point; 5 came"),
    (
        {"values": WAITS, "rebase": print},
        "A point is named by its position or its date; <built-in function print> came",
    ),
    ({"values": [1, 2], "dates": ["2026-01-01"]}, "2 values and 1 dates came"),
    ({"values": [1, 2], "dates": ["2026-01-01"] * 2}, "1 January 2026 came twice"),
    (
        {"values": [1, 2], "dates": ["2026-01-01", "03/04/2026"]},
        "position 1 must be a date .* year first; '03/04/2026' came",
    ),
    ({"values": [1, 2], "dates": [1, 2]}, "position 0 must be a date"),
    (
        {"values": WAITS, "rebase": 18},
        "Rebase position 18 is outside the chart. Choose where a new segment starts: 1 to 17",
    ),
    ({"values": WAITS, "rebase": [-1]}, "Rebase position must be a whole number, 1 or more; -1 came"),
    ({"values": WAITS, "rebase": 17}, "at least 2 points; the one at position 17 has 1"),
    ({"values": WAITS, "rebase": "2026-01-01"}, "needs dates for the values"),
    (
        {"values": [1, 2], "dates": ["2026-01-01", "2026-01-02"], "rebase": "2027-01-01"},
        "Rebase date 1 January 2027 is outside the chart. Choose a date after 1 January 2026",
    ),
    ({"values": WAITS, "baseline": 11}, "The baseline must be a whole number, 12 or more; 11 came"),
    (
        {"values": WAITS, "improvement": "increase"},
        'No direction of improvement called "increase"; there are "up", "down"',
    ),
    ({"values": WAITS, "preset": "nhsrr"}, 'Did you mean "nhsr"'),
    ({"values": WAITS, "target": "soon"}, "The target must be a number; 'soon' came"),
]


@pytest.mark.parametrize(("request_", "sentence"), REFUSED)
def test_what_cannot_be_charted_is_refused_with_a_sentence(request_, sentence):
    with pytest.raises(Refusal, match=sentence):
        xmr(**request_)


SAID = [
    (xmr(WAITS, improvement="down", target=3), "1 of the 18 points is unusual. Usual points lie from -3.063 to 6.952"),
    (xmr(WAITS), "usual variation: no rule marks it"),
    (xmr([1, 2] * 6 + [40]), "The latest point is unusual: it is above the upper limit of"),
    (xmr([1, 2] * 6 + [-40], improvement="down"), "a sign of improvement: it is below the lower limit of"),
    (
        xmr([1, 2] * 20 + [3] * 7, improvement="down"),
        "a cause for concern: the last 7 points are all above the mean.",
    ),
    (
        xmr([0, 4] * 20 + [12, 12], improvement="up"),
        "improvement: 2 of the last 3 points are near the upper limit.",
    ),
    (xmr([1, 2, 1]), "These are trial limits: fewer than 12 points stand behind them."),
    (xmr([1, 2] * 9, improvement="up", target=9), "misses the target of 9 every time."),
    (xmr([1, 2] * 9, improvement="down", target=9), "meets the target of 9 every time."),
    (xmr([1, 2] * 9, improvement="down", target=2), "meets the target of 2 at some times and misses it at others."),
    (xmr([1, 2] * 9), "does not say whether the usual level is good enough."),
    (run_chart([1, 2] * 12), "as chance would have it"),
    (run_chart(list(range(24))), "crosses the median of 11.5 once; fewer than 8 is unusual."),
]


@pytest.mark.parametrize(("chart", "words"), SAID)
def test_the_sentence_says_what_the_chart_shows(chart, words):
    assert words in chart.sentence()


@pytest.mark.parametrize("chart", [chart for chart, _ in SAID])
def test_no_sentence_is_longer_than_twenty_words_or_paragraph_than_three_sentences(chart):
    for paragraph in chart.sentence(unit="days").split("\n\n"):
        sentences = paragraph.removesuffix(".").split(". ")
        assert len(sentences) <= 3
        assert max(len(sentence.split()) for sentence in sentences) <= 20


def test_the_sentence_gives_numbers_their_unit_and_commas():
    assert "around a mean of 12,340 days" in xmr([12345.6, 12344.4] * 6).sentence(unit="days")
