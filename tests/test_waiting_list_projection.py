"""Does a projected list follow its arithmetic and its chance, and does the capacity that clears it clear it?"""

import math

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from refusals import said
from scipy import stats

from flowlib import days
from flowlib import weeks as weeks_long
from flowlib.diagnose.waiting_list import capacity_to_clear, project, relief_capacity, steady_state

steady = settings(deadline=None, derandomize=True)
RUNS = 2_000
sizes = st.floats(0, 3_000)
shares = st.floats(0, 1)


def by_hand(list_size, demand, capacity, share):
    """Oracle: the list and what was idle, week by week, in plain Python."""
    lists, idle = [list_size], []
    for joining, able in zip(demand, capacity, strict=True):
        there = lists[-1] - share * lists[-1] + joining
        done = min(able, there)
        lists.append(there - done)
        idle.append(able - done)
    return lists, idle


@steady
@given(data=st.data(), weeks=st.integers(1, 30), size=sizes, share=shares)
def test_without_chance_the_list_is_the_one_worked_out_week_by_week(data, weeks, size, share):
    """Oracle: a loop of its own, with demand and capacity that differ from week to week."""
    weekly = st.lists(st.floats(0, 200), min_size=weeks, max_size=weeks)
    demand, capacity = data.draw(weekly), data.draw(weekly)
    table = project(demand, capacity, size, weeks=weeks, removal_share=share).table
    lists, idle = by_hand(size, demand, capacity, share)
    for column in ("expected", "lower_95", "upper_95"):
        assert table[column].tolist() == pytest.approx(lists, abs=1e-7)
    assert table["idle"].tolist()[1:] == pytest.approx(idle, abs=1e-7)
    assert table["week"].tolist() == list(range(weeks + 1))
    assert pd.isna(table["treated"].iloc[0])


@steady
@given(
    size=sizes,
    demand=st.floats(0, 100),
    capacity=st.floats(0, 100),
    share=shares,
    kinds=st.tuples(*[st.sampled_from([None, "poisson", 0.2, 1.5])] * 3),
)
def test_everyone_is_accounted_for_and_no_list_is_below_zero(size, demand, capacity, share, kinds):
    """A law: where demand does not vary, start + joined = end + treated + removed, in the mean of all runs."""
    shown = project(
        demand, capacity, size, weeks=6, removal_share=share, runs=20,
        demand_varies=None, capacity_varies=kinds[1], removals_vary=kinds[2],
    )  # fmt: skip
    table = shown.table
    gone = table["treated"].sum() + table["removed"].sum()
    assert size + 6 * demand == pytest.approx(table["expected"].iloc[-1] + gone, rel=1e-9, abs=1e-9)
    varied = project(
        demand, capacity, size, weeks=6, removal_share=share, runs=20,
        demand_varies=kinds[0], capacity_varies=kinds[1], removals_vary=kinds[2],
    )  # fmt: skip
    assert varied._lists.min() >= 0
    assert varied.table["idle"].min() >= 0


@steady
@given(
    size=sizes,
    demand=st.floats(0, 100),
    capacity=st.floats(0, 100),
    more=st.floats(0, 50),
    share=shares,
    kinds=st.tuples(st.sampled_from([None, "poisson", 0.4]), st.sampled_from([None, "poisson", 0.4])),
)
def test_more_capacity_never_makes_the_list_longer_in_any_run(size, demand, capacity, more, share, kinds):
    """A law: the same luck meets both plans, so it holds run by run and week by week."""
    settings_ = {
        "weeks": 8, "removal_share": share, "runs": 30, "seed": 4,
        "demand_varies": kinds[0], "capacity_varies": kinds[1], "removals_vary": 0.3,
    }  # fmt: skip
    fewer = project(demand, capacity, size, **settings_)
    longer = project(demand, capacity + more, size, **settings_)
    assert (longer._lists <= fewer._lists + 1e-9).all()


def test_a_list_in_balance_stays_flat_in_the_mean():
    """A law: demand and capacity of 30, far from empty, each with its own luck, so that their variances add."""
    shown = project(30, 30, 1_000, weeks=40, demand_varies="poisson", capacity_varies="poisson", runs=RUNS)
    assert shown.table["idle"].sum() == 0
    error = np.sqrt(60 * shown.table["week"] / RUNS)  # two Poisson counts of 30 in each week
    assert (abs(shown.table["expected"] - 1_000) <= 4 * error).all()
    assert shown._lists[-1].std() == pytest.approx(math.sqrt(60 * 40), rel=4 / math.sqrt(2 * RUNS))


def test_with_poisson_demand_the_band_is_that_of_a_poisson_count():
    """Oracle: far from empty the end is start + Poisson(30 x 20) - 27 x 20: scipy's quantiles, and coverage."""
    shown = project(30, 27, 1_200, weeks=20, demand_varies="poisson", runs=RUNS)
    last, count = shown.table.iloc[-1], stats.poisson(600)
    below = count.cdf(last["lower_95"] - 1_200 + 540)
    above = count.sf(last["upper_95"] - 1_200 + 540)
    within = 4 * math.sqrt(0.025 * 0.975 / RUNS) + count.pmf(600)  # and the step of a count
    assert below == pytest.approx(0.025, abs=within)
    assert above == pytest.approx(0.025, abs=within)
    assert last["expected"] == pytest.approx(1_260, abs=4 * math.sqrt(600 / RUNS))


def test_near_empty_the_list_has_the_chances_of_the_exact_chain():
    """Oracle: powers of the transition matrix of max(list + Poisson(4) - 5, 0), from 3 people, for 12 weeks."""
    most, weeks = 80, 12
    step = np.zeros((most, most))
    for here in range(most):
        chances = stats.poisson.pmf(np.arange(most + 6), 4)
        for joined, chance in enumerate(chances):
            step[here, min(max(here + joined - 5, 0), most - 1)] += chance
    exact = np.linalg.matrix_power(step, weeks)[3]
    shown = project(4, 5, 3, weeks=weeks, demand_varies="poisson", runs=20_000, seed=2)
    mean = float(exact @ np.arange(most))
    spread = math.sqrt(float(exact @ np.arange(most) ** 2) - mean**2)
    assert shown.table["expected"].iloc[-1] == pytest.approx(mean, abs=4 * spread / math.sqrt(20_000))
    for size in (0, 2, 5, 10):
        chance = float(exact[: size + 1].sum())
        error = math.sqrt(chance * (1 - chance) / 20_000)
        assert shown.chance_at_most(size) == pytest.approx(chance, abs=4 * error)
    busy = 4 - (mean - 3) / weeks  # treated a week, since all who join are treated or still there
    assert shown.table["idle"].mean() == pytest.approx(5 - busy, abs=4 * math.sqrt((48 + spread**2) / 20_000) / weeks)


def test_a_coefficient_of_variation_gives_the_spread_it_names():
    """Oracle: variances add: 10 weeks of demand (cv 0.3 of 30) and capacity (cv 0.5 of 20), far from empty."""
    shown = project(30, 20, 5_000, weeks=10, demand_varies=0.3, capacity_varies=0.5, runs=RUNS, seed=8)
    ends = shown._lists[-1]
    spread = math.sqrt(10 * (9**2 + 10**2))
    assert ends.mean() == pytest.approx(5_100, abs=4 * spread / math.sqrt(RUNS))
    assert ends.std() == pytest.approx(spread, rel=4 * math.sqrt(1.2 / (2 * RUNS)))  # 1.2: gamma tails, a little fat


def test_poisson_removals_take_the_share_they_name():
    """Oracle: the mean of L' = L - Poisson(r L) + 20 - 20 is L (1 - r) ** n, and its variance sums by hand."""
    share, weeks, size = 0.02, 10, 2_000.0
    shown = project(20, 20, size, weeks=weeks, removal_share=share, removals_vary="poisson", runs=RUNS, seed=3)
    variance = 0.0
    for week in range(weeks):
        variance = (1 - share) ** 2 * variance + share * size * (1 - share) ** week
    mean = size * (1 - share) ** weeks
    assert shown.table["expected"].iloc[-1] == pytest.approx(mean, abs=4 * math.sqrt(variance / RUNS))
    assert shown._lists[-1].std() == pytest.approx(math.sqrt(variance), rel=4 / math.sqrt(2 * RUNS))


def test_a_long_projection_ends_where_the_list_settles():
    """Oracle: `steady_state`; the variance is (30 + r L) / (1 - (1 - r) ** 2), and empty weeks add 0.1 at most."""
    settled = steady_state(30, 27, removal_share=0.05)
    assert project(30, 27, 500, weeks=600, removal_share=0.05).table["expected"].iloc[-1] == pytest.approx(60, abs=1e-9)
    chance = project(
        30, 27, 60, weeks=150, removal_share=0.05, demand_varies="poisson", removals_vary="poisson", runs=RUNS
    )
    spread = math.sqrt((30 + 0.05 * 60) / (1 - 0.95**2))
    assert settled.list_size == pytest.approx(60, rel=1e-12)
    assert chance.table["expected"].iloc[-1] == pytest.approx(60, abs=4 * spread / math.sqrt(RUNS) + 0.1)


def test_the_same_seed_gives_the_same_list_and_new_luck_in_one_flow_leaves_the_others():
    """A law: each flow has luck of its own name, so adding chance to capacity moves no demand."""
    plain = project(30, 0, 0, weeks=5, demand_varies="poisson", runs=50, seed=1)
    again = project(30, 0, 0, weeks=5, demand_varies="poisson", runs=50, seed=1)
    other = project(30, 0, 0, weeks=5, demand_varies="poisson", runs=50, seed=2)
    with_more = project(30, 0, 0, weeks=5, demand_varies="poisson", capacity_varies=0.5, runs=50, seed=1)
    assert (plain._lists == again._lists).all()
    assert (plain._lists == with_more._lists).all()
    assert (plain._lists != other._lists).any()


def test_clearance_time_is_the_list_over_the_capacity_of_its_week():
    """By hand: 100 and 90 and 75 people, with 10 and then 20 a week and then none."""
    table = project([0, 5, 0], [10, 20, 0], 100, weeks=3).table
    assert table["expected"].tolist() == [100, 90, 75, 75]
    assert table["clearance_weeks"].tolist() == [10, 9, 3.75, math.inf]


def test_a_projection_says_what_it_shows_and_what_stands_idle():
    assert project(30, 27, 1_200, weeks=1).sentence() == "In 1 week the list goes from 1,200 to about 1,203 people."
    assert project(10, 30, 50, weeks=4).sentence() == (
        "In 4 weeks the list goes from 50 to about 0 people."
        " About 30 places in all stand idle, because nobody is left to treat."
    )
    shown = project(30, 27, 1_200, weeks=26, demand_varies="poisson", runs=RUNS)
    last = shown.table.iloc[-1].round()
    assert shown.sentence() == (
        f"In 26 weeks the list goes from 1,200 to about {last['expected']:,.0f} people."
        f" In 19 runs of 20 it ends from {last['lower_95']:,.0f} to {last['upper_95']:,.0f}."
    )
    assert shown.band.startswith("In each week, 19 runs in 20 lie from lower_95 to upper_95.")
    assert project(1, 1, 1, weeks=1).band.startswith("Nothing varies, so the band has no width.")


def test_a_length_of_time_gives_the_same_weeks():
    assert project(30, 27, 9, weeks=weeks_long(4)).table.equals(project(30, 27, 9, weeks=days(28)).table)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: project(30, 27, -1, weeks=4), "The list size must be 0 people or more; -1 came."),
        (lambda: project(30, 27, 10, weeks=0), "The number of weeks must be a whole number, 1 or more; 0 came."),
        (
            lambda: project([30, 31], 27, 10, weeks=3),
            "The demand has 2 numbers and there are 3 weeks. Give one number, or one for each week.",
        ),
        (
            lambda: project(30, [27, -2], 10, weeks=2),
            "The capacity of week 2 must be 0 people a week or more; -2 came.",
        ),
        (
            lambda: project(30, 27, 10, weeks=2, demand_varies="normal"),
            "demand can vary by \"poisson\" or by a coefficient of variation such as 0.3; 'normal' came.",
        ),
        (
            lambda: project(30, 27, 10, weeks=2, capacity_varies=-0.1),
            "The coefficient of variation of capacity must be 0 or more; -0.1 came.",
        ),
        (
            lambda: project(30, 27, 10, weeks=2, removal_share=2),
            "The removal share must be from 0 to 1; 2 came. Half is 0.5, not 50.",
        ),
        (
            lambda: project(days(30), 27, 10, weeks=2),
            "The demand must be a plain number of people a week; a length of time came (30 days).",
        ),
        (
            lambda: project(30, 27, 10, weeks=2).chance_at_most(5, week=3),
            "The projection ends with week 2; week 3 was asked for. Project further.",
        ),
        (
            lambda: project(30, 27, 10, weeks=1_000, runs=1_000_000),
            "1,000,000 runs of 1,000 weeks are too many to hold. Choose 20,000 runs or fewer.",
        ),
        (
            lambda: capacity_to_clear(30, 10, weeks=2, demand_varies="poisson"),
            "Something varies, so say with what chance the capacity must be enough, such as chance=0.9.",
        ),
        (
            lambda: capacity_to_clear(30, 10, weeks=2, chance=0.9),
            'A chance needs something that varies. Add demand_varies="poisson", or leave the chance out.',
        ),
        (
            lambda: capacity_to_clear(30, 10, weeks=2, chance=1, demand_varies=0.2),
            "The chance must be above 0 and below 1; 1 came.",
        ),
        (
            lambda: capacity_to_clear(30, 100, weeks=1, chance=0.99, capacity_varies=40),
            (
                "No capacity is enough with such a chance: in too many runs there is none at all in the last week."
                " Ask for a smaller chance, or let capacity vary less."
            ),
        ),
    ],
)
def test_what_cannot_be_projected_is_refused_with_its_repair(make, sentence):
    assert said(make) == sentence


# What clears it by then.


@steady
@given(
    demand=st.floats(0, 100), size=sizes, weeks=st.integers(1, 60), goal=st.floats(0, 500), share=st.floats(0.001, 0.5)
)
def test_on_average_the_capacity_is_the_projection_solved_by_hand(demand, size, weeks, goal, share):
    """Oracle: C = demand + ((1 - r) ** n list - goal) r / (1 - (1 - r) ** n), or none where that is below 0."""
    stays = (1 - share) ** weeks
    solved = max(demand + (stays * size - goal) * share / (1 - stays), 0)
    found = capacity_to_clear(demand, size, weeks=weeks, target_size=goal, removal_share=share)
    assert found.capacity == found.on_average == pytest.approx(solved, abs=1e-5)
    ends = project(demand, found.capacity, size, weeks=weeks, removal_share=share).table["expected"].iloc[-1]
    assert ends <= goal + 1e-5


def test_without_removals_the_capacity_is_the_published_relief_capacity():
    """Oracle: Fong et al. 2022: 61.15 a week brings 1,200 to 390 in 26 weeks."""
    found = capacity_to_clear(30, 1_200, weeks=26, target_size=390)
    assert found.capacity == pytest.approx(relief_capacity(30, 1_200, 390, 26), abs=1e-6)


def test_demand_that_changes_by_week_is_cleared_just_in_time():
    """By hand: 100 listed, then 10, 0 and 50 join. The last week alone asks 50; over all three, 160 / 3 = 53.3."""
    assert capacity_to_clear([10, 0, 50], 100, weeks=3).capacity == pytest.approx(160 / 3, abs=1e-6)
    assert capacity_to_clear([10, 0, 90], 100, weeks=3).capacity == pytest.approx(90, abs=1e-6)


def test_the_chance_asked_for_is_the_chance_that_a_poisson_count_gives():
    """Oracle: far from empty the list ends short enough if Poisson(30 x 26) is at most 26 C - 1,200 + 390."""
    found = capacity_to_clear(30, 1_200, weeks=26, target_size=390, chance=0.9, demand_varies="poisson", runs=RUNS)
    count = stats.poisson(780)
    chance = count.cdf(26 * found.capacity - 1_200 + 390)
    assert chance == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / RUNS) + count.pmf(780))
    assert found.capacity > found.on_average == pytest.approx(61.153846, abs=1e-5)


@pytest.mark.parametrize("kinds", [("poisson", None, None), (0.3, 0.4, 0.5), ("poisson", "poisson", 0.2)])
def test_a_little_less_capacity_misses_the_chance_asked_for(kinds):
    """Oracle: the projection with the same seed meets the chance with this capacity, and not with 0.01 less."""
    settings_ = {
        "weeks": 12, "removal_share": 0.01, "runs": 500, "seed": 6,
        "demand_varies": kinds[0], "capacity_varies": kinds[1], "removals_vary": kinds[2],
    }  # fmt: skip
    found = capacity_to_clear(20, 300, target_size=40, chance=0.8, **settings_)
    assert project(20, found.capacity, 300, **settings_).chance_at_most(40) >= 0.8
    assert project(20, found.capacity - 0.01, 300, **settings_).chance_at_most(40) < 0.8


def test_a_list_that_falls_by_itself_needs_no_capacity():
    assert capacity_to_clear(0, 100, weeks=30, target_size=60, removal_share=0.1).capacity == 0


def test_a_capacity_says_what_it_does_and_how_surely():
    assert capacity_to_clear(30, 100, weeks=1).sentence() == (
        "Treating 130 people a week empties the list in 1 week, if nothing varies."
        " Chance will make it later about half of the time, or more."
    )
    found = capacity_to_clear(30, 1_200, weeks=26, target_size=390, chance=0.9, demand_varies="poisson")
    assert found.sentence() == (
        f"Treating {found.capacity:.2f} people a week brings the list to 390 people in 26 weeks"
        " with a chance of 90 in 100. If nothing varied, 61.15 would be enough."
    )
