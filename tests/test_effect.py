"""Does `flowlib.change.effect` tell a change that worked from the usual variation?"""

import datetime as dt
import math
import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.change.effect import before_after
from flowlib.measure.spc import xmr

WEEKS = pd.date_range("2025-01-06", periods=36, freq="7D")
CHANGE = WEEKS[24]
# Twenty-four weeks that go up and down by 2 around 10: mean 10, moving range 2, limits 4.68 and 15.32.
STEADY = [9.0, 11.0] * 12


def plain_signal(values, before):
    """
    The first point, from *before* on, that breaks a rule of Making Data Count, written out a second time.

    Limits from the points before; rules begin again at the change. None where no point does.
    """
    mean = sum(values[:before]) / before
    spread = sum(abs(a - b) for a, b in pairwise(values[:before])) / (before - 1)
    later = values[before:]
    above = [value > mean for value in later]
    broken = []
    for i, value in enumerate(later):
        outside = abs(value - mean) > 2.66 * spread
        windows = [range(s, s + 7) for s in range(max(i - 6, 0), i + 1) if s + 7 <= len(later)]
        shift = any(len({above[k] for k in w}) == 1 for w in windows)
        steps = [[later[k + 1] > later[k] for k in w[:-1]] for w in windows]
        trend = any(len(set(step)) == 1 for step in steps)
        near = [2 / 3 * 2.66 * spread < abs(later[k] - mean) <= 2.66 * spread for k in range(len(later))]
        threes = [range(s, s + 3) for s in range(max(i - 2, 0), i + 1) if s + 3 <= len(later)]
        two = near[i] and any(sum(near[k] for k in w) >= 2 and len({above[k] for k in w}) == 1 for w in threes)
        broken.append(outside or shift or trend or two)
    return before + broken.index(True) if any(broken) else None


def step_down(size, *, seed=1, before=24, after=12):
    """Noise around 10 with a standard deviation of 1, and so much less from the change on."""
    noise = np.random.default_rng(seed).normal(10, 1, before + after)
    noise[before:] -= size
    return noise


# Found, and not found.


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("better", "improved"), [("down", True), ("up", False)])
def test_a_step_of_five_standard_deviations_is_found_in_its_week(seed, better, improved):
    """Limits are about three standard deviations away: the first week after a step of five is beyond them."""
    made = before_after(step_down(5.5, seed=seed), WEEKS, CHANGE, improvement=better)
    assert made.signal_at == CHANGE
    assert made.improved is improved
    assert made.before - made.after == pytest.approx(5.5, abs=4 * math.sqrt(1 / 24 + 1 / 12))


def test_noise_signals_as_often_as_the_rules_do_when_they_are_read_plainly():
    """
    300 charts of pure noise: each signal is the one that a second, plain reading of the rules gives.

    About 1 chart in 6 has one, and never more than 1 in 4 (four standard errors of 300).
    """
    rng = np.random.default_rng(4)
    found = 0
    for _ in range(300):
        values = rng.normal(10, 2, 36)
        plain = plain_signal(values.tolist(), 24)
        made = before_after(values, WEEKS, CHANGE)
        assert made.signal_at == (None if plain is None else WEEKS[plain])
        found += made.signal_at is not None
    assert found / 300 == pytest.approx(1 / 6, abs=4 * math.sqrt(1 / 6 * 5 / 6 / 300))


def test_without_a_signal_it_is_not_said_to_have_worked():
    """By head: after the change the points go on as before, with a mean a little lower."""
    made = before_after([*STEADY, *[8.5, 11.0] * 6], WEEKS, CHANGE, improvement="down")
    assert (made.signal_at, made.improved, made.both_ways) == (None, None, False)
    assert made.sentence("hours") == (
        "The average was 10 hours before the change and 9.75 hours after it. "
        "The points after it stay within the usual variation, so we cannot say that it worked."
    )


def test_a_fall_that_began_before_the_change_is_not_credited_to_it():
    """
    Six weeks before the change and one after it are below the mean: a shift of 7, but of the old kind.

    On a chart over all weeks that point is part of a signal; from the change on there is none.
    """
    values = [*[9.0, 11.0] * 9, 9.5, 9.4, 9.5, 9.4, 9.5, 9.4, 9.0, *[11.0, 9.0] * 5, 11.0]
    made = before_after(values, WEEKS, CHANGE)
    assert made.held.points["signal"][24] == "shift"
    assert made.signal_at is None


def test_a_shift_after_the_change_is_dated_from_its_first_week():
    """By head: from the second week on 7 points are a little above the mean, all inside the limits."""
    made = before_after(
        [*STEADY, 9.0, *[10.5, 11.5] * 3, 10.5, 9.0, 11.0, 9.0, 11.0], WEEKS, CHANGE, improvement="down"
    )
    assert made.signal_at == WEEKS[25]
    assert made.improved is False


def test_points_that_go_both_ways_are_said_to():
    """By head: the first week is far above the limits, the last far below."""
    made = before_after([*STEADY, 30.0, *[9.0, 11.0] * 5, -10.0], WEEKS, CHANGE, improvement="down")
    assert (made.signal_at, made.improved, made.both_ways) == (CHANGE, False, True)
    assert "Later points show the contrary too: keep looking." in made.sentence()


def test_the_charts_draw_their_limits_afresh_and_keep_those_from_before():
    """Against the two charts drawn apart."""
    values = step_down(5.5)
    made = before_after(values, WEEKS, CHANGE)
    old, new = xmr(values[:24]), xmr(values[24:])
    assert made.held.points["mean"].unique() == pytest.approx([old.mean])
    assert made.held.points["lpl"].unique() == pytest.approx([old.lpl])
    assert made.chart.points["mean"].unique() == pytest.approx([old.mean, new.mean])
    assert (made.before, made.after) == (pytest.approx(old.mean), pytest.approx(new.mean))


def test_the_preset_decides_whether_large_jumps_widen_the_limits():
    """One week of 40 before the change: screened out, the limits are narrow enough to see a step of 8."""
    values = [*STEADY[:12], 40.0, *STEADY[13:], *[2.0, 2.5] * 6]
    inside, outside = (before_after(values, WEEKS, CHANGE, preset=preset).held for preset in ("mdc", "nhsr"))
    assert inside.points["signal"][24] != "outside"
    assert outside.points["signal"][24] == "outside"


# What is told.


def test_what_worked_is_told_with_its_date_and_what_it_does_not_prove():
    made = before_after([*STEADY, *[1.0, 3.0] * 6], WEEKS, CHANGE, improvement="down")
    assert made.sentence("hours") == (
        "The average was 10 hours before the change and 2 hours after it. "
        "From 23 June 2025 the rules of the chart mark an improvement.\n\n"
        "Chance alone gives some mark, up or down, on about 1 chart in 6. "
        "It came with the change; what else changed then?"
    )
    worse = before_after([*STEADY, *[1.0, 3.0] * 6], WEEKS, CHANGE, improvement="up")
    assert "a change for the worse" in worse.sentence()


def test_large_numbers_are_told_with_commas():
    made = before_after([1000 * value for value in [*STEADY, *STEADY[:12]]], WEEKS, CHANGE)
    assert made.sentence().startswith("The average was 10,000 before the change")


@pytest.mark.parametrize(("way", "values"), [("higher", [0.8, 0.82] * 6), ("lower", [0.4, 0.42] * 6)])
def test_without_a_direction_nothing_is_called_better_or_worse(way, values):
    """A rise from 60% to 80% of people seen within 4 hours is no change for the worse."""
    made = before_after([*[0.59, 0.61] * 12, *values], WEEKS, CHANGE)
    assert (made.improved, made.higher, made.improvement) == (None, way == "higher", None)
    assert f"the rules of the chart mark {way} values.\n\nChance" in made.sentence()
    still = before_after([*[0.59, 0.61] * 18], WEEKS, CHANGE)
    assert still.higher is None
    assert still.sentence().endswith("stay within the usual variation, so we cannot say that anything changed.")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.12, 0.09, "0.12 before the change and 0.09 after it"),
        (1234.0, 1231.0, "1,234 before the change and 1,231 after it"),
        (30.583, 8.417, "30.6 before the change and 8.42 after it"),
        (10.0, 10.0, "10 before the change and 10 after it"),
    ],
)
def test_means_are_told_to_three_figures_or_as_many_as_tell_them_apart(before, after, told):
    sway = np.tile([-0.01, 0.01], 12) * before
    made = before_after([*(before + sway), *(after + sway[:12])], WEEKS, CHANGE)
    assert made.sentence().startswith(f"The average was {told}. ")


@pytest.mark.parametrize(("points", "charts"), [(2, 2000), (12, 600), (52, 150), (300, 60)])
def test_how_often_chance_gives_a_mark_is_that_of_the_rules_read_plainly(points, charts):
    """Charts of chance, read a second way: four standard errors of both shares."""
    days = pd.date_range("2024-01-01", periods=24 + points, freq="D")
    rng = np.random.default_rng(points)
    marked = np.mean([plain_signal(rng.normal(10, 2, 24 + points).tolist(), 24) is not None for _ in range(charts)])
    share = before_after(rng.normal(10, 2, 24 + points), days, days[24]).by_chance
    error = math.sqrt(share * (1 - share) * (1 / charts + 1 / 10_000))
    assert share == pytest.approx(marked, abs=4 * error)


@pytest.mark.parametrize(
    ("points", "told"), [(2, "about 1 chart in"), (52, "about 6 charts in 10"), (300, "nearly every chart")]
)
def test_the_longer_one_looks_the_oftener_chance_gives_a_mark(points, told):
    days = pd.date_range("2024-01-01", periods=24 + points, freq="D")
    made = before_after([*STEADY, *[1.0, 3.0] * (points // 2)], days, days[24])
    assert f"Chance alone gives some mark, up or down, on {told}" in made.sentence()


def test_how_often_chance_gives_a_mark_costs_no_time():
    """In processor time, the first time that these numbers of points are asked; measured 0.03 seconds."""
    start = time.process_time()
    before_after(step_down(1, before=25, after=11), WEEKS, WEEKS[25])
    assert time.process_time() - start < 0.5


# Dates.


def test_the_order_of_the_rows_does_not_matter():
    values = step_down(5.5)
    order = np.random.default_rng(2).permutation(36)
    made = before_after(values[order], WEEKS[order], CHANGE)
    assert (made.before, made.after) == (pytest.approx(values[:24].mean()), pytest.approx(values[24:].mean()))
    assert made.signal_at == CHANGE


@pytest.mark.parametrize(
    "change",
    [
        "2025-06-23",
        dt.date(2025, 6, 23),
        dt.datetime(2025, 6, 23, tzinfo=dt.UTC),
        np.datetime64("2025-06-23"),
        pd.Timestamp("2025-06-23", tz="Europe/London"),
    ],
)
def test_the_date_of_the_change_can_be_written_in_any_clear_form(change):
    made = before_after(step_down(5.5), [f"{week:%Y-%m-%d}" for week in WEEKS], change)
    assert made.change == pd.Timestamp("2025-06-23")
    assert made.signal_at == CHANGE


def test_a_change_in_the_middle_of_a_week_begins_with_the_next_point():
    made = before_after(step_down(5.5), WEEKS, "2025-06-18")
    assert made.held.points["x"][24] == made.signal_at == CHANGE


@pytest.mark.parametrize("change", ["23/06/2025", "midsummer", 3.5j, None])
def test_a_date_that_could_be_read_in_two_ways_is_refused(change):
    assert "year first" in said(lambda: before_after(STEADY, WEEKS[:24], change))


# What is refused.


@pytest.mark.parametrize(("before", "after"), [(11, 25), (35, 1), (36, 0), (0, 36)])
def test_too_few_points_are_refused_with_their_numbers(before, after):
    change = WEEKS[before] if before < 36 else "2026-01-01"
    assert said(lambda: before_after(step_down(1), WEEKS, change)) == (
        f"There are {before} points before the change and {after} from it on; "
        "at least 12 before and 2 after are needed."
    )


def test_twelve_points_before_and_two_after_are_enough():
    assert before_after([*STEADY[:12], 1.0, 2.0], WEEKS[:14], WEEKS[12], improvement="down").improved is True


def test_a_missing_value_or_an_unknown_direction_is_refused():
    assert "at position 3" in said(lambda: before_after([1, 2, 3, math.nan, *range(32)], WEEKS, CHANGE))
    assert "Each value needs its date" in said(lambda: before_after(STEADY, WEEKS, CHANGE))
    assert 'there are "up", "down"' in said(lambda: before_after(step_down(1), WEEKS, CHANGE, improvement="less"))
    assert 'there are "mdc", "nhsr"' in said(lambda: before_after(step_down(1), WEEKS, CHANGE, preset="nhs"))


def test_values_without_dates_or_beyond_all_measure_are_refused():
    assert said(lambda: before_after(step_down(1), None, CHANGE)) == (
        "Each value needs its date, so that it falls before or after the change; none came."
    )
    assert said(lambda: before_after(1e50 * step_down(1), WEEKS, CHANGE)) == (
        "Values must stay below 1,000,000,000,000,000. Check the numbers, or use a larger unit."
    )
