"""Does `flowlib.measure.balance` set counts on one basis, check their sum, and mend nothing unseen?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.core import data
from flowlib.measure.demand import WHOLE, Balance, balance, dcaq

MONDAYS = [f"{moment:%Y-%m-%d}" for moment in pd.date_range("2025-01-06", periods=12, freq="7D")]


def counts(*, weeks=4, **changes):
    """Four weeks that can be checked by head: 30 come, 28 could be and are seen, from a backlog of 100."""
    table = {
        "period": MONDAYS[:weeks],
        "demand": [30] * weeks,
        "capacity": [28] * weeks,
        "activity": [28] * weeks,
        "backlog": [102 + 2 * week for week in range(weeks)],
    }
    return {**table, **changes}


# The sum.


def test_four_weeks_add_up_as_they_do_by_head():
    """From 100, 2 more each week: 102, 104, 106, 108."""
    made = balance(counts())
    assert made.table["queue"].tolist() == [102, 104, 106, 108]
    assert (made.start, made.start_from) == (100, "counted back from the first backlog given")
    assert made.adds_up


def test_a_backlog_that_is_not_given_is_the_sum():
    table = counts()
    del table["backlog"]
    made = balance(table, backlog_at_start=100)
    assert made.table["queue"].tolist() == [102, 104, 106, 108]
    assert made.start_from == "as given"
    assert balance(table).table["queue"].tolist() == [2, 4, 6, 8]
    assert balance(table).start_from == "counted from 0, as none was given"


def test_removals_leave_the_backlog_without_being_seen():
    """By head: of 2 more each week, 1, 0, 5 and 2 leave."""
    table = counts(removals=[1, 0, 5, 2], backlog=[101, 103, 100, 100])
    made = balance(table)
    assert (made.start, made.adds_up) == (100, True)
    assert made.table["turned_away"].tolist() == [1, 0, 5, 2]


def test_a_backlog_that_does_not_add_up_is_told_with_its_row_and_its_size_and_is_left_as_it_is():
    """Row 4 of the file is 15 too many; the sum goes on from there, so row 5 adds up."""
    made = balance(counts(backlog=[102, 104, 121, 123]))
    assert made.table["queue"].tolist() == [102, 104, 121, 123]
    assert made.gaps.to_dict("records") == [
        {"row": 4, "period": pd.Timestamp("2025-01-20"), "expected": 106.0, "queue": 121.0, "gap": 15.0}
    ]
    assert made.sentence().splitlines()[1] == (
        "In 1 of 4 weeks the backlog given does not add up. "
        "The first is row 4, 20 January 2025: above the sum by 15 people."
    )


def test_a_gap_below_the_sum_in_hours_is_told_without_a_number_of_few_people():
    """Row 3 is 4 hours short: 6 people of 40 minutes, so that fewer than 8 have less than 5.333 hours."""
    made = balance(counts(backlog=[102, 100, 102, 104]), given_in="hours", minutes_each=40)
    assert made.sentence().splitlines()[1] == (
        "In 1 of 4 weeks the backlog given does not add up. "
        "The first is row 3, 13 January 2025: below the sum by less than 5.333 hours."
    )


def test_one_wrong_number_in_the_middle_is_two_gaps_that_cancel():
    gaps = balance(counts(backlog=[102, 84, 106, 108]), synthetic=True).gaps
    assert gaps["gap"].tolist() == [-20, 20]
    assert gaps["row"].tolist() == [3, 4]


def test_a_blank_backlog_is_counted_on_from_the_last_one_given():
    """Blank in rows 3 and 4; row 5 is 3 above the sum from row 2, which is 108."""
    made = balance(counts(backlog=[102, None, "", 111]), synthetic=True)
    assert made.table["queue"].tolist() == [102, 104, 106, 111]
    assert made.gaps["gap"].tolist() == [3]
    assert made.table["given"].tolist() == [True, False, False, True]
    assert made.shown()["gap"].tolist() == ["0", "", "", "*"]


def test_a_first_backlog_that_would_need_a_start_below_nothing_is_a_gap():
    """30 come and 20 are seen, so at least 10 wait; 1 is given."""
    made = balance(counts(weeks=1, activity=[20], backlog=[1]))
    assert made.start == 0
    assert made.gaps["gap"].tolist() == [-9]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 5)), min_size=1, max_size=12),
    st.integers(0, 40),
    st.sampled_from(["people", "hours"]),
)
def test_the_ends_of_any_list_differ_by_what_came_less_what_went(flow, start, unit):
    """The sum over all weeks at once, whatever the unit it is shown in."""
    came, done, removed = (np.array(part) for part in zip(*flow, strict=True))
    start += int((done + removed).sum())
    table = {"period": MONDAYS[: len(flow)], "demand": came, "capacity": done, "activity": done, "removals": removed}
    made = balance(table, backlog_at_start=start, unit=unit, minutes_each=45)
    people = made.table["queue"].iloc[-1] / (0.75 if unit == "hours" else 1)
    assert people == pytest.approx(start + came.sum() - done.sum() - removed.sum(), abs=1e-9)
    assert made.adds_up


@pytest.mark.parametrize("step", ["Ward", "Home First", "Home care"])
def test_the_counts_of_a_log_give_back_the_balance_of_the_log(step):
    """Against dcaq, which counts each person: its weekly numbers, put in as a table, add up to its queue."""
    log = dcaq(data.journey(), step, capacity=100)
    table = log.table.assign(backlog=log.table["queue"], removals=log.table["turned_away"])
    table["period"] = [f"{moment:%Y-%m-%d}" for moment in table["period"]]
    made = balance(table[["period", "demand", "capacity", "activity", "removals", "backlog"]], step=step)
    assert isinstance(made, Balance)
    assert made.adds_up
    for column in ("demand", "activity", "turned_away", "queue"):
        assert made.table[column].tolist() == log.table[column].tolist()


# One unit.


def test_people_become_hours_by_the_minutes_each_takes():
    """By head: 30 people at 40 minutes are 20 hours; 21 hours are done; the backlog of 100 people is 66.7 hours."""
    table = counts(capacity=[21] * 4, activity=[21] * 4)
    made = balance(table, given_in={"capacity": "hours", "activity": "hours"}, unit="hours", minutes_each=40)
    assert made.table["demand"].tolist() == pytest.approx([20] * 4)
    assert made.table["capacity"].tolist() == [21] * 4
    assert made.table["queue"].tolist() == pytest.approx([68, 208 / 3, 212 / 3, 72])
    assert made.unit == "hours"


def test_both_units_tell_the_same_story():
    """Hours are people times 40 minutes over 60, cell by cell."""
    people = balance(counts(), unit="people", minutes_each=40)
    hours = balance(counts(), unit="hours", minutes_each=40)
    for column in ("demand", "capacity", "activity", "queue", "expected"):
        assert hours.table[column].to_numpy() * 1.5 == pytest.approx(people.table[column].to_numpy())


def test_a_table_all_in_hours_stays_in_hours():
    made = balance(counts(), given_in="hours", minutes_each=30)
    assert made.unit == "hours"
    assert made.table["queue"].tolist() == [102, 104, 106, 108]
    assert made.sentence() == (
        "At the bottleneck, 30 hours of work came in an average week, 28 could be done and 28 were. "
        "Demand is above capacity by 2 hours a week. The backlog went from 100.0 to 107.5 hours."
    )


def test_few_people_are_hidden_in_hours_too():
    """At 2 hours each, 14 hours are 7 people and 16 hours are 8."""
    table = {"period": MONDAYS[:2], "demand": [14, 16], "capacity": [20, 20], "activity": [0, 16]}
    made = balance(table, given_in="hours", minutes_each=120, synthetic=True)
    assert made.shown()["demand"].tolist() == ["*", "16.0"]
    assert made.shown()["queue"].tolist() == ["*", "*"]
    assert "to less than 16 hours" in made.sentence()


# What is said.


def test_a_list_that_capacity_covers_is_said_to_be_covered():
    table = counts(capacity=[35] * 4, activity=[34] * 4, backlog=[96, 92, 88, 84])
    assert balance(table, step=WHOLE, synthetic=True).sentence() == (
        "Over the whole journey, 30 people came in an average week, 35 could be seen and 34 were. "
        "Capacity covers demand on average. The backlog went from 100 to 84 people."
    )


def test_real_counts_are_rounded_and_few_are_hidden():
    """To the nearest 5, and nothing from 1 to 7."""
    shown = balance(counts(backlog=[102, 104, 121, 123])).shown()
    assert shown["queue"].tolist() == ["100", "105", "120", "125"]
    assert shown["gap"].tolist() == ["0", "0", "15", "0"]
    assert shown["period"].tolist()[0] == "6 January 2025"
    assert balance(counts(demand=[5, 60, 30, 30], backlog=[""] * 4, activity=[5, 5, 30, 30])).shown()[
        "demand"
    ].tolist() == ["*", "60", "30", "30"]


def test_a_gap_below_the_sum_is_shown_with_its_sign():
    assert balance(counts(backlog=[102, 84, 106, 108])).shown()["gap"].tolist() == ["0", "-20", "20", "0"]


@pytest.mark.parametrize("every", ["day", "month"])
def test_days_and_months_are_periods_too(every):
    dates = {
        "day": ["2025-03-29", "2025-03-30", "2025-03-31", "2025-04-01"],
        "month": ["2025-01", "2025-02", "2025-03", "2025-04"],
    }
    made = balance(counts(period=dates[every]), every=every)
    assert made.table["queue"].tolist() == [102, 104, 106, 108]
    assert f"in an average {every}" in made.sentence()


def test_own_column_names_are_used_as_told():
    table = counts()
    table = {"Week beginning": table["period"], "Referrals": table["demand"], **table}
    del table["period"], table["demand"]
    made = balance(table, columns={"period": "Week beginning", "demand": "Referrals"})
    assert made.table["demand"].tolist() == [30] * 4


# Refusals.


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: balance(counts(), given_in={"capacity": "hours"}),
            (
                "The table has demand, activity in people and capacity in hours. "
                "Give minutes_each, the minutes one person takes at the bottleneck."
            ),
        ),
        (
            lambda: balance(counts(), given_in={"capacity": "minutes"}),
            'No unit called "minutes"; there are "people", "hours".',
        ),
        (
            lambda: balance(counts(), unit="hours", minutes_each=0),
            "minutes_each must be above 0 minutes; 0 came.",
        ),
        (
            lambda: balance(counts(period=["2025-01-06", "2025-01-13", "2025-01-20", "2025-02-10"])),
            (
                "Between row 4 (20 January 2025) and row 5 (10 February 2025) 2 weeks are missing: "
                "27 January 2025, 3 February 2025. Add a row for each, with 0 where nothing came or was done."
            ),
        ),
        (
            lambda: balance(counts(period=["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"])),
            (
                "Between row 2 (1 January 2025) and row 3 (1 February 2025) there are 31 days, which is not one week. "
                "Bring one row a week, or say another period with every."
            ),
        ),
        (
            lambda: balance(counts(period=["2025-02-01", "2025-03-01", "2025-03-29", "2025-04-26"])),
            (
                "Between row 2 (1 February 2025) and row 3 (1 March 2025) there are 28 days, which is not one week. "
                "Bring one row a week, or say another period with every."
            ),
        ),
        (
            lambda: balance(counts(period=["2025-01-06", "2025-01-13", "2025-01-13", "2025-01-20"])),
            (
                "Between row 3 (13 January 2025) and row 4 (13 January 2025) time does not go on. "
                "Keep one row a week, in order of date."
            ),
        ),
        (
            lambda: balance(counts(period=["06/01/2025", "2025-01-13", "2025-01-20", "2025-01-27"])),
            "Row 2: the period needs a date such as \"2026-04-30\", year first; '06/01/2025' came.",
        ),
        (
            lambda: balance(counts(activity=[28, None, 28, 28])),
            "Row 3 (13 January 2025): activity is blank. Type the number, or 0 if there was none.",
        ),
        (
            lambda: balance(counts(demand=[30, 30, "thirty", 30])),
            "Row 4 (20 January 2025): demand must be a number; 'thirty' came.",
        ),
        (
            lambda: balance(counts(demand=[30, 30, -3, 30])),
            "Row 4 (20 January 2025): demand must be 0 or more; -3 came.",
        ),
        (
            lambda: balance(counts(backlog=[""] * 4, activity=[30, 34, 30, 30])),
            (
                "Row 3 (13 January 2025): 4 people more were done or removed than had come. "
                "Correct that week, or give a backlog_at_start that is larger by 4."
            ),
        ),
        (
            lambda: balance(counts(demand=[1, 2])),
            (
                "Columns must have one number a period each; period has 4, demand has 2, capacity has 4, "
                "activity has 4, backlog has 4. Add what is missing."
            ),
        ),
        (
            lambda: balance({"period": [], "demand": [], "capacity": [], "activity": []}),
            "The table holds no rows. Add one row for each period.",
        ),
        (
            lambda: balance(pd.DataFrame(counts())[["period", "demand"]]),
            'No column in the table called "capacity"; there are "period", "demand".',
        ),
        (lambda: balance(counts(), every="year"), 'No period called "year"; there are "day", "week", "month".'),
    ],
)
def test_a_table_that_cannot_be_added_up_is_refused(make, sentence):
    assert said(make) == sentence
