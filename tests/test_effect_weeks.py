"""Does `flowlib.change.effect.weeks` say how long a real change takes to show, and how often chance fools a chart?"""

import math
import time

import numpy as np
import pandas as pd
import pytest
from refusals import said
from scipy import stats

from flowlib.change.effect import serial
from flowlib.change.effect.before_after import before_after
from flowlib.change.effect.weeks import weeks_to_see
from flowlib.change.effect.weeks_seen import TRIED, chance_of_a_fall, first_by_model, first_on_chart
from flowlib.change.effect.weeks_series import habit
from flowlib.core import checks

BASELINE = np.random.default_rng(16).normal(74, 8, 24).round()


def waves(rng, runs, points, alike, *, skew=False):
    """Series around 0 with standard deviation 1, each point like the last by so much."""
    kicks = rng.gamma(2, size=(runs, points + 60)) / math.sqrt(2) if skew else rng.normal(size=(runs, points + 60))
    made = (kicks - math.sqrt(2) * skew) * math.sqrt(1 - alike**2)
    for point in range(1, made.shape[1]):
        made[:, point] += alike * made[:, point - 1]
    return made[:, 60:]


def share_seen(before, later, by):
    """How many charts in all show an improvement by so many weeks, 0 to 1."""
    first = first_on_chart(before, later[:, :by], better=-1)
    return float((first > 0).mean())


# The first week, series by series.


def first_by_hand(values, before, improvement, preset):
    """The first week at whose end `before_after` of all points so far marks an improvement among the later ones."""
    days = pd.date_range("2025-01-06", periods=len(values), freq="7D")
    for week in range(1, len(values) - before + 1):
        upto = before + max(week, 2)  # `before_after` wants two points; in two, only a point's own value counts
        made = before_after(values[:upto], days[:upto], days[before], improvement=improvement, preset=preset)
        if (
            made.signal_at is not None
            and made.signal_at <= days[before + week - 1]
            and (made.improved or made.both_ways)
        ):
            return week
    return 0


@pytest.mark.parametrize(
    ("improvement", "preset", "rows"),
    [("down", "mdc", slice(0, None, 2)), ("up", "mdc", slice(0, None, 3)), ("down", "nhsr", slice(1, None, 3))],
)
def test_each_series_shows_in_the_week_in_which_before_after_first_says_so(improvement, preset, rows):
    """Brute force: `before_after` at the end of every week, on noise, waves, ties and trends, some with a step."""
    rng = np.random.default_rng(5)
    table = np.vstack(
        [
            waves(rng, 5, 34, 0.0),
            waves(rng, 5, 34, 0.7),
            rng.integers(0, 5, size=(4, 34)),
            waves(rng, 2, 34, 0.0) + np.linspace(1, -2, 34),
            waves(rng, 2, 34, 0.3) + np.linspace(-1, 2, 34),
        ]
    )
    table[::2, 14:] += -1.0 if improvement == "down" else 1.0
    better, table = -1 if improvement == "down" else 1, table[rows]
    found = first_on_chart(table[:, :14], table[:, 14:], better=better, preset=preset)
    assert found.tolist() == [first_by_hand(row, 14, improvement, preset) for row in table]
    assert len(set(found.tolist())) > 3


def test_a_shift_is_seen_in_its_seventh_week_and_a_trend_in_its_seventh_point():
    """By head: limits 4.68 and 15.32; first a little below the mean of 10, then six falls inside the limits."""
    usual = np.array([[9.0, 11.0] * 12])
    shift = np.array([[11.0, *[9.5, 9.0] * 5]])
    trend = np.array([[12.4, 12.2, 12.0, 11.5, 11.0, 10.9, 10.5, 11.0]])
    assert first_on_chart(usual, shift, better=-1).tolist() == [8]
    assert first_on_chart(usual, trend, better=-1).tolist() == [7]
    assert first_on_chart(usual, trend, better=1).tolist() == [8]  # a fall hides seven above the mean


def test_the_model_is_that_of_the_interrupted_series_with_two_levels(monkeypatch):
    """The other engine: `serial_fit` of a level and a step, one series and week at a time."""
    monkeypatch.setattr(serial, "GRID", TRIED)
    table = waves(np.random.default_rng(3), 4, 40, 0.5)
    table[:, 20:] -= 1.0
    share = chance_of_a_fall(table[:, :20], table[:, 20:])
    first = first_by_model(table[:, :20], table[:, 20:], better=-1)
    for row, values in enumerate(table):
        weeks = []
        for week in range(4, 21):
            after = np.arange(20 + week) >= 20
            model = np.column_stack([np.ones(20 + week), after])
            fit = serial.serial_fit(values[: 20 + week], model, np.ones(19 + week))
            assert share[row, week - 1] == pytest.approx(fit.below(np.array([0.0, 1.0]), 0.0), abs=1e-7)
            weeks += [week] if fit.estimate(np.array([0.0, 1.0]), 0.95).high < 0 else []
        assert first[row] == (weeks[0] if weeks else 0)
    assert (first > 0).any()


def test_the_correlations_left_out_make_no_difference_to_the_model(monkeypatch):
    """Against all 200 correlations of `serial`: shares differ by less than 1 in 1,000."""
    table = waves(np.random.default_rng(4), 12, 70, 0.4)
    few = chance_of_a_fall(table[:, :30], table[:, 30:])
    monkeypatch.setattr("flowlib.change.effect.weeks_seen.TRIED", serial.GRID)
    assert few[:, 3:] == pytest.approx(chance_of_a_fall(table[:, :30], table[:, 30:])[:, 3:], abs=0.001)


# What the weeks to come look like.


@pytest.mark.parametrize("alike", [0.0, 0.6])
def test_drawn_weeks_keep_the_mean_the_spread_the_skew_and_the_likeness(alike):
    """Against the series itself, 1,000 points long, from 400 draws of 200 points: 4 in 100 of a standard deviation."""
    own = 50 + 6 * waves(np.random.default_rng(6), 1, 1000, alike, skew=True)[0]
    made = habit(own).drawn(np.random.default_rng(7), 400, 200)
    assert made.mean() == pytest.approx(own.mean(), abs=0.04 * own.std() / (1 - alike))
    assert made.std() == pytest.approx(own.std(), rel=0.04)
    assert stats.skew(made.ravel()) == pytest.approx(stats.skew(own), abs=0.15)
    neighbours = np.corrcoef(made[:, 1:].ravel(), made[:, :-1].ravel())[0, 1]
    assert neighbours == pytest.approx(np.corrcoef(own[1:], own[:-1])[0, 1], abs=0.02)


@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_short_series_are_not_taken_to_be_less_alike_than_they_are(alike):
    """
    Kendall's correction: over 1,000 baselines of 24 points the likeness is right on average.

    Its standard deviation is about 0.2, so the mean is within 0.025 by chance and, with
    what the correction leaves (terms of 1/n²), within 0.04. Uncorrected it is 0.04 to
    0.1 too low.
    """
    found = [habit(row).alike for row in waves(np.random.default_rng(9), 1000, 24, alike)]
    assert np.mean(found) == pytest.approx(alike, abs=0.04)


# The promise.


@pytest.mark.parametrize(("alike", "skew"), [(0.0, False), (0.0, True), (0.4, False)])
def test_what_teams_are_promised_is_what_they_get(alike, skew):
    """
    30 teams with 24 weeks of their own: promises, averaged, against 3,000 true series charted.

    A fall of 1.5 standard deviations within 6 weeks, and false alarms within 26. A promise
    varies with the team's baseline; four standard errors of its mean are allowed.
    """
    rng = np.random.default_rng(10)
    truth = waves(rng, 3000, 50, alike, skew=skew)
    real = share_seen(truth[:, :24], truth[:, 24:] - 1.5, 6)
    false = share_seen(truth[:, :24], truth[:, 24:], 26)
    promised = []
    for team in range(30):
        found = weeks_to_see(truth[team, :24], change=-1.5, improvement="down", longest=26, runs=200, seed=team)
        promised.append((found.by_week["seen_real"][5], found.by_week["seen_by_chance"][25]))
    seen, fooled = np.mean(promised, axis=0)
    assert seen == pytest.approx(real, abs=4 * np.std(promised, axis=0)[0] / math.sqrt(30))
    assert fooled == pytest.approx(false, abs=4 * np.std(promised, axis=0)[1] / math.sqrt(30))


def test_false_alarms_are_those_of_charts_made_one_by_one():
    """Brute force: `before_after` on 100 series drawn from the baseline, four standard errors apart at most."""
    found = weeks_to_see(BASELINE, change=-5, improvement="down", longest=12, runs=4000)
    drawn = habit(BASELINE).drawn(np.random.default_rng(11), 100, 36)
    days = pd.date_range("2025-01-06", periods=36, freq="7D")
    marked = 0
    for row in drawn:
        made = before_after(row, days, days[24])
        marked += made.signal_at is not None and bool(made.improved or made.both_ways)
    share = found.by_week["seen_by_chance"].iloc[-1]
    assert marked / 100 == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) * (1 / 100 + 1 / 4000)))


@pytest.mark.parametrize("sigmas", [2.0, 4.0])
def test_the_first_two_weeks_are_those_of_the_normal_tables(sigmas):
    """
    With limits as good as known, a week shows with the chance that a normal value lies beyond 3 sigma.

    In the first two weeks no other rule can: Φ(d - 3), then 1 - (1 - Φ(d - 3))². The
    baseline is 500 normal scores in random order, and so are those drawn from it: limits are within 1 in 25.
    """
    scores = stats.norm.ppf((np.arange(500) + 0.5) / 500)
    own = np.random.default_rng(12).permutation(scores)
    found = weeks_to_see(own, change=-sigmas, improvement="down", longest=2, runs=3000)
    one = stats.norm.cdf(sigmas - 3)
    limits = 0.04 * 3 * stats.norm.pdf(sigmas - 3)  # what limits that are a little off can do
    expected = np.array([one, 1 - (1 - one) ** 2])
    assert found.by_week["seen_real"].tolist() == pytest.approx(expected, abs=4 * math.sqrt(0.25 / 3000) + 2 * limits)


def test_the_model_raises_as_many_false_alarms_at_one_look_as_its_interval_allows():
    """One look, in week 4 alone, at independent noise: 2.5 in 100 on the better side, and no more than 4 in 100."""
    truth = waves(np.random.default_rng(13), 2000, 28, 0.0)
    first = first_by_model(truth[:, :24], truth[:, 24:], better=-1)
    assert (first > 0).mean() < 0.04


# The answer.


def test_the_weeks_are_the_first_at_which_the_chance_is_reached():
    found = weeks_to_see(BASELINE, change=-8, improvement="down", runs=500, chance=0.6)
    table = found.by_week
    assert table["seen_real"][found.weeks - 1] >= 0.6 > table["seen_real"][found.weeks - 2]
    assert table["week"].tolist() == list(range(1, 105))
    assert (table["seen_real"].diff().iloc[1:] >= 0).all()
    assert table["se_real"].tolist() == pytest.approx(np.sqrt(table["seen_real"] * (1 - table["seen_real"]) / 500))
    assert (table["mean_with"] - table["mean_without"]).tolist() == pytest.approx([-8.0] * 104)
    assert (found.method, found.preset, found.chance) == ("xmr", "mdc", 0.6)
    assert (found.baseline_mean, found.change) == (BASELINE.mean(), -8)


@pytest.mark.parametrize("method", ["xmr", "model"])
def test_a_larger_change_shows_sooner_and_a_higher_chance_takes_longer(method):
    asked = {"improvement": "down", "method": method, "runs": 200, "longest": 40}
    small, large = (weeks_to_see(BASELINE, change=size, **asked).weeks for size in (-8, -16))
    surer = weeks_to_see(BASELINE, change=-16, chance=0.95, **asked).weeks
    assert large < small
    assert large < surer


def test_up_is_the_mirror_of_down():
    """A law: the same series upside down, with the same luck."""
    down = weeks_to_see(BASELINE, change=-9, improvement="down", runs=400)
    up = weeks_to_see(-BASELINE, change=9, improvement="up", runs=400)
    assert up.by_week["seen_real"].tolist() == down.by_week["seen_real"].tolist()
    assert up.by_week["seen_by_chance"].tolist() == down.by_week["seen_by_chance"].tolist()


def test_a_percentage_is_a_step_of_the_mean_and_the_same_seed_gives_the_same_answer():
    by_percent = weeks_to_see(BASELINE, percent=-10, improvement="down", runs=200, seed=3)
    by_step = weeks_to_see(BASELINE, change=-BASELINE.mean() / 10, improvement="down", runs=200, seed=3)
    assert by_percent.by_week.equals(by_step.by_week)
    assert not by_percent.by_week.equals(
        weeks_to_see(BASELINE, percent=-10, improvement="down", runs=200, seed=4).by_week
    )


def test_values_of_a_redesign_are_used_as_they_stand():
    """By head: every run stays at the mean for five weeks and then falls to 0, so all are seen in week 6."""
    runs = np.full((100, 10), BASELINE.mean())
    runs[:, 5:] = 0.0
    found = weeks_to_see(BASELINE, after=runs, improvement="down", runs=100)
    assert found.weeks == 6
    assert len(found.by_week) == 10
    assert found.by_week["mean_with"].tolist() == pytest.approx(runs[0])


def test_one_series_of_a_redesign_is_drawn_from_as_the_baseline_is():
    """A series like the baseline, less 16, shows about when a step of -16 does."""
    asked = {"improvement": "down", "runs": 1000}
    series = weeks_to_see(BASELINE, after=BASELINE - 16, **asked)
    step = weeks_to_see(BASELINE, change=-16, **asked)
    assert series.change == pytest.approx(-16, abs=0.2)
    assert abs(series.weeks - step.weeks) <= 1


def test_few_runs_of_a_redesign_are_drawn_again():
    found = weeks_to_see(BASELINE, after=np.full((3, 8), 0.0), improvement="down", runs=100)
    assert (found.weeks, found.runs) == (1, 100)


# What is told.


def test_the_answer_is_told_in_plain_words():
    found = weeks_to_see(BASELINE, change=-14, improvement="down")
    share = round(1 / found.false_alarms)
    assert found.sentence("wait", "hours") == (
        f"Suppose that the mean wait falls from 74 to 60 hours. You would see it on this chart within {found.weeks} "
        f"weeks, four times in five. By then, 1 chart in {share} marks an improvement that is not there."
    )
    assert found.sentence(supposing="stays fall to 23.5 days").startswith("Suppose that stays fall to 23.5 days. You")


def test_a_change_that_does_not_show_is_told_with_its_chance():
    found = weeks_to_see(BASELINE, change=-1, improvement="down", longest=10, every="month", method="model", runs=200)
    assert found.weeks is None
    times = round(100 * found.by_week["seen_real"].iloc[-1])
    assert f"The model would show it within 10 months only {times} times in 100." in found.sentence()


def test_where_chance_shows_as_much_it_is_told_that_a_mark_proves_little():
    """Each week is like the last, and the wait is long: over 1 chart in 3 marks what is not there."""
    wanders = 50 + 5 * waves(np.random.default_rng(15), 1, 60, 0.8)[0]
    found = weeks_to_see(wanders, change=-2, improvement="down", runs=200)
    assert found.false_alarms > 1 / 3
    assert " an improvement that is not there. So by itself it proves little." in found.sentence()
    assert "proves little" not in weeks_to_see(BASELINE, change=-14, improvement="down", runs=200).sentence()


def test_a_baseline_with_signals_is_told_to_be_taken_with_care():
    jump = [*BASELINE, 140.0]
    found = weeks_to_see(jump, change=-14, improvement="down", runs=100)
    assert not found.steady
    assert found.sentence().endswith("The baseline has unusual points already, so take this with care.")


# How long it takes.


@pytest.mark.parametrize(("method", "runs", "seconds"), [("xmr", 2000, 1.0), ("model", 300, 2.0)])
def test_runs_of_two_years_take_little_time(method, runs, seconds):
    """In processor time, so that a busy machine does not decide it; measured 0.3 and 0.6 seconds."""
    own = np.random.default_rng(14).normal(74, 8, 52)
    weeks_to_see(own, change=-14, improvement="down", runs=100, longest=8, method=method)
    start = time.process_time()
    weeks_to_see(own, change=-3, improvement="down", method=method, runs=runs)
    assert time.process_time() - start < seconds


# What is refused.

DOWN = {"improvement": "down"}
REFUSED = [
    ([1, 2, 3], {"change": -1}, "A baseline needs at least 12 points; 3 came. Wait for more, or go further back."),
    (
        [5.0] * 12,
        {"change": -1},
        "The baseline never varies, so any change at all would show at once. Check the numbers.",
    ),
    (
        [*range(12), math.nan],
        {"change": -1},
        (
            "The value at position 12 (counting from 0) must be a number; nan came."
            " Find the missing value, or leave that point and its date out."
        ),
    ),
    (BASELINE, {}, "Say the change in one way: change, percent or after; 0 came."),
    (BASELINE, {"change": -1, "percent": -5}, "Say the change in one way: change, percent or after; 2 came."),
    (BASELINE, {"change": 3}, "An improvement is a fall here, so the change must be below 0; 3 came."),
    (
        BASELINE,
        {"percent": -5, "improvement": "up"},
        f"An improvement is a rise here, so the change must be above 0; {checks.shown(-BASELINE.mean() / 20)} came.",
    ),
    (
        -BASELINE,
        {"percent": -5},
        f"percent needs a baseline with a mean above 0; this one has {checks.shown(-BASELINE.mean())}.",
    ),
    (
        BASELINE,
        {"after": BASELINE + 17},
        (
            f"An improvement is a fall here, but the mean goes from {checks.shown(BASELINE.mean())} to "
            f"{checks.shown(BASELINE.mean() + 17)}. Check improvement, or the values after."
        ),
    ),
    (
        BASELINE,
        {"after": np.full((3, 8), 1.0), "improvement": "up"},
        (
            f"An improvement is a rise here, but the mean goes from {checks.shown(BASELINE.mean())} to 1. "
            "Check improvement, or the values after."
        ),
    ),
    (
        BASELINE,
        {"percent": -150},
        (
            f"The change would take the mean from {checks.shown(BASELINE.mean())} to "
            f"{checks.shown(-BASELINE.mean() / 2)}, and the baseline is never below 0. Ask for a smaller change."
        ),
    ),
    (None, {"change": -1}, "A baseline needs at least 12 numbers; None came."),
    (
        1e50 * BASELINE,
        {"change": -1},
        "Values must stay below 1,000,000,000,000,000. Check the numbers, or use a larger unit.",
    ),
    (BASELINE, {"change": "much"}, "change must be a number; 'much' came."),
    (BASELINE, {"change": -5, "chance": 1}, "chance must be above 0 and below 1; 1 came. 0.8 is usual."),
    (BASELINE, {"change": -5, "longest": 3, "method": "model"}, "longest must be a whole number, 4 or more; 3 came."),
    (BASELINE, {"change": -5, "runs": 99}, "runs must be a whole number, 100 or more; 99 came."),
    (BASELINE, {"change": -5, "runs": 30_000}, "runs can be 20,000 at most; 30,000 came."),
    (BASELINE, {"change": -5, "longest": 1000}, "longest can be 520 at most; 1,000 came."),
    (
        BASELINE,
        {"after": [[1.0, math.nan]]},
        "after must be numbers, none missing: one series, or a table of runs by weeks.",
    ),
    (
        BASELINE,
        {"after": [["few"]]},
        "after must be numbers, none missing: one series, or a table of runs by weeks.",
    ),
    (
        BASELINE,
        {"after": [[1.0, 2.0]], "method": "model"},
        "after must have 4 weeks or more in each run; 2 came.",
    ),
    (BASELINE, {"change": -5, "every": "year"}, 'No unit of time called "year"; there are "day", "week", "month".'),
    (
        BASELINE,
        {"change": -5, "method": "xmr2"},
        'No method called "xmr2"; there are "xmr", "model". Did you mean "xmr"?',
    ),
]


@pytest.mark.parametrize(("baseline", "asked", "sentence"), REFUSED)
def test_what_cannot_be_answered_is_refused(baseline, asked, sentence):
    assert said(lambda: weeks_to_see(baseline, **(DOWN | asked))) == sentence


def test_a_baseline_that_goes_below_zero_may_end_below_it():
    found = weeks_to_see(BASELINE - BASELINE.mean(), change=-30, improvement="down", runs=100)
    assert found.change == -30
