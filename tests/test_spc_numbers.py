"""Is nothing taken for a number, a series, a target or a baseline that is none?"""

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.measure.spc import c_chart, g_chart, p_chart, p_prime_chart, t_chart, u_chart, xbar_s_chart, xmr
from flowlib.measure.spc_chart import TRIAL_BELOW

SERIES = [4, 6, 5, 7] * 8
SIZES = [100] * 16
COUNTS = [90, 92, 95, 91] * 4

REFUSED = [
    # Targets that no value of the chart could reach.
    (
        lambda: p_chart(COUNTS, SIZES, target=95, improvement="up"),
        "The target must be from 0 to 1; 95 came. Half is 0.5, not 50.",
    ),
    (
        lambda: p_prime_chart(COUNTS, SIZES, target={4: 95}),
        "The target from position 4 must be from 0 to 1; 95 came. Half is 0.5, not 50.",
    ),
    (lambda: t_chart(SERIES, target=-3), "The target must be 0 or more; -3 came."),
    (lambda: g_chart(SERIES, target=-3), "The target must be 0 or more; -3 came."),
    (lambda: c_chart(SERIES, target=-3), "The target must be 0 or more; -3 came."),
    (lambda: u_chart(COUNTS, SIZES, target={0: -1}), "The target from position 0 must be 0 or more; -1 came."),
    (lambda: xmr(SERIES, target=np.True_), "The target must be a number; True came."),
    # Answers and complex numbers are no values.
    *(
        (
            lambda value=value: xmr([3, value, 5]),
            (
                f"The value at position 1 (counting from 0) must be a number; {value!r} came."
                " Find the missing value, or leave that point and its date out."
            ),
        )
        for value in (True, np.True_, 1 + 2j, np.complex128(1))
    ),
    (lambda: xmr(SERIES, ghost=[np.False_, np.True_]), "Ghost position must be a number; False came."),
    (lambda: xmr(SERIES, rebase=[np.True_]), "Rebase position must be a number; True came."),
    (lambda: xmr(SERIES, notes={np.True_: "New rota"}), "Note position must be a number; True came."),
    (lambda: xmr(SERIES, baseline=np.True_), "The baseline must be a number; True came."),
    (
        lambda: xmr(SERIES, screen="no"),
        "Screening is True or False, or left out so that the preset decides; 'no' came.",
    ),
    # What is no series.
    (lambda: xmr("123"), "A chart needs several values, one a point; '123' came."),
    (lambda: xmr({1: 5, 2: 6}), "A chart needs several values, one a point; {1: 5, 2: 6} came."),
    (lambda: xmr({3, 5}), "A chart needs several values, one a point; {3, 5} came."),
    (lambda: xmr(np.array(3)), "A chart needs several values, one a point; array(3) came."),
    (lambda: p_chart([1, 2, 3], 10), "A chart needs several sizes, one a count; 10 came."),
    (lambda: p_chart(3, [1, 2]), "A chart needs several counts, one a point; 3 came."),
    (lambda: c_chart(5), "A chart needs several counts, one a point; 5 came."),
    (lambda: t_chart(5), "A chart needs several times, one a point; 5 came."),
    (lambda: g_chart(None), "A chart needs several numbers of cases, one a point; None came."),
    (lambda: xmr([1, 2], "ab"), "Dates are given as several, one a value; 'ab' came."),
    (lambda: xbar_s_chart(5), "A chart needs several subgroups, one a point; 5 came."),
    (
        lambda: xbar_s_chart([1, 2, 3]),
        "The subgroup at position 0 (counting from 0) is several measurements; 1 came.",
    ),
    (
        lambda: xbar_s_chart([[1, 3], [2, None]]),
        (
            "The value at position 1 of subgroup 1 (counting from 0) must be a number; None came."
            " Find the missing value, or leave that point and its date out."
        ),
    ),
    # Numbers that a computer's own cannot hold.
    (
        lambda: xmr([1e308, 2, 3]),
        "The value at position 0 (counting from 0) is too large for a chart; 1e+308 came. Give it in a larger unit.",
    ),
    (
        lambda: xmr([2, 10**400, 3]),
        (
            "The value at position 1 (counting from 0) is too large for a chart;"
            " 100000000000000000...0000000000000000000 came. Give it in a larger unit."
        ),
    ),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED)
def test_what_is_no_number_no_series_or_no_target_is_refused_in_a_sentence(call, sentence):
    assert said(call) == sentence


def test_targets_at_the_ends_of_what_is_possible_are_taken():
    assert p_chart(COUNTS, SIZES, target=1, improvement="up").target == 1
    assert p_chart(COUNTS, SIZES, target=0.0, improvement="down").target == 0
    assert t_chart(SERIES, target=0, improvement="up").target == 0
    assert xmr(SERIES, target=-3, improvement="down").assurance == "fail"


def test_series_of_every_usual_kind_are_taken():
    """The same chart from a list, a tuple, a generator, an array, a column and text."""
    expected = xmr(SERIES).points
    for values in (
        tuple(SERIES),
        (value for value in SERIES),
        np.array(SERIES),
        pd.Series(SERIES, dtype="Int64"),
        pd.Index(SERIES),
        [str(value) for value in SERIES],
    ):
        pd.testing.assert_frame_equal(xmr(values).points, expected)


def test_large_numbers_that_fit_give_lines_that_fit():
    """At the largest taken, a law: the lines are those of the small series, times 10 to the 100."""
    small, large = xmr([1, 0.5] * 8), xmr([1e100, 0.5e100] * 8)
    assert (large.mean, large.upl) == pytest.approx((small.mean * 1e100, small.upl * 1e100))


def test_limits_from_few_points_of_a_baseline_are_on_trial():
    """12 points set the limits, 10 of them ghosts: 2 points do."""
    chart = xmr([5, 6] * 6 + [7] * 10, baseline=12, ghost=range(10))
    assert chart.trial
    assert chart.cautions[0] == "The chart has 2 baseline points left: fewer than 12, so its limits are on trial."
    assert "These are trial limits" in chart.sentence()
    whole = xmr([5, 6] * 6 + [7] * 10, baseline=12)
    assert not whole.trial
    assert not any("trial" in caution for caution in whole.cautions)


def test_a_baseline_longer_than_the_chart_is_said_to_freeze_nothing():
    chart = xmr([5, 6, 7, 5, 4, 6] * 5, baseline=99)
    assert "The chart has 30 points, fewer than its baseline of 99: all set its limits." in chart.cautions
    assert chart.upl == xmr([5, 6, 7, 5, 4, 6] * 5).upl
    parts = xmr([5, 6, 7, 5, 4, 6] * 5, pd.date_range("2026-04-01", periods=30), baseline=14, rebase="2026-04-13")
    assert [caution for caution in parts.cautions if "baseline" in caution] == [
        "The segment from 1 April 2026 has 12 points, fewer than its baseline of 14: all set its limits."
    ]


def test_every_caution_on_a_baseline_has_at_most_twenty_words():
    dates = pd.date_range("2026-04-01", periods=50)
    chart = xmr([5, 6] * 25, dates, baseline=20, rebase=dates[14], ghost=range(14, 30))
    about = [caution for caution in chart.cautions if "baseline" in caution]
    assert len(about) == 2
    assert max(len(caution.split()) for caution in about) <= 20


def test_ghosts_and_notes_on_subgroups_are_those_of_the_chart_without_them():
    """The lines of the 15 subgroups that count, against a chart of those alone; notes stand on the means."""
    groups = np.random.default_rng(6).normal(30, 4, size=(16, 5))
    made = xbar_s_chart([*groups[:8], groups[8] + 50, *groups[9:]], ghost=8, notes={10: "New rota"})
    alone = xbar_s_chart(np.delete(groups, 8, axis=0))
    for ours, theirs in ((made.means, alone.means), (made.spreads, alone.spreads)):
        assert (ours.mean, ours.lpl, ours.upl) == pytest.approx((theirs.mean, theirs.lpl, theirs.upl))
        assert ours.points["ghost"].tolist() == [at == 8 for at in range(16)]
        assert ours.points.loc[8, "verdict"] == "common"
    assert made.means.notes == ((10, "New rota"),)
    assert made.spreads.notes == ()


def test_trial_is_twelve():
    """NHS Making Data Count."""
    assert TRIAL_BELOW == 12
