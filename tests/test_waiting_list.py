"""Are the waiting-list sums those of their sources, in their units, and do lists settle where they say?"""

import dataclasses
import datetime as dt
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from refusals import said
from scipy import integrate, stats

from flowlib import Arrivals, Exponential, Pathway, Step, days, hours, simulate, weeks
from flowlib.diagnose.queueing import mmc
from flowlib.diagnose.waiting_list import (
    PRIORITIES,
    STANDARDS,
    capacity_to_hold,
    factor_for,
    load,
    pressure,
    relief_capacity,
    share_over,
    standards_table,
    steady_state,
    target_capacity,
    target_list_size,
    target_mean_wait,
    weeks_until,
)
from flowlib.diagnose.waiting_list.units import whole_weeks

steady = settings(deadline=None, derandomize=True)
numbers = st.floats(0.1, 500)
HOURS_A_WEEK = 168


def test_the_ear_nose_and_throat_list_has_its_published_figures():
    """Oracle: Fong et al. 2022 (demand 30, capacity 27, list 1,200, 52 weeks, 26 weeks to recover), to 2 places."""
    assert round(load(30, 27), 2) == 1.11
    assert target_mean_wait(52) == 13
    assert target_list_size(30, 52) == 390
    assert round(1_200 / target_list_size(30, 52), 1) == 3.1
    assert round(relief_capacity(30, 1_200, 390, 26), 2) == 61.15
    assert round(pressure(63, 52), 2) == 2.42


def test_the_urgent_list_has_five_times_the_pressure():
    """Oracle: the walk-through of NHSRwaitinglist: 24 weeks against 4, beside 63 against 52."""
    assert pressure(24, 4) == 12
    assert pressure(24, 4) / pressure(63, 52) == pytest.approx(5, abs=0.1)


def test_target_capacity_has_the_published_figures_in_both_forms():
    """Oracles: the examples of NHSRwaitinglist for 4 a week, and its earlier one for F = 3; 6.58 by hand."""
    assert round(target_capacity(4, 52), 3) == 4.077
    assert target_capacity(30, 52, form="fong", variability=3) == pytest.approx(30.5, rel=1e-12)
    assert target_capacity(30, 52, form="fong") == pytest.approx(30 + 10 / 52, rel=1e-12)
    assert target_capacity(30, 52, form="fong", variability=6.58) == pytest.approx(30 + 54.64 / 52, rel=1e-12)


def test_target_capacity_by_hand_with_spreads_and_another_factor():
    """By hand: 10 + ((0.25 + 2.25) / 2) x 6 / 5 = 11.5."""
    assert target_capacity(10, 5, 6, cv_demand=0.5, cv_capacity=1.5) == pytest.approx(11.5, rel=1e-12)


@steady
@given(demand=numbers, target=st.floats(0.1, 200), factor=st.floats(0.5, 10))
def test_target_capacity_puts_a_queue_of_pure_chance_exactly_on_target(demand, target, factor):
    """Oracle: M/M/1: its mean time in the system is the target mean wait, its number in it the target list."""
    queue = mmc(demand, target_capacity(demand, target, factor))
    gap = target_capacity(demand, target, factor) - demand
    rounding = 1e-13 * demand / gap  # the gap is a difference of two near numbers
    assert queue.mean_time_in_system == pytest.approx(target_mean_wait(target, factor), rel=1e-9 + 8 * rounding)
    assert queue.mean_in_system == pytest.approx(target_list_size(demand, target, factor), rel=1e-9 + 8 * rounding)


def test_a_simulated_list_at_target_capacity_keeps_the_target():
    """Oracle: the fast engine. 4 a week, target 4 weeks: mean wait 1 week, list 4, and exp(-4) wait over 4 weeks."""
    able = target_capacity(4, 4)
    one = Pathway(
        "List",
        [Step("clinic", 1, Exponential(hours(HOURS_A_WEEK / able)))],
        [Arrivals("clinic", per_hour=4 / HOURS_A_WEEK)],
    )
    runs = 30
    frame = simulate(one, days=7 * 600, warm_up_days=7 * 100, seed=5, runs=runs).in_hours
    done = frame[frame["outcome"] == "completed"]
    waits = ((done["left"] - done["arrived"]) / HOURS_A_WEEK).groupby(done["run"])
    means, over = waits.mean(), waits.agg(lambda wait: float((wait > 4).mean()))
    error, over_error = means.std() / math.sqrt(runs), over.std() / math.sqrt(runs)
    assert over_error < 0.004  # sharp enough to tell 1.8% from 3.5%
    assert means.mean() == pytest.approx(target_mean_wait(4), abs=4 * error)
    assert over.mean() == pytest.approx(share_over(target_mean_wait(4), 4), abs=4 * over_error)


def test_factors_leave_the_shares_that_the_source_names():
    """Oracle: Fong et al., fact 4: 1.8% over for a quarter of the target, 0.2% for a sixth."""
    assert round(share_over(target_mean_wait(52), 52), 3) == 0.018
    assert round(share_over(target_mean_wait(52, 6), 52), 3) == 0.002


@steady
@given(mean=numbers, share=st.floats(0.001, 0.999))
def test_the_factor_is_the_exponential_quantile_in_mean_waits(mean, share):
    """Oracle: scipy's exponential distribution."""
    limit = stats.expon(scale=mean).ppf(share)
    assert factor_for(share) == pytest.approx(limit / mean, rel=1e-12)
    assert share_over(mean, limit) == pytest.approx(1 - share, rel=1e-9)


def test_waits_so_far_on_a_steady_list_meet_the_standard_just_as_finished_waits_do():
    """Oracle: the spread of waits so far, the integral of the chance of waiting longer over the mean wait."""
    one = STANDARDS["18 weeks"]
    wait = one.mean_wait_weeks
    within = integrate.quad(lambda time: math.exp(-time / wait) / wait, 0, 18, epsabs=1e-12)[0]
    assert within == pytest.approx(one.share_within, rel=1e-9)


def test_each_standard_has_the_limit_share_and_list_worked_out_by_hand():
    """By hand, with natural logarithms from a table: ln 0.08 = -2.525729, ln 0.25, ln 0.15, ln 0.05."""
    table = standards_table(100).set_index("standard")
    limits = {"18 weeks": 18, "28 days": 4, "62 days": 62 / 7, "4 hours": 4 / 168}
    logs = {"18 weeks": 2.525729, "28 days": 1.386294, "62 days": 1.897120, "4 hours": 2.995732}
    shares = {"18 weeks": 0.92, "28 days": 0.75, "62 days": 0.85, "4 hours": 0.95}
    assert table["limit_weeks"].to_dict() == pytest.approx(limits, rel=1e-12)
    assert table["share_within"].to_dict() == shares
    assert table["factor"].to_dict() == pytest.approx(logs, abs=1e-6)
    assert table["list_size"].to_dict() == pytest.approx({k: 100 * limits[k] / logs[k] for k in limits}, rel=1e-6)
    assert table["source"].str.len().min() > 20


def test_priorities_are_those_of_the_source():
    """Oracle: NHSRwaitinglist: 7, 28, 84 and 365 days."""
    assert {name: float(limit) / 24 for name, limit in PRIORITIES.items()} == {"P1": 7, "P2": 28, "P3": 84, "P4": 365}
    assert target_mean_wait(PRIORITIES["P2"]) == 1


def test_tables_of_standards_and_priorities_cannot_be_changed():
    with pytest.raises(TypeError):
        STANDARDS["18 weeks"] = None
    with pytest.raises(TypeError):
        PRIORITIES["P1"] = days(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        STANDARDS["18 weeks"].share_within = 0.5


def test_a_standard_says_its_mean_wait_in_the_unit_that_fits():
    assert STANDARDS["18 weeks"].sentence(100) == (
        "18 weeks: 92 in 100 are to wait no longer than that."
        " The mean wait must then be at most 7.127 weeks, a list of about 712.7."
    )
    assert STANDARDS["4 hours"].sentence(2_170).startswith("4 hours: 95 in 100 are to wait no longer than that. ")
    assert "at most 1.335 hours, a list of about 17.2." in STANDARDS["4 hours"].sentence(2_170)


# Units.


@steady
@given(wait=st.floats(0, 300), target=st.floats(0.1, 300))
def test_lengths_of_time_give_the_same_answers_as_weeks(wait, target):
    """A law: days(7 x n) is n weeks, in every sum."""
    assert pressure(days(7 * wait), weeks(target)) == pytest.approx(pressure(wait, target), rel=1e-12)
    assert target_list_size(30, days(7 * target)) == pytest.approx(target_list_size(30, target), rel=1e-12)
    assert target_capacity(30, hours(168 * target)) == pytest.approx(target_capacity(30, target), rel=1e-12)
    assert relief_capacity(30, 900, 100, days(7 * target)) == pytest.approx(
        relief_capacity(30, 900, 100, target), rel=1e-12
    )


def test_a_mean_wait_in_days_beside_a_target_in_weeks_is_refused():
    assert said(lambda: pressure(days(63), 52)) == (
        "The mean wait is a length of time (63 days) but the target is a plain number (52)."
        " Give both as numbers of weeks, or both as lengths such as weeks(52)."
    )
    assert said(lambda: share_over(9, hours(4))) == (
        "The mean wait is a plain number (9) but the target is a length of time (4 hours)."
        " Give both as numbers of weeks, or both as lengths such as weeks(9)."
    )


def test_a_length_of_time_is_refused_where_people_are_wanted():
    assert said(lambda: load(days(30), 27)) == (
        "The demand must be a plain number of people a week; a length of time came (30 days)."
    )
    assert said(lambda: relief_capacity(30, weeks(2), 390, 26)) == (
        "The list size must be a plain number of people; a length of time came (14 days)."
    )


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: load(30, 0), "The capacity must be above 0 people a week; 0 came."),
        (lambda: load(-1, 5), "The demand must be 0 people a week or more; -1 came."),
        (lambda: load("many", 5), "The demand must be a number; 'many' came."),
        (lambda: target_mean_wait(0), "The target must be above 0 weeks; 0 came."),
        (lambda: target_mean_wait(52, 0), "The factor must be above 0; 0 came."),
        (lambda: pressure(-3, 4), "The mean wait must be 0 weeks or more; -3 came."),
        (lambda: pressure(3, 0), "The target must be above 0 weeks; 0 came."),
        (lambda: share_over(0, 4), "The mean wait must be above 0 weeks; 0 came."),
        (lambda: relief_capacity(30, 1_200, 390, 0), "The number of weeks must be above 0 weeks; 0 came."),
        (
            lambda: relief_capacity(30, 780, 390, 26),
            (
                "Relief capacity is for a list over twice its target; 780 people wait and twice the target is 780."
                " Use target_capacity instead."
            ),
        ),
        (
            lambda: target_capacity(30, 52, form="kingman"),
            'No form called "kingman"; there are "nhsr", "fong".',
        ),
        (
            lambda: target_capacity(30, 52, 6, form="fong"),
            'The form "fong" does not use factor; 6 came. Leave factor out, or choose the other form.',
        ),
        (
            lambda: target_capacity(30, 52, variability=3),
            'The form "nhsr" does not use variability; 3 came. Leave variability out, or choose the other form.',
        ),
        (lambda: target_capacity(30, 52, cv_demand=-1), "cv_demand must be 0 or more; -1 came."),
        (lambda: factor_for(1), "The share within the limit must be above 0 and below 1; 1 came."),
        (
            lambda: factor_for(92),
            "The share within the limit must be from 0 to 1; 92 came. Half is 0.5, not 50.",
        ),
        (lambda: standards_table(100, {}), "There are no standards to show. Give at least one."),
        (
            lambda: whole_weeks("The number of weeks", days(10)),
            "The number of weeks must be whole, 1 or more; 10 days came. Give a number such as 26, or weeks(26).",
        ),
        (
            lambda: weeks_until("2026-04-06", "2026-04-12"),
            "From 2026-04-06 to 2026-04-12 is less than a week. Choose a later date to clear by.",
        ),
        (
            lambda: weeks_until("06/04/2026", "2026-10-05"),
            "The start must be a date, year first, such as \"2026-10-05\"; '06/04/2026' came.",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_repair(make, sentence):
    assert said(make) == sentence


def test_weeks_until_counts_whole_weeks_from_text_and_dates():
    """By hand: 6 April to 5 October 2026 is 182 days; a day less is 25 weeks and 6 days."""
    assert weeks_until("2026-04-06", dt.date(2026, 10, 5)) == 26
    assert weeks_until(dt.datetime(2026, 4, 6, 9, tzinfo=dt.UTC), "2026-10-04") == 25


# Where a list settles.


def brute_force(demand, capacity, removal_share, start, weeks_):
    """Oracle: week after week, by itself."""
    size = start
    for _ in range(weeks_):
        size -= removal_share * size
        size = max(size + demand - capacity, 0.0)
    return size


@steady
@given(demand=st.floats(0, 100), capacity=st.floats(0, 100), share=st.floats(0.02, 1), start=st.floats(0, 5_000))
def test_the_list_settles_where_a_week_by_week_walk_ends(demand, capacity, share, start):
    """Oracle: 2,000 weeks one after the other, from any start; (1 - 0.02) ** 2,000 is below 1e-17."""
    found = steady_state(demand, capacity, removal_share=share)
    assert brute_force(demand, capacity, share, start, 2_000) == pytest.approx(found.list_size, rel=1e-9, abs=1e-9)
    assert found.treated_a_week + found.removed_a_week == pytest.approx(demand, abs=1e-9)
    assert found.treated_a_week + found.idle_a_week == pytest.approx(capacity, abs=1e-9)
    assert found.removed_a_week == pytest.approx(share * found.list_size, abs=1e-9)


def test_half_of_the_way_is_gone_after_the_weeks_to_halve():
    """Oracle: the walk. A share of 1 - 0.5 ** (1 / 20) halves the gap in exactly 20 weeks."""
    share = 1 - 0.5 ** (1 / 20)
    found = steady_state(30, 27, removal_share=share)
    assert found.weeks_to_halve == pytest.approx(20, rel=1e-12)
    assert brute_force(30, 27, share, 1_000, 20) == pytest.approx((1_000 + found.list_size) / 2, rel=1e-12)


def test_people_followed_one_by_one_make_the_list_and_the_wait_that_are_said():
    """
    Oracle: a first-come list of single people. Each leaves with chance 1 in 100 a week; 30 join, 27 are treated.

    The list swings with variance L (1 - r) / (2 - r), and forgets over about 2 / r weeks,
    which gives the standard error of its mean.
    """
    share, settled, counted = 0.01, 300.0, 40_000
    rng = np.random.default_rng(11)
    joined = np.zeros(300, dtype=int)
    sizes, waits, left = 0, 0, 0
    for week in range(1_000 + counted):
        stays = rng.random(joined.size) >= share
        gone = joined[~stays]
        queue = np.append(joined[stays], np.full(30, week))
        treated, joined = queue[:27], queue[27:]
        if week >= 1_000:
            sizes += joined.size
            waits += int((week - gone).sum() + (week - treated).sum())
            left += gone.size + treated.size
    found = steady_state(30, 27, removal_share=share)
    error = math.sqrt(settled * (1 - share) / (2 - share)) * math.sqrt(2 / share / counted)
    assert found.list_size == settled
    assert sizes / counted == pytest.approx(settled, abs=4 * error)
    assert waits / left == pytest.approx(found.mean_wait_weeks, abs=4 * error / 30)


def test_without_removals_a_list_grows_stays_or_empties():
    growing, staying, emptying = steady_state(30, 27), steady_state(30, 30), steady_state(27, 30)
    assert (growing.list_size, growing.treated_a_week, growing.mean_wait_weeks) == (math.inf, 27, math.inf)
    assert (staying.list_size, staying.mean_wait_weeks, staying.weeks_to_halve) == (None, None, math.inf)
    assert (emptying.list_size, emptying.idle_a_week, emptying.mean_wait_weeks) == (0, 3, 0)


def test_a_settled_list_says_so_in_words():
    assert steady_state(30, 27, removal_share=0.01).sentence() == (
        "The list settles at about 300 people. Each week 3 more join than are treated, and 1 in 100 leave untreated."
    )
    assert steady_state(30, 27).sentence() == (
        "The list grows by 3 people a week for ever. Add capacity, or find why so many join."
    )
    assert steady_state(30, 30).sentence() == (
        "As many people are treated as join, so the list stays as long as it is."
    )
    assert steady_state(27, 30).sentence() == (
        "Capacity is enough, so on average the list empties. About 3 places a week stand idle."
        " Chance will still make short queues."
    )


@steady
@given(demand=st.floats(1, 100), share=st.floats(0.01, 1), part=st.floats(0, 1))
def test_the_capacity_that_holds_a_list_settles_at_that_list(demand, share, part):
    """A law: holding and settling undo each other."""
    size = part * demand / share * (1 - 1e-12)
    able = capacity_to_hold(demand, size, removal_share=share)
    assert steady_state(demand, able, removal_share=share).list_size == pytest.approx(size, abs=1e-9 * demand / share)


def test_a_list_that_falls_by_itself_cannot_be_held():
    assert capacity_to_hold(30, 5_000) == 30
    assert said(lambda: capacity_to_hold(30, 5_000, removal_share=0.01)) == (
        "A list of 5,000 cannot be held: 50 leave a week untreated and 30 join."
        " With nobody treated it settles at 3,000."
    )
