"""Is every sentence about a chart true of that chart, also where limits were redrawn, frozen or lie on the target?"""

import numpy as np
import pandas as pd
import pytest

from flowlib.measure.spc import c_chart, p_chart, run_chart, xmr
from flowlib.show import icons

NOISE = np.random.default_rng(14).normal(0, 1, size=40)
WEEKS = pd.date_range("2025-01-06", periods=28, freq="7D")


def test_a_rebased_chart_gives_its_limits_to_the_latest_segment_and_says_where_they_were_redrawn():
    """14 points near 20, then 14 near 10: half of them do not lie within the last limits."""
    values = np.concatenate([20 + NOISE[:14], 10 + NOISE[14:28]])
    told = xmr(values, WEEKS, rebase=WEEKS[14]).sentence()
    assert "In the latest segment, usual points lie from " in told
    assert "The limits were drawn afresh once from 14 April 2025." in told
    twice = xmr(values, rebase=[7, 14]).sentence()
    assert "The limits were drawn afresh 2 times, last from position 14." in twice
    assert "drawn afresh" not in xmr(values).sentence()


def test_a_frozen_chart_says_which_points_set_its_limits():
    values = 20 + NOISE[:28]
    assert (
        "The limits are frozen: the first 12 points set them, and later ones do not."
        in xmr(values, baseline=12).sentence()
    )
    each = xmr(values, baseline=12, rebase=14).sentence()
    assert "the first 12 points of each segment set them, and later ones do not." in each
    assert "frozen" not in xmr(values, baseline=28).sentence()


def test_only_a_chart_whose_jumps_are_screened_says_so():
    """A p chart has no moving ranges, so the preset has nothing to screen there."""
    words = "Any unusually large jump between two points is left out of the limits."
    assert words in xmr(NOISE, preset="nhsr").sentence()
    assert words not in xmr(NOISE, preset="nhsr", screen=False).sentence()
    plain = p_chart([4, 6] * 8, [50] * 16, preset="nhsr")
    assert not plain.screened
    assert words not in plain.sentence()


ALWAYS = [
    (c_chart([0] * 24, improvement="down", target=0), "meets the target of 0 every time, with no room to spare."),
    (
        p_chart([30] * 24, [30] * 24, improvement="up", target=1),
        "meets the target of 1 every time, with no room to spare.",
    ),
    (xmr([0.1] * 24, improvement="up", target=0.1), "meets the target of 0.1 every time, with no room to spare."),
    (xmr([1, 3] * 12, improvement="down", target=2), "meets the target of 2 at some times and misses it at others."),
    (c_chart([1, 0] * 12, improvement="down", target=0), "target of 0 at some times and misses it at others."),
    (
        p_chart([29, 30] * 12, [30] * 24, improvement="up", target=1),
        "target of 1 at some times and misses it at others.",
    ),
]


@pytest.mark.parametrize(("chart", "words"), ALWAYS)
def test_a_measure_whose_every_point_is_at_its_target_is_not_said_to_miss_it(chart, words):
    """A never event that never happened. The label stays the NHS's, which asks for a target beyond the limit."""
    assert chart.assurance == "hit_or_miss"
    assert words in chart.sentence()
    name = (
        "Meets its target every time, with no room" if "no room" in words else "Sometimes meets its target, sometimes"
    )
    assert f'aria-label="{name}' in icons.assurance(chart)


def test_a_run_chart_with_too_few_points_off_its_median_says_so():
    """Of 5 useful points, the longest usual run is 5, and no crossings are too few: nothing could be marked."""
    assert run_chart([5] * 12).sentence(unit="beds") == (
        "Only 0 of the 12 points lie off the median of 5 beds: too few to judge."
        "\n\nThe chart does not say whether anything changed."
    )
    assert run_chart([5, 5, 9]).sentence().startswith("Only 1 of the 3 points lies off the median of 5: too few")
    assert run_chart([1, 2, 3, 4, 5]).sentence().startswith("Only 4 of the 5 points")
    assert run_chart([1, 2, 3, 4, 5, 6]).sentence().startswith("The points")


@pytest.mark.parametrize("points", range(2, 7))
def test_too_few_is_said_just_where_no_order_of_the_points_could_be_marked(points):
    """The most extreme order of all: every low point first, so one crossing and the longest runs."""
    rising = run_chart(range(points))
    could = points - points % 2 >= 6
    assert ("too few" in rising.sentence()) is not could


def test_a_run_chart_with_a_signal_does_not_claim_a_change():
    told = run_chart([1, 2, 3, 2] * 3 + [7, 8, 9, 8] * 3).sentence()
    assert told.startswith("The points vary in a way that chance alone seldom gives.")
    assert told.endswith("The chart does not say why, or from when.")
    assert "something has changed" not in told


def test_a_run_with_a_point_on_the_mean_is_said_to_pass_over_it():
    """The preset of qicharts2 passes over points on the mean, so the last 10 points are not all above it."""
    values = [*[4, 6] * 20, 4, *[5.5] * 5, 5, *[5.5] * 5]
    chart = xmr(values, preset="qicharts2", baseline=40, improvement="up")
    assert "the last 10 points off the mean are all above it." in chart.sentence()
    without = xmr([*[4, 6] * 20, 4, *[5.5] * 10], preset="qicharts2", baseline=40, improvement="up")
    assert "the last 10 points are all above the mean." in without.sentence()


def test_a_run_is_as_long_as_the_points_off_the_mean_ask_for():
    """30 of 50 points lie off the mean, and log2(30) + 3 is 7.9: 9 in a row are unusual, where 50 would need 10."""
    chart = xmr([*[4, 6] * 10, *[5] * 20, 4, *[5.5] * 9], preset="qicharts2", baseline=40, improvement="up")
    assert chart.points["signal"].tolist()[-10:] == [""] + ["shift"] * 9
    assert "the last 9 points are all above the mean." in chart.sentence()


TRENDS = [
    ([20] * 8 + [1, 2, 3, 4, 5, 6, 7, 8], "down", "Cause for concern: values are rising"),
    ([20] * 8 + [1, 2, 3, 4, 5, 6, 7, 8], "up", "Improvement: values are rising"),
    ([1] * 8 + [20, 19, 18, 17, 16, 15, 14, 13], "up", "Cause for concern: values are falling"),
    ([1, 2] * 9 + [30], "down", "Cause for concern: values are higher"),
]


@pytest.mark.parametrize(("values", "better", "words"), TRENDS)
def test_the_sign_of_a_trend_says_which_way_it_goes_and_not_where_it_lies(values, better, words):
    """A rise below the mean: the last of the first series is 8, and its mean 12.25."""
    sign = icons.variation(xmr(values, improvement=better))
    assert f'aria-label="{words}"' in sign
    assert f"<title>{words}</title>" in sign


def test_the_sign_passes_over_a_ghost_at_the_end():
    chart = xmr([20] * 8 + [1, 2, 3, 4, 5, 6, 7, 8, 90], improvement="down", ghost=16)
    assert "values are rising" in icons.variation(chart)


@pytest.mark.parametrize(
    "chart",
    [
        xmr(NOISE[:28], WEEKS, rebase=WEEKS[14], baseline=12, preset="nhsr", improvement="down", target=0),
        xmr([0] * 28, WEEKS, rebase=[WEEKS[7], WEEKS[14]], improvement="down", target=0, ghost=3),
        run_chart([5] * 12),
    ],
)
def test_every_sentence_stays_short_whatever_was_asked(chart):
    for paragraph in chart.sentence(unit="bed days").split("\n\n"):
        sentences = paragraph.removesuffix(".").split(". ")
        assert len(sentences) <= 3
        assert max(len(sentence.split()) for sentence in sentences) <= 20
