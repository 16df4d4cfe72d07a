"""Does the help with warm-up leave out what a start from empty spoils, and say when it cannot tell?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import Arrivals, Constant, Exponential, Pathway, Step, days, hours, simulate
from flowlib.redesign.experiment import people_by_day, waits_by_day, warm_up_needed
from flowlib.redesign.warm_up import mser


def ward(per_day=1.5, places=None, stay=10):
    return Pathway("Ward", [Step("ward", places, Exponential(days(stay)))], [Arrivals("ward", per_hour=per_day / 24)])


def fading(start, memory, *, length=300, runs=10, seed=1):
    """First-order autoregressive series about 10 that begin *start* away from it and forget by *memory* a day."""
    rng = np.random.default_rng(seed)
    values = np.empty((runs, length))
    now = np.full(runs, float(start))
    for day in range(length):
        values[:, day] = 10 + now
        now = memory * now + rng.normal(0, 1, runs)
    return values


# MSER.


def test_mser_is_the_squared_standard_error_of_what_is_left():
    """The oracle is the definition, in loops, by numpy's variance."""
    values = np.random.default_rng(2).normal(5, 2, 60) + 1e6
    found = mser(values)
    for out in range(56):
        left = values[out:]
        assert found[out] == pytest.approx(left.var() / len(left), rel=1e-6)
    assert np.isnan(found[56:]).all()


def test_the_days_left_out_are_those_of_the_definition_by_brute_force():
    series = fading(-20, 0.9)
    batches = series.mean(axis=0).reshape(-1, 5).mean(axis=1)
    tried = {out: batches[out:].var() / (len(batches) - out) for out in range(len(batches) - 4)}
    found = warm_up_needed(series)
    assert found.days == 5 * min(tried, key=tried.get)
    assert found.by_batch["day"].tolist() == list(range(0, 300, 5))


def test_what_is_left_of_a_start_that_fades_is_small():
    """
    An autoregressive series forgets by 0.9 a day, from 20 below its mean.

    What is left of the start in the mean of the rest is 20 x 0.9^d / (0.1 x days left); its own
    standard error over 10 runs is about 10 / sqrt(10 x days left). The first is the smaller.
    """
    found = warm_up_needed(fading(-20, 0.9))
    left = 300 - found.days
    assert 10 <= found.days <= 100
    assert 20 * 0.9**found.days / (0.1 * left) < 10 / math.sqrt(10 * left)


def test_a_series_that_begins_level_needs_little_warm_up():
    """Unrelated numbers about one mean: in 20 sets of them, half need none, or one batch or two at most."""
    found = [warm_up_needed(np.random.default_rng(seed).normal(5, 1, (10, 200))).days for seed in range(20)]
    assert np.median([math.inf if one is None else one for one in found]) <= 10


def test_a_series_that_still_grows_is_too_short_to_tell():
    rising = np.arange(100.0) ** 2 + np.random.default_rng(3).normal(0, 1, (5, 100))
    found = warm_up_needed(rising)
    assert found.days is None
    assert found.sentence() == "100 days are too short to tell how long a warm-up should be. Simulate for longer."


# Welch.


def test_the_moving_average_is_welchs():
    """The oracle is the definition, day by day: a window that grows from 1 to 2w + 1, and ends w days early."""
    values = np.random.default_rng(4).normal(5, 1, (3, 60))
    mean, found = values.mean(axis=0), warm_up_needed(values, window=4).by_day
    for day in range(56):
        side = min(day, 4)
        assert found["smooth"][day] == pytest.approx(mean[day - side : day + side + 1].mean())
    assert found["smooth"][56:].isna().all()
    assert found["mean"].to_numpy() == pytest.approx(mean)


# Series from a log.


def test_people_by_day_are_the_areas_under_the_census():
    """By hand: one a day at 6am who stays 36 hours is there for 18 hours of the first day, 24 and 6 of the next."""
    pathway = Pathway(
        "Ward", [Step("ward", None, Constant(hours(36)))], [Arrivals("ward", times=[6 + 24 * k for k in range(10)])]
    )
    made = people_by_day(simulate(pathway, days=10, runs=2), "ward")
    assert made.shape == (2, 10)
    assert made.loc[1].tolist() == pytest.approx([0.75, 1.5] + [1.5] * 8)


def test_waits_by_day_are_of_those_who_began_on_it():
    """By hand: three come at once on the first day for an 18-hour place: waits of 0, 18 and 36; nobody on the third."""
    pathway = Pathway("Desk", [Step("desk", 1, Constant(hours(18)))], [Arrivals("desk", times=[1, 1, 1])])
    made = waits_by_day(simulate(pathway, days=3), "desk").loc[0]
    assert made[:2].tolist() == pytest.approx([9, 36])
    assert math.isnan(made[2])


def test_a_ward_that_fills_from_empty_is_left_out_until_it_is_nearly_full():
    """
    M/M/infinity from empty: 15 people times 1 - exp(-t / 10 days).

    At the day found less than a fifth is missing, and not more than half of the series is lost.
    """
    log = simulate(ward(), days=600, runs=20, seed=2)
    series = people_by_day(log, "ward")
    noise = 5 * math.sqrt(15 / 20)  # standard errors of a Poisson mean over 20 runs, for the worst of 600 days
    expected = 15 * (1 - np.exp(-(np.arange(600) + 0.5) / 10))
    assert np.abs(series.mean(axis=0) - expected).max() < noise
    found = warm_up_needed(series)
    assert 10 * math.log(5) <= found.days <= 300
    assert found.sentence().startswith(f"Leave out the first {found.days} days.")


def test_a_queue_near_full_is_said_to_remember_for_hundreds_of_days():
    """M/M/20 at 95% use, stays of 10 days: 3 / (sqrt(2) - sqrt(1.9))^2 is 2,340 days."""
    nearly_full = ward(per_day=1.9, places=20)
    series = people_by_day(simulate(nearly_full, days=120, runs=3, seed=1), "ward")
    (told,) = warm_up_needed(series, pathway=nearly_full).cautions
    memory = round(3 / (math.sqrt(2) - math.sqrt(1.9)) ** 2)
    assert told.startswith(f'In "Ward", "ward" takes about {memory:,} days to forget how it began. The series is 120')
    assert warm_up_needed(series).cautions == ()


# What is refused.


def test_a_series_that_is_too_short_or_has_an_empty_day_is_refused():
    assert "50 days or more; 30 came." in said(lambda: warm_up_needed(np.zeros((3, 30))))
    gap = pd.DataFrame(np.ones((3, 60)))
    gap.loc[0, 7] = math.nan
    assert warm_up_needed(gap).days == 0
    gap[7] = math.nan
    assert "On day 7 no run has anything to measure." in said(lambda: warm_up_needed(gap))
    assert "window must be a whole number" in said(lambda: warm_up_needed(np.ones((3, 60)), window=-1))
