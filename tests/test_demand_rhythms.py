"""Does `flowlib.measure.rhythms` measure variation right, and say which is larger only when it can?"""

import numpy as np
import pandas as pd
import pytest
from refusals import said
from scipy import stats

from flowlib import Arrivals, Exponential, Pathway, Step, hours, simulate
from flowlib.core import data
from flowlib.measure.demand import WHOLE, dcaq, rhythm
from flowlib.measure.rhythms import days_explained, spread, variation, variation_between

# Counts of 40 years, 1975 to 2014, printed with their index of dispersion, 0.4137045
# (stats.stackexchange.com, question 240171).
FORTY_YEARS = [
    10, 12, 9, 14, 14, 11, 8, 7, 10, 8, 12, 9, 10, 9, 10, 9, 11, 12, 9, 10,
    8, 12, 11, 13, 7, 13, 10, 9, 8, 13, 15, 10, 11, 9, 10, 11, 10, 8, 11, 6,
]  # fmt: skip
# Deaths by horse kick in 200 corps-years (Bortkiewicz 1898): 109 with none, 65 with 1, 22 with 2, 3 with 3, 1 with 4.
HORSE_KICKS = np.repeat([0, 1, 2, 3, 4], [109, 65, 22, 3, 1])


@pytest.fixture(scope="module")
def journey():
    return data.journey()


# The spread of one number.


def test_the_index_of_dispersion_of_forty_years_is_the_one_that_was_printed():
    made = spread(FORTY_YEARS)
    assert made.dispersion == pytest.approx(0.4137045, abs=5e-8)
    assert made.against_chance == "less than chance alone makes"


def test_horse_kicks_come_by_chance():
    """By arithmetic: mean 122 / 200 and sum of squares 196 make the variance 121.58 / 199, hardly above the mean."""
    made = spread(HORSE_KICKS)
    assert made.mean == 0.61
    assert made.dispersion == pytest.approx((196 - 122**2 / 200) / 199 / 0.61)
    assert made.cv == pytest.approx(np.sqrt((196 - 122**2 / 200) / 199) / 0.61)
    assert made.against_chance == "about what chance alone makes"


def test_the_chance_of_a_dispersion_is_that_of_people_shared_out_by_lot():
    """
    Given the total, Poisson counts are the total shared out evenly by lot: 20,000 draws of 407 among 40 years.

    Twice the share with an index as low; the chi-squared law is near enough at 10 a year. Four standard errors of a
    chance of 0.0002 are 0.0004.
    """
    drawn = np.random.default_rng(2).multinomial(sum(FORTY_YEARS), [1 / 40] * 40, 20_000)
    as_low = (drawn.var(axis=1, ddof=1) <= np.var(FORTY_YEARS, ddof=1)).mean()
    assert spread(FORTY_YEARS).chance == pytest.approx(2 * as_low, abs=0.0006)


def test_poisson_weeks_are_called_unlike_chance_1_time_in_20():
    """A two-sided test at 5 in 100, over 1,000 series of 26 weeks; four standard errors are 0.0276."""
    weeks = np.random.default_rng(4).poisson(30, (1_000, 26))
    called = np.mean([spread(row).chance < 0.05 for row in weeks])
    assert called == pytest.approx(0.05, abs=0.0276)


# Days.


@pytest.mark.parametrize("weeks", [2, 9, 26])
def test_the_shares_of_days_are_those_of_a_regression(weeks):
    """Against least squares with a column for each weekday, then for each week as well."""
    rng = np.random.default_rng(weeks)
    numbers = rng.poisson(np.tile([30, 25, 25, 24, 26, 12, 10], weeks) * np.repeat(rng.uniform(0.8, 1.2, weeks), 7))
    weekday = np.tile(np.eye(7), (weeks, 1))
    week = np.repeat(np.eye(weeks), 7, axis=0)

    def explained(columns):
        fitted = columns @ np.linalg.lstsq(columns, numbers, rcond=None)[0]
        return 1 - ((numbers - fitted) ** 2).sum() / ((numbers - numbers.mean()) ** 2).sum()

    made = days_explained(numbers)
    assert made["by_weekday"] == pytest.approx(explained(weekday))
    assert made["by_weekday"] + made["by_week"] == pytest.approx(explained(np.hstack([weekday, week])))
    assert made["by_weekday"] + made["by_week"] + made["left_over"] == pytest.approx(1)


def test_by_chance_the_weekday_explains_what_it_is_said_to():
    """The mean over 4,000 shuffled series of 8 weeks is 6 / 55; four standard errors are 0.004."""
    rng = np.random.default_rng(8)
    days = rng.poisson(20, (4_000, 56))
    found = np.mean([days_explained(row)["by_weekday"] for row in days])
    assert found == pytest.approx(days_explained(days[0])["weekday_by_chance"], abs=0.004)
    assert days_explained(days[0])["weekday_by_chance"] == 6 / 55


def test_days_that_never_differ_have_nothing_to_explain():
    made = days_explained([4] * 14)
    assert (made["by_weekday"], made["by_week"], made["left_over"]) == (0, 0, 0)


# Demand and capacity.


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_test_of_two_variances_is_pitmans(seed):
    """Against Pitman's other form: t = (F - 1) √(n - 2) / (2 √(F (1 - r²))), with F the ratio of the variances."""
    rng = np.random.default_rng(seed)
    demand = rng.normal(100, 12, 30)
    capacity = 0.5 * demand + rng.normal(60, 9, 30)
    first, second = demand / demand.mean(), capacity / capacity.mean()
    ratio = first.var(ddof=1) / second.var(ddof=1)
    r = np.corrcoef(first, second)[0, 1]
    t = (ratio - 1) * np.sqrt(28) / (2 * np.sqrt(ratio * (1 - r * r)))
    assert variation_between(demand, capacity).chance == pytest.approx(2 * stats.t(28).sf(abs(t)))


def test_two_that_vary_alike_are_told_apart_1_time_in_20():
    """1,000 pairs of normal series of 30 weeks with 10 in 100 each; four standard errors are 0.0276."""
    pairs = np.random.default_rng(6).normal(100, 10, (1_000, 2, 30))
    told = np.mean([variation_between(*pair).larger != "neither" for pair in pairs])
    assert told == pytest.approx(0.05, abs=0.0276)


def test_capacity_that_never_differs_varies_less_and_twice_the_same_is_alike():
    demand = [20, 30, 25, 35, 28, 31]
    assert variation_between(demand, [30] * 6).larger == "demand"
    assert variation_between([30] * 6, demand).larger == "capacity"
    assert variation_between(demand, demand).larger == "neither"
    assert variation_between(demand, [2 * one for one in demand]).larger == "neither"


def test_capacity_that_varies_more_is_said_to():
    """By head: squares of 100, 100, 25, 25, 100 and 100 over 5 make 90, and its root is 32 in 100 of the mean, 30."""
    made = variation_between([30, 31, 30, 29, 30, 30], [20, 40, 25, 35, 20, 40], every="day")
    assert made.sentence() == (
        "From day to day, demand varies by 2 in 100 of its average, and capacity by 32 in 100. "
        "Capacity varies more: look at how it is planned. "
        "The variation of demand is less than chance alone makes."
    )


def test_a_log_is_measured_week_by_week_as_its_balance_counts_it(journey):
    """Against dcaq's weekly table."""
    table = dcaq(journey, "Ward").table
    made = variation(journey, "Ward")
    assert made.demand == spread(table["demand"])
    assert made.capacity == spread(table["activity"])
    assert made.capacity_is == "activity"


def test_the_days_of_a_log_are_split_as_its_daily_balance_counts_them(journey):
    """Against dcaq by day, over the same whole weeks."""
    weeks = dcaq(journey, "Ward").table["period"]
    table = dcaq(journey, "Ward", every="day").table
    end = weeks.iloc[-1] + pd.DateOffset(days=7)
    kept = table[(table["period"] >= weeks.iloc[0]) & (table["period"] < end)]
    row = variation(journey, "Ward").days.iloc[0]
    assert row[["by_weekday", "by_week", "left_over"]].tolist() == pytest.approx(
        list(days_explained(kept["demand"]).values())[:3]
    )


def test_the_hour_of_the_day_explains_what_its_rhythm_says():
    """The variance of the 24 hourly means of `rhythm` over that of all hours (means of whole weeks)."""
    desk = Pathway(
        "Desk", [Step("desk", 9, Exponential(hours(1)))], [Arrivals("desk", per_hour=[1.0] * 8 + [6.0] * 16)]
    )
    log = simulate(desk, days=56, seed=3)
    means = rhythm(log, "desk")["arrivals"]
    stamps = log.visits["at"].dt.floor("h").value_counts()
    every_hour = pd.date_range(log.observed[0], periods=56 * 24, freq="h")
    counts = stamps.reindex(every_hour, fill_value=0)
    row = variation(log, "desk").days.iloc[0]
    assert row["by_hour"] == pytest.approx(means.var(ddof=0) / counts.var(ddof=0))
    assert row["hour_by_chance"] == 23 / (56 * 24 - 1)


def test_poisson_arrivals_of_a_simulation_vary_as_chance_does():
    """A flat rate: the index of weeks is 1 within four standard errors, √(2 / 51) each."""
    desk = Pathway("Desk", [Step("desk", 9, Exponential(hours(1)))], [Arrivals("desk", per_hour=2.0)])
    made = variation(simulate(desk, days=7 * 52, seed=5), "desk")
    assert made.demand.periods == 52
    assert made.demand.dispersion == pytest.approx(1, abs=4 * np.sqrt(2 / 51))
    assert made.demand.against_chance == "about what chance alone makes"


def test_the_whole_journey_can_be_measured_and_told(journey):
    made = variation(journey)
    assert made.step == WHOLE
    told = made.sentence().splitlines()
    assert told[1].startswith("The weekday explains ")
    assert all(len(one.split()) <= 22 for line in told for one in line.split(". "))


# Refusals.


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: spread([1, 2, 3]), "Numbers must cover 4 periods or more; 3 came. Bring more of them."),
        (
            lambda: spread([0, 0, 0, 0]),
            "Numbers must be above 0 in some period; every number is 0. Choose another step or time.",
        ),
        (
            lambda: variation_between([1, 2, float("nan"), 4], [1, 2, 3, 4]),
            (
                "Demand must be 0 or more in every period; nan came at place 3. "
                "Put the missing number in, or leave that period out."
            ),
        ),
        (
            lambda: variation_between([1, 2, 3, 4], [1, 2, 3, 4, 5]),
            (
                "Demand and capacity need the same weeks; 4 and 5 numbers came. "
                "Give one number of each for every period."
            ),
        ),
        (
            lambda: days_explained([1] * 13),
            "Days must be those of 2 whole weeks or more; 13 came, and 7 make a week.",
        ),
        (
            lambda: variation(data.journey().until("2025-01-27"), "Ward"),
            "The log covers 3 whole weeks; 4 are needed. Bring a longer log.",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused(make, sentence):
    assert said(make) == sentence


def test_several_runs_are_refused():
    desk = Pathway("Desk", [Step("desk", 9, Exponential(hours(1)))], [Arrivals("desk", per_hour=2.0)])
    log = simulate(desk, days=35, seed=5, runs=2)
    assert said(lambda: variation(log, "desk")) == (
        "The log holds 2 runs, and their mean varies less than any. Take one, with log.only(run=0)."
    )
    assert variation(log.only(run=1), "desk").demand.periods == 5
