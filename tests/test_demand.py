"""Does `flowlib.measure.demand` count demand, capacity, activity and queue on one basis?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said
from scipy import stats

from flowlib import Arrivals, EventLog, Exponential, Pathway, Step, hours, simulate
from flowlib.core import data
from flowlib.measure.demand import (
    WHOLE,
    busiest,
    capacity_at_percentile,
    dcaq,
    failure_demand,
    rhythm,
    series,
)

WEEK = 168


def in_rows(rows, *, weeks=4, begins="2025-01-06 00:00", ends=None):
    """A log from rows (who, where, came, began, ended, outcome), in hours after a Monday in London."""
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended", "how"])
    zero = pd.Timestamp("2025-01-06", tz="Europe/London")
    columns = {"arrived": "came", "started": "began", "finished": "ended"}
    columns = {role: column for role, column in columns.items() if frame[column].notna().any()}
    for time in columns.values():
        frame[time] = (zero + pd.to_timedelta(frame[time], unit="h")).dt.strftime("%Y-%m-%d %H:%M:%S").fillna("")
    window = (begins, ends or pd.Timestamp("2025-01-06") + pd.Timedelta(weeks=weeks))
    return EventLog.from_frame(frame, person="who", step="where", outcome="how", observed=window, **columns)


def seen(who, came, began, ended, step="A"):
    return (who, step, came, began, ended, "completed")


# Four weeks that can be checked by head: 10 come in each week; 5, 10, 10 and 15 are seen.
BACKLOG = [
    seen(f"p{number}", week * WEEK + k, begun * WEEK + k + 0.5, begun * WEEK + k + 1)
    for number, (week, begun, k) in enumerate(
        (place // 10, (place + 5) // 10 if place < 35 else 3, place % 10) for place in range(40)
    )
]


@pytest.fixture(scope="module")
def journey():
    return data.journey()


@pytest.fixture(scope="module")
def department():
    return data.load("wexmoor_ed")


# Demand, capacity, activity and queue.


def test_four_weeks_balance_as_they_do_by_head():
    """By head: the queue is 5 at the end of each of three weeks, and then empty."""
    made = dcaq(in_rows(BACKLOG), "A")
    assert made.table["demand"].tolist() == [10, 10, 10, 10]
    assert made.table["activity"].tolist() == [5, 10, 10, 15]
    assert made.table["queue"].tolist() == [5, 5, 5, 0]
    assert made.table["turned_away"].tolist() == [0, 0, 0, 0]


def test_the_capacity_is_what_was_done_in_weeks_with_a_queue_at_both_ends():
    """By head: weeks 2 and 3 begin and end with a queue of 5; 10 were seen in each."""
    made = dcaq(in_rows(BACKLOG), "A")
    assert set(made.table["capacity"]) == {10}
    assert made.capacity_from == "what was done in weeks that began and ended with a queue"


def test_without_a_queue_the_capacity_is_not_known():
    made = dcaq(in_rows([seen(f"p{k}", k, k, k + 1) for k in range(600)]), "A")
    assert made.table["capacity"].isna().all()
    assert made.capacity_from == "not known"


def test_a_capacity_that_is_given_stands():
    assert set(dcaq(in_rows(BACKLOG), "A", capacity=12).table["capacity"]) == {12}
    assert "people a week or more" in said(lambda: dcaq(in_rows(BACKLOG), "A", capacity=-1))


@pytest.mark.parametrize("every", ["day", "week", "month"])
@pytest.mark.parametrize("step", ["Ward", "Home First", "Home care"])
def test_the_queue_changes_by_demand_less_activity_less_turned_away(journey, step, every):
    """An identity, period by period; the last queue is counted from the rows themselves."""
    table = dcaq(journey, step, every=every).table
    change = table["demand"] - table["activity"] - table["turned_away"]
    assert (table["queue"].diff()[1:] == change[1:]).all()
    rows = journey.frame[journey.frame["step"] == step]
    end = pd.Timestamp("2025-08-01" if every == "month" else "2025-08-04", tz="Europe/London")
    waiting = (rows["arrived"] < end) & ~(rows["started"] < end) & (rows["outcome"] != "turned_away")
    assert table["queue"].iloc[-1] == waiting.sum()


def test_whoever_waits_when_the_first_period_begins_is_in_its_queue():
    """By head: of 3 who came the week before, 1 was seen then; 2 wait, and both are seen in week 1."""
    rows = [seen("a", -20, -19, -18), seen("b", -10, 5, 6), seen("c", -9, 7, 8), seen("d", 20, 200, 201)]
    made = dcaq(in_rows(rows), "A")
    assert made.table["demand"].tolist() == [1, 0, 0, 0]
    assert made.table["activity"].tolist() == [2, 1, 0, 0]
    assert made.table["queue"].tolist() == [1, 0, 0, 0]
    assert set(made.table["capacity"]) == {2}  # week 1 alone begins and ends with a queue


def test_the_whole_journey_counts_those_on_the_way(journey):
    """The queue at the end is the people of the log who are still there; all who came are demand."""
    made = dcaq(journey)
    whole = journey.journeys()
    assert made.step == WHOLE
    assert made.table["demand"].sum() == len(whole)
    assert made.table["queue"].iloc[-1] == whole["still_here"].sum()
    assert made.sentence().startswith("Over the whole journey, ")


def test_people_turned_away_or_gone_are_not_seen_and_not_waiting():
    """By head: 20 come; 4 are turned away at once, 3 give up, 13 are seen."""
    rows = [seen(f"s{k}", k, k + 1, k + 2) for k in range(13)]
    rows += [(f"t{k}", "A", k, None, None, "turned_away") for k in range(4)]
    rows += [(f"g{k}", "A", k, None, k + 5, "gave_up") for k in range(3)]
    table = dcaq(in_rows(rows), "A").table
    assert table.loc[0, ["demand", "activity", "turned_away", "queue"]].tolist() == [20, 13, 7, 0]


def test_a_beginning_that_is_not_recorded_does_not_wait_for_ever():
    """1 in 3 beginnings is blank; those people were seen all the same, at the latest when they left."""
    rows = [seen(f"p{k}", k, None if k % 3 == 0 else k, k + 1) for k in range(300)]
    table = dcaq(in_rows(rows), "A").table
    assert table["activity"].sum() == 300
    assert table["queue"].max() <= 1


def test_where_no_beginnings_are_recorded_activity_is_people_who_end():
    """By head: one person an hour for a week, each for 30 hours: 30 of them end in the second week."""
    log = in_rows([seen(f"p{k}", k, None, k + 30) for k in range(WEEK)])
    assert dcaq(log, "A").table["activity"].tolist() == [WEEK - 30, 30, 0, 0]


def test_only_whole_periods_count():
    """From Wednesday 8 January to Friday 14 February there are 4 whole weeks, and no whole month."""
    rows = [seen(f"p{k}", 48 + k, 48 + k, 49 + k) for k in range(5 * WEEK)]
    log = in_rows(rows, begins="2025-01-08", ends="2025-02-14")
    assert [f"{period:%d %b}" for period in dcaq(log, "A").table["period"]] == ["13 Jan", "20 Jan", "27 Jan", "03 Feb"]
    assert dcaq(log, "A").table["demand"].tolist() == [WEEK] * 4
    assert "no whole month" in said(lambda: dcaq(log, "A", every="month"))


def test_a_log_that_ends_with_its_last_event_keeps_its_last_week():
    """Nobody came after Sunday 10pm, so the window ends there; the week is whole all the same."""
    rows = [seen(f"p{k}", k, k, k + 0.5) for k in range(2 * WEEK - 2)]
    log = in_rows(rows, ends="2025-01-19 22:00")
    assert dcaq(log, "A").table["demand"].tolist() == [WEEK, WEEK - 2]


def test_days_across_a_clock_change_begin_at_midnight():
    """London, 30 March 2025 has 23 hours: with one person every hour on the hour, 23 come."""
    frame = pd.DataFrame({"when": pd.date_range("2025-03-29", "2025-03-31 23:00", freq="h", tz="Europe/London")})
    frame["who"], frame["where"] = [f"p{k}" for k in range(len(frame))], "A"
    log = EventLog.from_frame(frame, person="who", step="where", finished="when", observed=("2025-03-29", "2025-04-01"))
    table = dcaq(log, "A", every="day").table
    assert table["demand"].tolist() == [24, 23, 24]
    assert [moment.hour for moment in table["period"]] == [0, 0, 0]


def test_the_runs_of_a_simulation_are_averaged():
    """Two runs show the mean of each, not their sum: about 24 people a day at 1 an hour."""
    desk = Pathway("Desk", [Step("desk", 2, Exponential(hours(1)))], [Arrivals("desk", per_hour=1)])
    both = simulate(desk, days=28, seed=1, runs=2)
    each = [dcaq(both.only(run=run), "desk").table for run in (0, 1)]
    made = dcaq(both, "desk").table
    for column in ("demand", "activity", "queue"):
        assert made[column].tolist() == ((each[0][column] + each[1][column]) / 2).tolist()
    by_day = rhythm(both, "desk")["arrivals"].sum()
    assert by_day == pytest.approx(len(both) / 2 / 28)


def test_the_balance_is_told_in_words(journey):
    """Home First has 75 places for about 28 people a week: it turns some away."""
    told = dcaq(journey, "Home First").sentence()
    assert told == (
        "At Home First, 28 people came in an average week and 24 were seen to. About 4 a week were turned away."
    )
    assert dcaq(in_rows(BACKLOG), "A").sentence().endswith("The two are in balance.")


def test_a_growing_queue_is_told_with_small_numbers_hidden():
    """By head: 10 a week come and 5 are seen, so 5 wait after week 1 and 20 after week 4."""
    rows = [seen(f"p{w}-{k}", w * WEEK + k, w * WEEK + k + 1, w * WEEK + k + 2) for w in range(4) for k in range(5)]
    rows += [(f"q{w}-{k}", "A", w * WEEK + k, None, None, "still_here") for w in range(4) for k in range(5)]
    told = dcaq(in_rows(rows), "A").sentence()
    assert told.endswith("The queue went from fewer than 8 to 20 people.")
    few = [row for row in rows if row[0].startswith("p") or row[0].endswith("-0")]
    assert dcaq(in_rows(few), "A").sentence().endswith("The queue is fewer than 8 people.")


def test_what_is_shown_hides_small_numbers_and_names_days_plainly():
    shown = dcaq(in_rows(BACKLOG), "A").shown()
    assert shown["period"].tolist() == ["6 January 2025", "13 January 2025", "20 January 2025", "27 January 2025"]
    assert shown["activity"].tolist() == ["*", "10", "10", "15"]
    assert shown["queue"].tolist() == ["*", "*", "*", "0"]


def test_unknown_names_are_refused_with_the_nearest(journey):
    assert 'Did you mean "Home First"?' in said(lambda: dcaq(journey, "Home Frist"))
    assert 'there are "day", "week", "month"' in said(lambda: dcaq(journey, every="year"))
    assert 'there are "hour", "weekday"' in said(lambda: rhythm(journey, by="month"))
    assert 'there are "mean_hours", "median_hours"' in said(lambda: series(journey, of="p90"))


# The rhythm of day and week.


@pytest.mark.parametrize("step", ["Clinician", "Bed", None])
def test_the_hours_of_an_average_day_add_up_to_the_daily_mean(department, step):
    """Over 30 weeks, of which one Sunday lacks an hour: within 1 part in 1,000 of people over days."""
    came = department.people if step is None else (department.frame["step"] == step).sum()
    assert rhythm(department, step)["arrivals"].sum() == pytest.approx(came / 210, rel=0.001)


def test_the_weekdays_of_an_average_week_add_up_to_the_weekly_mean(department):
    week = rhythm(department, by="weekday")["arrivals"]
    assert week.sum() == pytest.approx(department.people / 30, rel=0.001)


def test_the_rhythm_of_the_department_is_the_one_that_was_planted(department):
    """Arrivals by hour against the weights in data/build.py, up to the clock change: four standard errors an hour."""
    night, day = (2.9, 2.4, 2.0, 1.7, 1.5, 1.5, 1.8, 2.4), (3.7, 5.2, 6.1, 6.3, 6.1, 5.9, 5.8, 5.8)
    evening = (5.8, 5.8, 5.7, 5.5, 5.1, 4.5, 3.8, 3.7)
    weight = np.asarray(night + day + evening)
    planted = 200 * weight / weight.sum()
    found = rhythm(department.until("2025-03-30"), "Clinician")["arrivals"].to_numpy()
    assert (np.abs(found - planted) < 4 * np.sqrt(planted / 83)).all()


def test_a_weekday_that_a_short_log_holds_twice_is_not_busier_for_it():
    """One person an hour for ten days from a Monday: 24 on every weekday, 1 in every hour."""
    rows = [seen(f"p{k}", k, k, k + 0.5) for k in range(240)]
    log = in_rows(rows, ends="2025-01-16")
    assert rhythm(log, "A", by="weekday")["arrivals"].tolist() == [24] * 7
    assert rhythm(log, "A")["arrivals"].tolist() == [1] * 24


def test_a_weekday_that_the_log_does_not_cover_is_missing_not_nought():
    log = in_rows([seen(f"p{k}", k, k, k + 0.5) for k in range(48)], ends="2025-01-08")
    assert rhythm(log, "A", by="weekday")["arrivals"].isna().tolist() == [False] * 2 + [True] * 5


def test_people_wait_at_the_hours_at_which_they_waited():
    """By head: each day one person waits from 9:30 to 11:30, so at 10 and at 11 there is one."""
    log = in_rows([seen(f"p{d}", 24 * d + 9.5, 24 * d + 11.5, 24 * d + 12) for d in range(28)])
    made = rhythm(log, "A").set_index("hour")
    assert made.index[made["waiting"] == 1].tolist() == [10, 11]
    assert made["waiting"].sum() == 2
    assert made.index[made["starts"] == 1].tolist() == [11]


def test_starts_and_waits_are_missing_where_they_are_not_recorded():
    made = rhythm(in_rows(BACKLOG))
    assert made["starts"].isna().all()
    assert made["waiting"].isna().all()


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "midnight to 1am"), (9, "9am to 10am"), (11, "11am to noon"), (12, "noon to 1pm"), (23, "11pm to midnight")],
)
def test_the_busiest_hour_is_said_as_people_say_it(hour, words):
    table = pd.DataFrame({"hour": range(24), "arrivals": [1.0] * 24})
    table.loc[hour, "arrivals"] = 2.0
    assert busiest(table) == words


def test_the_busiest_weekday_has_its_name(department):
    """Monday has 1.10 times the mean in data/build.py; the next, Tuesday, 1.02: 6 standard errors apart."""
    assert busiest(rhythm(department, "Clinician", by="weekday")) == "Monday"


# A number a period.


def weekly(people, *, weeks=30):
    """So many people in each week, each waiting 2 hours."""
    hours = [(w * WEEK + k, f"p{w}-{k}") for w in range(weeks) for k in range(people)]
    return in_rows([seen(who, at, at + 2, at + 9) for at, who in hours], weeks=weeks)


def test_a_chart_over_time_is_by_week_where_most_weeks_have_8_people():
    made = series(weekly(8), "A")
    assert (made.every, len(made.table), made.left_out, made.unfinished) == ("week", 30, 0, 0)
    assert set(made.table["value"]) == {2.0}
    assert set(made.table["people"]) == {8}


def test_a_chart_over_time_is_by_month_where_weeks_have_too_few():
    made = series(weekly(3, weeks=60), "A")
    assert made.every == "month"
    assert made.table["people"].min() >= 12


def test_thin_weeks_are_left_out_and_counted():
    """Weeks 3 and 9 of 30 have 4 people; the rest have 10."""
    few = {3, 9}
    rows = [
        seen(f"p{w}-{k}", w * WEEK + k, w * WEEK + k + 1, w * WEEK + k + 2)
        for w in range(30)
        for k in range(4 if w in few else 10)
    ]
    made = series(in_rows(rows, weeks=30), "A")
    assert (len(made.table), made.left_out) == (28, 2)
    assert pd.Timestamp("2025-01-27") not in set(made.table["x"])


def test_the_last_weeks_are_not_judged_by_those_who_were_quick():
    """
    Everybody waits for 1 or for 20 days. In the last weeks only the quick have been seen: a chart of them would fall.

    By head: 10 and 10 people a week make a mean of 10.5 days, in every week that is shown; the last 3 of 30 are not.
    """
    rows = []
    for week in range(30):
        for k in range(20):
            came = week * WEEK + 4 * k
            began = came + 24 * (1 if k % 2 else 20)
            over = began < 30 * WEEK
            rows.append(
                (
                    f"p{week}-{k}",
                    "A",
                    came,
                    began if over else None,
                    began if over else None,
                    "completed" if over else "still_here",
                )
            )
    made = series(in_rows(rows, weeks=30), "A")
    assert set(made.table["value"]) == {24 * 10.5}
    assert (len(made.table), made.unfinished, made.left_out) == (27, 3, 0)


def test_the_length_of_the_whole_journey_is_charted_by_the_week_it_began(journey):
    """Against the journeys themselves, for a week in which nobody is still there."""
    whole = journey.journeys()
    week = whole[(whole["arrived"] >= "2025-01-13") & (whole["arrived"] < "2025-01-20")]
    assert not week["still_here"].any()
    made = series(journey).table.set_index("x")
    assert made.loc[pd.Timestamp("2025-01-13"), "value"] == pytest.approx(week["hours"].mean())
    assert made.loc[pd.Timestamp("2025-01-13"), "people"] == len(week)


def test_the_middle_wait_can_be_charted_too(journey):
    week = journey.only(step="Ward").waits("week")
    made = series(journey, "Ward", of="median_hours").table.set_index("x")
    assert made["value"].to_dict() == pytest.approx(week["median_hours"].to_dict())


def test_a_step_without_waits_has_nothing_to_plot():
    log = in_rows([seen(f"p{k}", k, None, k + 1) for k in range(20)])
    assert "nothing to plot" in said(lambda: series(log, "A"))


# Percentiles and failure demand.


@pytest.mark.parametrize("p", [0.5, 0.65, 0.75, 0.85, 0.94])
def test_the_capacity_for_a_percentile_is_the_poisson_quantile(p):
    """
    10 a day by chance, 20,000 days: the quantile itself.

    The shares at the two whole numbers beside it are more than four standard errors away from p.
    """
    demand = np.random.default_rng(7).poisson(10, 20_000)
    quantile = stats.poisson(10).ppf(p)
    assert min(abs(stats.poisson(10).cdf(quantile + step) - p) for step in (-1, 0)) > 4 * math.sqrt(
        p * (1 - p) / 20_000
    )
    assert capacity_at_percentile(demand, p) == quantile


def test_the_65th_and_85th_percentile_of_10_a_day_are_those_of_the_curriculum():
    """The curriculum's table: 11 is the 65th percentile, 13 both the 80th and the 85th."""
    days = stats.poisson(10).ppf((np.arange(1000) + 0.5) / 1000)
    assert [capacity_at_percentile(days, p) for p in (0.65, 0.8, 0.85)] == [11, 13, 13]


@pytest.mark.parametrize("count", [10, 100, 365])
def test_a_share_of_periods_is_met_exactly(count):
    """Of 1 to n, k is enough in k of n periods, for every k: no rounding adds one."""
    assert [capacity_at_percentile(range(1, count + 1), k / count) for k in range(1, count + 1)] == list(
        range(1, count + 1)
    )


def test_a_percentile_in_percent_or_of_nothing_is_refused():
    assert "from 0 to 1" in said(lambda: capacity_at_percentile([1, 2], 65))
    assert "none missing" in said(lambda: capacity_at_percentile([], 0.5))
    assert "none missing" in said(lambda: capacity_at_percentile([1, float("nan")], 0.5))


@pytest.mark.parametrize(
    ("failures", "seen", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_failure_demand_is_wilsons(failures, seen, low, high):
    """R. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    made = failure_demand(failures, seen)
    assert (made.lower_95_ci, made.upper_95_ci) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert made.share == failures / seen


def test_more_failures_than_contacts_are_refused():
    assert "41 of 40 came" in said(lambda: failure_demand(41, 40))
    assert "1 or more" in said(lambda: failure_demand(0, 0))
