"""What a first model and Little's law say of real people tells no exact count, and nothing of fewer than 8."""

import pandas as pd
import pytest
from refusals import said

from flowlib.core.eventlog import EventLog
from flowlib.diagnose.constraint import littles_law_in
from flowlib.mapping.arrivals import poisson_interval
from flowlib.mapping.intervals import wilson
from flowlib.mapping.model import first_model

START = pd.Timestamp("2025-01-06")  # a Monday
ALL, ON, BACK = 48, 31, 5  # people at A; of them go on to B, and to C
DAYS = 28


def log_of(rows, *, synthetic=False):
    """A log of 28 days from rows (who, where, came, began, ended), in hours."""
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended"])
    for time in ("came", "began", "ended"):
        frame[time] = START + pd.to_timedelta(frame[time], unit="h")
    return EventLog.from_frame(
        frame, person="who", step="where", arrived="came", started="began", finished="ended",
        observed=(START, START + pd.Timedelta(days=DAYS)), synthetic=synthetic,
    )  # fmt: skip


def three_steps(*, synthetic=False):
    """48 people at A, 31 of whom go on to B and 5 to C; 20 more come straight to C."""
    lengths = [1 + (k * 7 % 5) / 4 for k in range(ALL)]
    rows = [(f"p{k}", "A", 12 * k, 12 * k, 12 * k + lengths[k]) for k in range(ALL)]
    rows += [(f"p{k}", "B", 12 * k + 3, 12 * k + 3, 12 * k + 3 + lengths[k]) for k in range(ON)]
    rows += [(f"p{k}", "C", 12 * k + 3, 12 * k + 3, 12 * k + 3 + lengths[k]) for k in range(ON, ON + BACK)]
    rows += [(f"x{k}", "C", 30 * k + 6, 30 * k + 6, 30 * k + 6 + lengths[k]) for k in range(20)]
    return first_model(log_of(rows, synthetic=synthetic))


def test_shares_of_real_people_are_those_of_the_counts_as_shown():
    """By head: 31 of 48 is shown as 30 of 50, so its share is 0.60 and not 0.65; the 5 have none."""
    made = three_steps()
    shown = made.shown("routing").set_index(["from_step", "to_step"])
    low, high = (f"{end:.2f}" for end in wilson(30, 50))
    columns = ["people", "of", "share", "lower_95_ci", "upper_95_ci"]
    assert shown.loc[("A", "B"), columns].tolist() == ["30", "50", "0.60", low, high]
    assert set(shown.loc[("A", "C"), ["people", "share", "lower_95_ci", "upper_95_ci"]]) == {"*"}
    exact = made.routing.set_index(["from_step", "to_step"]).loc[("A", "B")]
    assert exact["share"] == pytest.approx(ON / ALL)


def test_rates_of_real_people_are_those_of_the_counts_as_shown():
    """By head: 48 people in 28 days are shown as 50, so 1.79 a day and not 1.71, with the interval of 50."""
    shown = three_steps().shown("arrivals").set_index("step").loc["A"]
    low, high = (f"{end / DAYS:.2f}" for end in poisson_interval(50))
    assert shown[["people", "per_day", "lower_95_ci", "upper_95_ci"]].tolist() == ["50", "1.79", low, high]


def test_shares_and_rates_of_synthetic_people_are_exact():
    """Nobody is behind them: 31 of 48, and 48 in 28 days."""
    made = three_steps(synthetic=True)
    assert made.shown("routing").set_index(["from_step", "to_step"]).loc[("A", "B"), "share"] == "0.65"
    assert made.shown("arrivals").set_index("step").loc["A", "per_day"] == "1.71"


def waits_of(people, visits, *, synthetic=False):
    """So many visits of 6 hours' wait each, by so many people in turn."""
    rows = [(f"p{k % people}", "A", 24 * k + 9, 24 * k + 15, 24 * k + 16) for k in range(visits)]
    return log_of(rows, synthetic=synthetic)


def test_littles_law_is_not_told_of_few_real_people():
    """Twenty visits of 7 people are 7 people's; with 8 people, or synthetic ones, it is told."""
    told = 'Fewer than 8 people are known to wait at "A", so nothing is shown of them.'
    assert said(lambda: littles_law_in(waits_of(7, 20), "A")) == told
    for log in (waits_of(8, 20), waits_of(7, 20, synthetic=True)):
        assert littles_law_in(log, "A").days_each == pytest.approx(0.25)
