"""Do ghosted points count for nothing, and do targets and notes hold from their dates?"""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from refusals import said

from flowlib.measure.spc import xmr
from flowlib.measure.spc_counts import c_chart, p_chart, p_prime_chart, u_chart, u_prime_chart
from flowlib.measure.spc_presets import RULES
from flowlib.measure.spc_rare import g_chart, t_chart

steady = settings(deadline=None, derandomize=True, max_examples=50)

WAITS = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
DATES = pd.date_range("2026-01-01", periods=18, freq="MS")
READ = ["y", "mean", "lpl", "upl", "signal", "verdict", "segment"]
SIZES = np.array([50, 80, 60, 90, 70, 40] * 4)
COUNTS = np.array([12, 15, 8, 30, 4, 7] * 4)
RATIOS = [p_chart, p_prime_chart, u_chart, u_prime_chart]
SINGLES = [c_chart, g_chart, t_chart]


def left(chart):
    """The points that count."""
    return chart.points.loc[~chart.points["ghost"], READ].reset_index(drop=True)


def same(ghosted, without):
    pd.testing.assert_frame_equal(left(ghosted), without.points[READ])
    assert (ghosted.variation, ghosted.mean, ghosted.lpl, ghosted.upl, ghosted.trial, ghosted.run) == (
        *(without.variation, without.mean, without.lpl, without.upl, without.trial, without.run),
    )


@steady
@given(st.lists(st.integers(-9, 9), min_size=8, max_size=40), st.sets(st.integers(0, 39)), st.sampled_from(list(RULES)))
def test_the_other_points_are_those_of_a_chart_without_the_ghosts(values, ghosts, preset):
    """A law: leaving the points out altogether gives the same lines, signals and verdicts."""
    ghosts = sorted(ghosts & set(range(len(values))))[: len(values) - 2]
    kept = np.delete(values, ghosts)
    same(
        xmr(values, ghost=ghosts, improvement="up", preset=preset, target=3),
        xmr(kept, improvement="up", preset=preset, target=3),
    )


@pytest.mark.parametrize("make", RATIOS)
def test_ghosts_of_shares_and_rates_leave_their_sizes_out_too(make):
    """The same law, where each point has its own size."""
    ghosts = [3, 10, 23]
    kept = [np.delete(numbers, ghosts) for numbers in (COUNTS, SIZES)]
    same(make(COUNTS, SIZES, ghost=ghosts, improvement="down"), make(*kept, improvement="down"))


@pytest.mark.parametrize("make", SINGLES)
def test_ghosts_of_counts_and_gaps_count_for_nothing(make):
    same(make(COUNTS, ghost=[3, 9]), make(np.delete(COUNTS, [3, 9])))


def test_the_lines_are_those_that_exclude_gives_in_qicharts2():
    """qicharts2, R/helper.functions.R, `qic.i`, in plain arithmetic: neighbours of the ghost become neighbours."""
    chart = xmr([4, 6, 90, 5, 7, 3], ghost=2, preset="qicharts2")
    assert chart.mean == pytest.approx((4 + 6 + 5 + 7 + 3) / 5)
    assert chart.upl - chart.mean == pytest.approx(3 * (2 + 1 + 2 + 4) / 4 / 1.128)


def test_a_ghost_stays_on_the_chart_with_lines_and_without_a_signal():
    """Six tens: outside the limits of the rest, were it not a ghost."""
    points = xmr([1, 2] * 8 + [60, 1], ghost=16, improvement="down").points
    ghost = points.iloc[16]
    assert (ghost["y"], ghost["signal"], ghost["verdict"], ghost["ghost"]) == (60, "", "common", True)
    assert ghost["y"] > ghost["upl"] == points["upl"].iloc[0]
    assert points["ghost"].sum() == 1


def test_the_rules_pass_over_a_ghost_to_its_neighbours():
    """Seven points above the mean with a ghost below it among them still make a shift."""
    values = [1, 2] * 10 + [3, 3, 3, -9, 3, 3, 3, 3]
    signals = xmr(values, ghost=23).points["signal"].tolist()
    assert signals[20:] == ["shift"] * 3 + [""] + ["shift"] * 4


@pytest.mark.parametrize("ghost", [4, [4], (4, 9), "2026-05-01", ["2026-05-01", "2026-10-01"], DATES[4], DATES[[4, 9]]])
def test_ghosts_are_positions_or_dates_one_or_several(ghost):
    found = np.flatnonzero(xmr(WAITS, DATES, ghost=ghost).points["ghost"]).tolist()
    assert found in ([4], [4, 9])
    assert len(found) == (1 if np.ndim(ghost) == 0 else len(ghost))


def test_ghost_positions_count_in_date_order():
    """As rebase does: the latest date is the last position, wherever its row stood."""
    chart = xmr(WAITS[::-1], DATES[::-1], ghost=4)
    assert chart.points.loc[chart.points["ghost"], "y"].tolist() == [10]


def test_a_ghosted_last_point_leaves_the_verdict_to_the_last_one_that_counts():
    chart = xmr([1, 2] * 8 + [40, 1], ghost=17, improvement="down")
    assert chart.variation == "concern"
    assert chart.sentence().startswith("The last point that counts is a cause for concern: it is above the upper limit")
    usual = xmr([1, 2] * 8 + [40], ghost=16, improvement="down")
    assert usual.variation == "common"
    assert usual.sentence().startswith("The last point that counts is usual variation: no rule marks it.")


def test_the_sentence_says_how_many_are_ghosted_and_counts_the_others():
    said_of = xmr(WAITS, ghost=[4, 5]).sentence()
    assert "None of the 16 points is unusual." in said_of
    assert "2 points are ghosted: shown, but left out of the lines and the rules." in said_of
    assert "1 point is ghosted: shown," in xmr(WAITS, ghost=4).sentence()
    assert "ghosted" not in xmr(WAITS).sentence()


def test_a_baseline_of_twelve_with_a_ghost_has_eleven_to_go_by():
    """As freeze and exclude go together in qicharts2: by hand, ten of 4 or 6, one ghost among them."""
    chart = xmr([4, 6] * 5 + [90, 4] + [50] * 12, ghost=10, baseline=12)
    assert chart.mean == pytest.approx((5 * 10 + 4) / 11)


def test_each_segment_leaves_out_its_own_ghosts():
    chart = xmr([4, 6] * 6 + [14, 16] * 5 + [99, 14], rebase=12, ghost=22)
    assert chart.points["mean"].tolist() == pytest.approx([5] * 12 + [(15 * 10 + 14) / 11] * 12)
    assert (chart.trial, xmr([4, 6] * 6, ghost=3).trial, xmr([4, 6] * 6).trial) == (True, True, False)


def test_a_target_may_change_and_the_last_one_decides():
    """Usual points lie from -3.1 to 7: a target of 9 is never met upwards, one of -5 always."""
    chart = xmr(WAITS, DATES, improvement="up", target={"2026-06-01": 9, "2027-01-15": -5})
    assert chart.points["target"].isna().tolist() == [True] * 5 + [False] * 13
    assert chart.points["target"].tolist()[5:] == [9.0] * 8 + [-5.0] * 5
    assert (chart.target, chart.assurance) == (-5, "pass")
    assert "meets the target of -5 days every time" in chart.sentence(unit="days")
    assert xmr(WAITS, DATES, improvement="up", target={"2026-06-01": 9}).assurance == "fail"


@pytest.mark.parametrize(
    "target",
    [
        {5: 9, 13: 3},
        {13: 3, 5: 9},
        {"2026-06-01": 9, DATES[13]: 3},
        pd.Series([9, 3], index=DATES[[5, 13]]),
        pd.Series([3, 9], index=[13, 5]),
        {DATES[5].date(): 9, 13: 3},
    ],
)
def test_targets_are_told_by_date_or_position_in_any_order(target):
    points = xmr(WAITS, DATES, target=target).points
    assert points["target"].tolist()[5:] == [9.0] * 8 + [3.0] * 5


def test_one_number_is_the_target_of_every_point_and_none_is_of_no_point():
    assert (xmr(WAITS, target=3).points["target"] == 3).all()
    for chart in (xmr(WAITS), xmr(WAITS, target={})):
        assert chart.points["target"].isna().all()
        assert (chart.target, chart.assurance) == (None, None)


def test_a_target_from_before_the_chart_holds_for_all_of_it():
    assert (xmr(WAITS, DATES, target={"2004-01-01": 4}).points["target"] == 4).all()


def test_other_charts_take_ghosts_targets_and_notes_too():
    for make in RATIOS:
        chart = make(COUNTS, SIZES, ghost=3, target={2: 0.5}, notes={4: "New rota"})
        assert (chart.target, chart.points["ghost"].sum(), chart.notes) == (0.5, 1, ((4, "New rota"),))
    for make in SINGLES:
        chart = make(COUNTS, ghost=3, target={2: 20}, notes={4: "New rota"})
        assert (chart.target, chart.points["ghost"].sum(), chart.notes) == (20, 1, ((4, "New rota"),))


def test_a_target_of_times_stays_in_their_own_unit():
    """The t chart draws its lines elsewhere and turns them back; the target is not turned."""
    assert (t_chart(COUNTS, target=20, improvement="up").points["target"] == 20).all()


def test_notes_stand_at_the_first_point_they_hold_for_in_order_of_date():
    notes = {"2026-06-15": " Second ward opened ", "2026-02-01": "New rota", 0: "First count"}
    assert xmr(WAITS, DATES, notes=notes).notes == (
        (DATES[0], "First count"),
        (DATES[1], "New rota"),
        (DATES[6], "Second ward opened"),
    )
    assert xmr(WAITS).notes == ()


def test_every_sentence_stays_short_with_ghosts_targets_and_cautions():
    chart = xmr([1, 2] * 5 + [60, 1], ghost=[3, 11], target={3: 9}, improvement="up")
    for paragraph in chart.sentence(unit="days").split("\n\n"):
        sentences = paragraph.removesuffix(".").split(". ")
        assert len(sentences) <= 3
        assert max(len(sentence.split()) for sentence in sentences) <= 20


REFUSED = [
    (
        lambda: xmr(WAITS, ghost=range(17)),
        (
            "The segment at position 0 has 1 of its points left to set limits, and needs 2."
            " Ghost fewer, or rebase elsewhere."
        ),
    ),
    (
        lambda: p_chart(COUNTS, SIZES, rebase=20, ghost=[20, 21, 22, 23]),
        (
            "The segment at position 20 has 0 of its points left to set limits, and needs 2."
            " Ghost fewer, or rebase elsewhere."
        ),
    ),
    (
        lambda: xmr([1, 2] * 12, baseline=12, ghost=range(11)),
        (
            "The segment at position 0 has 1 of its points left to set limits, and needs 2."
            " Ghost fewer, or rebase elsewhere."
        ),
    ),
    (lambda: xmr(WAITS, ghost=18), "Ghost position 18 is outside the chart. Choose a point from 0 to 17."),
    (lambda: xmr(WAITS, ghost=-1), "Ghost position must be a whole number, 0 or more; -1 came."),
    (
        lambda: xmr(WAITS, ghost="2026-05-01"),
        "Ghost date 2026-05-01 needs dates for the values. Give dates, or a position from 0.",
    ),
    (
        lambda: xmr(WAITS, DATES, ghost=["2026-05-01", "2026-05-09"]),
        "Ghost date 9 May 2026 is not on the chart. The nearest point is of 1 May 2026.",
    ),
    (
        lambda: xmr(WAITS, DATES, ghost="05/06/2026"),
        "The date to ghost must be a date such as \"2026-04-30\", year first; '05/06/2026' came.",
    ),
    (
        lambda: xmr(WAITS, DATES, target={"2027-07-01": 4}),
        "Target date 1 July 2027 is outside the chart, which ends on 1 June 2027. Leave it out until there is a point.",
    ),
    (lambda: xmr(WAITS, target={18: 4}), "Target position 18 is outside the chart. Choose a point from 0 to 17."),
    (
        lambda: xmr(WAITS, target={"2026-01-01": 4}),
        "Target date 2026-01-01 needs dates for the values. Give dates, or a position from 0.",
    ),
    (lambda: xmr(WAITS, target={3: "soon"}), "The target from position 3 must be a number; 'soon' came."),
    (
        lambda: xmr(WAITS, DATES, target={"2026-02-01": None}),
        "The target from 1 February 2026 must be a number; None came.",
    ),
    (lambda: xmr(WAITS, target="soon"), "The target must be a number; 'soon' came."),
    (
        lambda: xmr(WAITS, DATES, target={"2026-02-01": 3, 1: 4}),
        "Target of 1 February 2026 came twice. Keep one.",
    ),
    (
        lambda: xmr(WAITS, DATES, notes={"2025-12-31": "Too early"}),
        "Note date 31 December 2025 is outside the chart, which starts on 1 January 2026. Leave it out.",
    ),
    (
        lambda: xmr(WAITS, DATES, notes={"2027-06-02": "Too late"}),
        "Note date 2 June 2027 is outside the chart, which ends on 1 June 2027. Leave it out until there is a point.",
    ),
    (lambda: xmr(WAITS, notes={18: "Outside"}), "Note position 18 is outside the chart. Choose a point from 0 to 17."),
    (lambda: xmr(WAITS, notes={3: "  "}), "The note of position 3 needs words; '  ' came."),
    (lambda: xmr(WAITS, DATES, notes={"2026-03-01": None}), "The note of 1 March 2026 needs words; None came."),
    (
        lambda: xmr(WAITS, notes="New rota"),
        'Notes are given as {"2026-04-30": "New rota"}, each with its date; \'New rota\' came.',
    ),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED)
def test_what_is_not_on_the_chart_is_refused_by_name(call, sentence):
    assert said(call) == sentence
