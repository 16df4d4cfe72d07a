"""Does a simulated redesign say when the team's own chart would show it?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import Arrivals, Constant, Exponential, Pathway, Step, days, hours, simulate
from flowlib.change.effect.before_after import before_after
from flowlib.change.effect.simulated import Weekly, each_week, wait_ended, weeks_to_see_redesign
from flowlib.core import data
from flowlib.redesign.experiment import run
from flowlib.redesign.levers import change_arrivals, change_time
from flowlib.redesign.measures import mean_wait
from flowlib.redesign.places import mean_there, occupancy
from flowlib.redesign.wexmoor_measures import measures
from flowlib.simulation.simulate import one_run

# 30 places and people who stay 2 days on average, 12 a day: 24 there, seldom a wait, forgotten within a week.
WARD = Pathway("Ward", [Step("bed", 30, Exponential(days(2)))], [Arrivals("bed", per_hour=0.5)])
THERE = mean_there("bed")
ASKED = {"weeks_before": 24, "warm_up_weeks": 2, "longest": 12, "runs": 25}


def busy_log(weeks=6):
    """Some weeks of a queue for two places, after a warm-up."""
    queue = Pathway("Clinic", [Step("nurse", 2, Exponential(hours(6)))], [Arrivals("nurse", per_hour=0.28)])
    return simulate(queue, days=7 * weeks, warm_up_days=14, seed=3)


# A number a week.


def test_the_weekly_mean_of_people_there_is_that_of_their_stays_added_up():
    """By plain sums: how long each visit lies in each week, over 168 hours."""
    log = busy_log()
    rows = log.in_hours
    left = rows["left"].fillna(math.inf)
    plain = [
        (np.minimum(left, 168 * (week + 1)) - np.maximum(rows["arrived"], 168 * week)).clip(lower=0).sum() / 168
        for week in range(6)
    ]
    assert each_week(mean_there("nurse")).of(log).tolist() == pytest.approx(plain)


def test_an_hour_of_a_day_is_that_hour_alone():
    """Clock zero is a Monday, so Wednesday 8am is 56 hours into each week."""
    log = busy_log()
    rows = log.in_hours
    left = rows["left"].fillna(math.inf)
    plain = [
        (np.minimum(left, 168 * week + 57) - np.maximum(rows["arrived"], 168 * week + 56)).clip(lower=0).sum()
        for week in range(6)
    ]
    weekly = each_week(mean_there("nurse"), day="Wed", hour=8)
    assert weekly.of(log).tolist() == pytest.approx(plain)
    assert weekly.name == "people at nurse at once, Wed 8:00"


def test_whole_weeks_of_a_place_average_to_the_measure_of_the_whole_log():
    """A law, for a measure of places of the whole of Wexmoor; every one of its measures has a number each week."""
    log = simulate(data.pathway("wexmoor"), days=21, warm_up_days=28, seed=1)
    for measure in measures():
        found = each_week(measure).of(log)
        assert np.isfinite(found).all()
        if measure.unit in {"beds", "operations"}:
            assert found.mean() == pytest.approx(measure.of(log))


@pytest.mark.parametrize("until", ["started", "left"])
def test_a_wait_counts_in_the_week_in_which_it_ended(until):
    """By pandas: waits grouped by the week of their end, those begun in the warm-up too."""
    log = busy_log()
    rows = log.in_hours
    ended = rows[(rows[until] >= 0) & rows[until].notna()]
    plain = (ended[until] - ended["arrived"]).groupby(ended[until] // 168).mean()
    weekly = wait_ended("nurse", until=until, unit="hours")
    assert weekly.of(log).tolist() == pytest.approx(plain.tolist())
    assert (weekly.unit, weekly.better) == ("hours", "down")


def test_waits_of_those_who_joined_in_a_week_are_counted_to_their_end():
    log = busy_log()
    rows = log.in_hours
    joined = rows[rows["arrived"] >= 0]
    plain = (joined["started"] - joined["arrived"]).groupby(joined["arrived"] // 168).mean()
    assert each_week(mean_wait("nurse")).of(log).tolist() == pytest.approx(plain.tolist())


# The change works its way in.


def test_people_keep_the_stays_that_they_have():
    """
    By head: one person comes each hour and stays four weeks, and then two.

    For two weeks nothing changes. Then the last of the old leave one an hour while the new
    leave too: 672 people fall to 336 between the second week and the fourth.
    """
    times = [float(hour) for hour in range(168 * 16)]
    stays = Pathway("Home", [Step("place", None, Constant(days(28)))], [Arrivals("place", times=times)])
    shorter = change_time(stays, "place", 0.5)
    log = simulate(stays, days=7 * 10, warm_up_days=7 * 6, then={14: shorter})
    assert each_week(mean_there("place")).of(log).tolist() == pytest.approx(
        [672, 672, 672, 672, 588, 420, 336, 336, 336, 336], abs=0.51
    )


def test_the_end_of_the_change_is_what_an_experiment_gives():
    """People there long after the change, against `experiment.run` of the new place with other luck: four errors."""
    then = change_time(WARD, "bed", 0.7)
    found = weeks_to_see_redesign(WARD, then, THERE, **ASKED)
    ordinary = run(then, [THERE], days=84, warm_up_days=28, runs=25, seed=9).by_run[THERE.name]
    end = found.by_week["mean_with"].iloc[3:]
    error = math.hypot(ordinary.std() / math.sqrt(25), end.std() / math.sqrt(len(end)))
    assert end.mean() == pytest.approx(ordinary.mean(), abs=4 * error)
    assert found.by_week["mean_without"].mean() == pytest.approx(24, abs=0.5)  # Little: 12 a day for 2 days


def test_the_first_week_after_the_change_is_between_the_two():
    """Stays fall from 2 days to 0.6: in the first week some of the old are still there."""
    table = weeks_to_see_redesign(WARD, change_time(WARD, "bed", 0.3), THERE, **ASKED).by_week
    assert table["mean_without"][0] > table["mean_with"][0] > 1.2 * table["mean_with"][5]


# When it shows.


def test_no_change_shows_exactly_as_often_as_chance_does():
    """The same people with the same luck in both futures."""
    table = weeks_to_see_redesign(WARD, WARD, THERE, **ASKED).by_week
    assert table["seen_real"].tolist() == table["seen_by_chance"].tolist()
    assert table["mean_with"].tolist() == table["mean_without"].tolist()
    assert table["seen_by_chance"].iloc[-1] < 0.5


def test_both_shares_are_those_of_before_after_run_by_run():
    """Brute force: each run simulated and charted by itself."""
    then = change_time(WARD, "bed", 0.9)
    found = weeks_to_see_redesign(WARD, then, THERE, **(ASKED | {"runs": 20, "seed": 5}))
    weeks = pd.date_range("2025-01-06", periods=36, freq="7D")
    seen = {}
    for name, change in (("seen_by_chance", None), ("seen_real", {7 * 24: then})):
        seen[name] = 0
        for number in range(20):
            log = one_run(WARD, days=7 * 36, warm_up_days=14, seed=5, run=number, then=change)
            made = before_after(each_week(THERE).of(log), weeks, weeks[24], improvement="down")
            seen[name] += made.signal_at is not None and bool(made.improved or made.both_ways)
    assert found.by_week[list(seen)].iloc[-1].to_dict() == {name: count / 20 for name, count in seen.items()}
    assert seen["seen_real"] > seen["seen_by_chance"]


@pytest.mark.parametrize("method", ["xmr", "model"])
def test_a_larger_change_shows_sooner(method):
    """Stays of 1.4 days in place of 2, and of 0.8."""
    small, large = (
        weeks_to_see_redesign(WARD, change_time(WARD, "bed", factor), THERE, **ASKED, method=method).weeks
        for factor in (0.7, 0.4)
    )
    assert large < small


def test_the_measure_says_which_way_is_better_unless_you_do():
    """More people come, so more are there: no improvement, unless up is asked for."""
    more = change_arrivals(WARD, 1.2)
    assert weeks_to_see_redesign(WARD, more, THERE, **ASKED).weeks is None
    assert weeks_to_see_redesign(WARD, more, THERE, improvement="up", **ASKED).weeks <= 10


def test_a_measure_of_which_each_week_is_like_the_last_is_told_to_be_taken_with_care():
    """Stays of 20 weeks on average: the baseline wanders, so rules mark nearly every one of them."""
    slow = Pathway("Home", [Step("place", None, Exponential(days(140)))], [Arrivals("place", per_hour=0.1)])
    found = weeks_to_see_redesign(slow, slow, mean_there("place"), **ASKED)
    assert not found.steady
    assert found.sentence(supposing="nothing changes").endswith("so take this with care.")


def test_the_answer_is_told_in_the_words_of_the_redesign():
    found = weeks_to_see_redesign(WARD, change_time(WARD, "bed", 0.7), THERE, **ASKED)
    assert found.sentence(supposing="stays fall to 1.4 days").startswith(
        f"Suppose that stays fall to 1.4 days. You would see it on this chart within {found.weeks} week"
    )


@pytest.mark.long
def test_several_processes_give_the_same_numbers():
    then = change_time(WARD, "bed", 0.8)
    asked = ASKED | {"runs": 20}
    alone, shared = (weeks_to_see_redesign(WARD, then, THERE, **asked, jobs=jobs) for jobs in (1, 2))
    assert alone.by_week.equals(shared.by_week)


# What is refused.

QUIET = Pathway("Quiet", [Step("desk", 1, Exponential(hours(1)))], [Arrivals("desk", per_hour=0.005)])
REFUSED = [
    (
        lambda: weeks_to_see_redesign(QUIET, QUIET, wait_ended("desk"), **ASKED),
        "Choose a measure that every week has, or warm up for longer.",
    ),
    (
        lambda: weeks_to_see_redesign(WARD, WARD, Weekly("two", "", lambda _: np.zeros(2)), **ASKED),
        '"two" must give one number for each of 36 weeks; 2 came.',
    ),
    (
        lambda: weeks_to_see_redesign(WARD, QUIET, THERE, **ASKED),
        'From day 168 the pathway lacks "bed", where people may be. Keep the step, and send nobody there.',
    ),
    (
        lambda: weeks_to_see_redesign(WARD, WARD, THERE, weeks_before=11),
        "weeks_before must be a whole number, 12 or more; 11 came.",
    ),
    (lambda: weeks_to_see_redesign(WARD, WARD, THERE, runs=5), "runs must be a whole number, 20 or more; 5 came."),
    (
        lambda: each_week(THERE).of(simulate(WARD, days=14, runs=2)),
        "A number a week is of one run; this log holds 2. Simulate with runs=1.",
    ),
    (
        lambda: wait_ended("bed").of(simulate(WARD, days=14, runs=2)),
        "A number a week is of one run; this log holds 2. Simulate with runs=1.",
    ),
    (lambda: each_week("beds"), "each_week takes a Measure; str came."),
    (
        lambda: each_week(occupancy("bed", 30), day="Monday"),
        'No day called "Monday"; there are "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun". Did you mean "Mon"?',
    ),
    (lambda: each_week(THERE, day="Mon", hour=24), "hour must be from 0 to 23; 24 came."),
    (lambda: wait_ended("bed", unit="weeks"), 'No unit called "weeks"; there are "minutes", "hours", "days".'),
    (lambda: wait_ended("bed", until="home"), 'No end of a wait called "home"; there are "started", "left".'),
]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_what_cannot_be_answered_is_refused(asked, sentence):
    assert said(asked).endswith(sentence)


def test_a_week_with_nothing_to_measure_is_named():
    assert said(REFUSED[0][0]).startswith('There is nothing to measure for "mean wait for desk" in week ')
