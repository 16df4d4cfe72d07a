"""Does `flowlib.measure.percentiles` show the usual capacities together, and none as the law?"""

import numpy as np
import pytest
from refusals import said
from scipy import stats

from flowlib.measure.demand import capacity_at_percentile, percentiles

TEN_A_DAY = stats.poisson(10).ppf((np.arange(1000) + 0.5) / 1000)  # 1,000 days that are Poisson to the last


def test_the_table_holds_the_mean_and_the_three_percentiles_of_10_a_day():
    """The curriculum's table: 11 is the 65th percentile, 13 both the 80th and the 85th."""
    made = percentiles(TEN_A_DAY, every="day").table.set_index("level")["capacity"]
    assert made.index.tolist() == ["mean", "65th", "80th", "85th"]
    assert made[["65th", "80th", "85th"]].tolist() == [11, 13, 13]
    assert made["mean"] == pytest.approx(10, abs=0.01)  # a thousandth of the tail is left out


@pytest.mark.parametrize(("level", "p"), [("65th", 0.65), ("80th", 0.8), ("85th", 0.85)])
def test_a_percentile_is_met_in_its_share_of_periods_and_nothing_smaller_is(level, p):
    """By counting, on weeks with fractions: so it is the smallest that is enough."""
    demand = np.random.default_rng(3).gamma(9, 4, 61)
    row = percentiles(demand).table.set_index("level").loc[level]
    assert row["capacity"] == capacity_at_percentile(demand, p)
    assert row["periods_met"] == sum(one <= row["capacity"] for one in demand)
    assert row["share_met"] >= p > sum(one < row["capacity"] for one in demand) / 61


def test_a_mean_that_rounding_makes_too_small_meets_the_periods_at_the_mean():
    """By head: 0.7 in each of three periods has the mean 0.7, enough in all; a computer finds a little less."""
    assert np.mean([0.7, 0.7, 0.7]) < 0.7
    assert percentiles([0.7, 0.7, 0.7]).table["periods_met"].tolist() == [3, 3, 3, 3]


def test_the_words_are_those_of_a_case_done_by_head():
    """Of 8, 9, 10, 11 and 15, the mean 10.6 is enough in 3 of 5 weeks."""
    assert percentiles([8, 9, 10, 11, 15], unit="hours").sentence() == (
        "Demand is 10.6 hours a week on average. That is enough in 3 of 5 weeks. "
        "The 65th percentile is 11 hours, the 80th 11 and the 85th 15."
    )


def test_no_percentile_is_shown_as_a_law_and_the_case_for_the_average_is_told():
    told = percentiles(TEN_A_DAY).caution()
    assert told == (
        "None of these is a law. Where people cannot wait, the spread of demand matters as much as the average.\n"
        "For routine work with a list, idle time is refilled from the list. "
        "There the average does well. Urgent planned work lies between."
    )


def test_few_periods_are_said_to_be_few():
    """By head: with 19 periods only 2 lie above the 85th percentile; with 20 there are 3."""
    demand = np.arange(1.0, 20.0)
    assert (demand > capacity_at_percentile(demand, 0.85)).sum() == 2
    assert (
        percentiles(demand)
        .caution()
        .endswith("\nOnly 19 weeks are known, so the higher figures rest on very few of them.")
    )
    assert "Only" not in percentiles([*demand, 20.0]).caution()


def test_the_average_does_well_with_a_list_and_badly_without_one():
    """
    Findlay's point, by arithmetic: Poisson demand of 10, capacity 10, 2,000 weeks.

    With a list of 500 to refill from, all capacity is used; where work that finds no capacity is lost, 1 in 8 is lost
    (the mean absolute deviation of Poisson 10 is 2.50, half of it each way; four standard errors are 0.16).
    """
    demand = np.random.default_rng(11).poisson(10, 2_000)
    waiting, idle = 500.0, 0.0
    for came in demand:
        waiting += came
        idle += max(10 - waiting, 0)
        waiting = max(waiting - 10, 0)
    assert idle == 0
    assert np.maximum(10 - demand, 0).mean() == pytest.approx(
        stats.poisson(10).expect(lambda x: abs(x - 10)) / 2, abs=0.16
    )


def test_no_demand_is_refused():
    assert said(lambda: percentiles([])) == "Demand needs at least one number, and none missing."
