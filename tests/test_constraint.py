"""Does `flowlib.diagnose.constraint` find the step that holds the flow back?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import Arrivals, Constant, EventLog, Exponential, Pathway, Route, Step, hours, minutes, simulate
from flowlib.core import data
from flowlib.diagnose.constraint import constraint, littles_law_in
from flowlib.diagnose.queueing import mmc
from flowlib.mapping.process_map import process_map

STEPS = ("triage", "doctor", "tests")


def in_rows(rows, *, days=28):
    """A log from rows (who, where, came, began, ended, left, outcome), in hours after a Monday in London."""
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended", "gone", "how"])
    zero = pd.Timestamp("2025-01-06", tz="Europe/London")
    columns = {"arrived": "came", "started": "began", "finished": "ended", "left": "gone"}
    columns = {role: column for role, column in columns.items() if frame[column].notna().any()}
    for time in columns.values():
        frame[time] = (zero + pd.to_timedelta(frame[time], unit="h")).dt.strftime("%Y-%m-%d %H:%M:%S").fillna("")
    window = ("2025-01-06", pd.Timestamp("2025-01-06") + pd.Timedelta(days=days))
    return EventLog.from_frame(frame, person="who", step="where", outcome="how", observed=window, **columns)


def tandem(busy, *, people_an_hour=4.0):
    """Three steps in a row, two places each: one is 95% busy, the others 60%."""
    steps = [Step(s, 2, Exponential(hours(2 * (0.95 if s == busy else 0.6) / people_an_hour))) for s in STEPS]
    routes = [Route("triage", "doctor"), Route("doctor", "tests")]
    return Pathway("Tandem", steps, [Arrivals("triage", per_hour=people_an_hour)], routes)


@pytest.fixture(scope="module", params=STEPS)
def planted(request):
    """The step that is busiest, and a log of it."""
    return request.param, simulate(tandem(request.param), days=120, warm_up_days=14, seed=11)


def event_log():
    """One time an event. By head, ten people: 2 hours before B and 1 hour before C."""
    rows = [
        (f"p{k}", step, None, None, k + at, None, "completed")
        for k in range(10)
        for step, at in zip("ABC", (0, 2, 3), strict=True)
    ]
    return in_rows(rows)


# The constraint.


def test_the_bottleneck_is_found_wherever_it_is_planted(planted):
    """Erlang C: at 95% two servers make people wait 9.3 service times, at 60% only 0.6 (M/M/2)."""
    busy, log = planted
    made = constraint(log)
    assert (made.step, made.basis) == (busy, "waiting")
    waits = [mmc(4, 4 / (2 * use), servers=2).mean_wait for use in (0.95, 0.6, 0.6)]
    assert made.table.set_index("step").loc[busy, "share_of_waiting"] > 0.5 * waits[0] / sum(waits)
    assert made.sentence().startswith(f"{busy} holds the flow back most. Of all the hours that people wait, ")


def test_the_load_of_each_step_is_the_one_that_was_planted(planted):
    """Work over places: the mean of n stays and n arrivals, each 4 standard errors of 1 / sqrt(n)."""
    busy, log = planted
    made = constraint(log, capacity=dict.fromkeys(STEPS, 2))
    found = made.table.set_index("step")["load"]
    error = 4 * math.sqrt(2 / (4 * 24 * 120))
    assert found.to_dict() == pytest.approx({s: 0.95 if s == busy else 0.6 for s in STEPS}, rel=error)
    assert (made.step, made.basis) == (busy, "load")


def test_the_load_is_work_that_comes_over_work_that_can_be_done():
    """By head: 96 people of 14 hours each make 1,344 hours; 2 places give 1,344 in 28 days: 1 exactly."""
    rows = [(f"p{k}", "A", 6 * k, 6 * k + 1, 6 * k + 15, 6 * k + 15, "completed") for k in range(96)]
    table = constraint(in_rows(rows), capacity={"A": 2}).table
    assert table["load"].tolist() == [pytest.approx(1)]
    assert constraint(in_rows(rows), capacity={"A": 1}).table["load"].tolist() == [pytest.approx(2)]


def test_an_overloaded_step_holds_the_flow_back_whatever_is_waited_elsewhere():
    """B has 1 place for 1.4 places of work; at C people wait by choice, for longer."""
    rows = []
    for k in range(96):
        rows.append((f"p{k}", "B", 7 * k, 7 * k + 1, 7 * k + 10.8, 7 * k + 10.8, "completed"))
        rows.append((f"p{k}", "C", 7 * k + 10.8, 7 * k + 40, 7 * k + 41, 7 * k + 41, "completed"))
    log = in_rows([row for row in rows if row[5] < 670])
    assert constraint(log).step == "C"
    made = constraint(log, capacity={"B": 1, "C": 5})
    assert (made.step, made.basis) == ("B", "load")
    assert "For every 10 places it has, 14 are asked for." in made.sentence()


@pytest.mark.parametrize(
    ("load", "words"),
    [(0.95, "It is busy 9.5 hours in every 10."), (1.03, "For every 100 places it has, 103 are asked for.")],
)
def test_a_load_near_one_is_told_so_that_the_difference_shows(load, words):
    stay = 7 * load
    rows = [(f"p{k}", "A", 7 * k, 7 * k + 0.5, 7 * k + 0.5 + stay, 7 * k + 0.5 + stay, "completed") for k in range(90)]
    told = constraint(in_rows(rows, days=26.25), capacity={"A": 1}).sentence()
    assert words in told


def test_the_mean_wait_is_the_one_on_the_map():
    """One number: Home First's mean wait on the map and in the diagnosis, also with people still waiting."""
    log = data.journey().until("2025-05-05")
    made = constraint(log, capacity={"Home First": 75}).table.set_index("step")["mean_wait_hours"]
    on_map = process_map(log).steps.set_index("step")["mean_wait_hours"]
    assert made.to_dict() == pytest.approx(on_map.to_dict())


def test_people_who_gave_up_have_waited_too():
    """By head: 10 people are seen after 1 hour at A; at B 10 give up after 9 hours, and 1 is seen at once."""
    rows = [(f"s{k}", "A", k, k + 1, k + 2, k + 2, "completed") for k in range(10)]
    rows += [(f"s{k}", "B", k + 2, None, None, k + 11, "gave_up") for k in range(10)]
    rows += [("s99", "B", 0, 0, 1, 1, "completed")]
    made = constraint(in_rows(rows))
    assert made.step == "B"
    assert made.table.set_index("step")["waiting_hours"].to_dict() == {"A": 10, "B": 90}


def test_people_who_wait_still_have_waited_so_far():
    """By head: 10 people waited 1 hour at A; 2 wait at B since day 1 of 28, 648 hours each."""
    rows = [(f"s{k}", "A", k, k + 1, k + 2, k + 2, "completed") for k in range(10)]
    rows += [("s0", "B", 20, 21, 22, 22, "completed")]
    rows += [(f"w{k}", "B", 24, None, None, None, "still_here") for k in range(2)]
    made = constraint(in_rows(rows))
    assert made.table.set_index("step")["waiting_hours"].to_dict() == {"A": 10, "B": 2 * 648 + 1}


def test_a_full_step_is_found_where_people_wait_for_it_in_the_step_before():
    """The home has 4 places and no waiting list: who is ready keeps a bed on the ward, and nobody waits at its door."""
    path = Pathway(
        "Blocked",
        [
            Step("ward", 20, Exponential(hours(24))),
            Step("home", 4, Exponential(hours(24)), queue_limit=0),
        ],
        [Arrivals("ward", per_hour=3.6 / 24)],
        [Route("ward", "home")],
    )
    log = simulate(path, days=200, warm_up_days=30, seed=4)
    table = constraint(log).table.set_index("step")
    assert (
        log.frame.loc[log.frame["step"] == "home", "arrived"] == log.frame.loc[log.frame["step"] == "home", "started"]
    ).all()
    assert constraint(log).step == "home"
    blocked = log.in_hours.query("step == 'ward' and arrived >= 0")
    end = blocked["left"].fillna(log.hours_observed).where(blocked["finished"].notna())
    assert table.loc["home", "waiting_hours"] == pytest.approx((end - blocked["finished"]).sum())


def test_care_in_a_place_that_is_kept_is_not_counted_twice():
    """By head: the care plan is made in the ward bed, which is kept; only the 2 hours before the plan are waited."""
    rows = []
    for k in range(10):
        rows.append((f"p{k}", "ward", k, k, k + 10, k + 15, "completed"))
        rows.append((f"p{k}", "plan", k + 10, k + 12, k + 15, k + 15, "completed"))
    table = constraint(in_rows(rows)).table.set_index("step")
    assert table["waiting_hours"].to_dict() == {"ward": 0, "plan": 20}


def test_with_one_time_an_event_the_gaps_stand_in_for_the_waits():
    made = constraint(event_log())
    assert (made.step, made.basis) == ("B", "gap")
    assert made.table["waiting_hours"].tolist() == [0, 20, 10]
    assert made.sentence() == (
        "Most time passes before B. Of all the hours between steps, 7 in 10 are before it. "
        "A gap is not always a wait: ask what happens in it."
    )


def test_with_one_time_an_event_no_load_can_be_known():
    assert "does not say how long people stay" in said(lambda: constraint(event_log(), capacity={"B": 2}))


def test_a_log_in_which_nobody_waits_has_no_constraint():
    rows = [(f"p{k}", "A", k, k, k + 1, k + 1, "completed") for k in range(20)]
    assert "Nobody waits" in said(lambda: constraint(in_rows(rows)))


def test_places_at_a_step_that_is_not_there_are_refused_with_the_nearest():
    log = data.journey()
    assert 'Did you mean "Home First"?' in said(lambda: constraint(log, capacity={"Home Frist": 75}))
    assert "1 or more" in said(lambda: constraint(log, capacity={"Home First": 0}))


def test_few_people_are_not_described():
    rows = [(f"p{k}", "A", k, k + 2, k + 3, k + 3, "completed") for k in range(20)]
    rows += [(f"p{k}", "B", k + 3, k + 4, k + 5, k + 5, "completed") for k in range(5)]
    shown = constraint(in_rows(rows)).shown().set_index("step")
    assert shown.loc["A"].tolist() == ["20", "2.0", "40.0", "100%", ""]  # of 40 hours; 89% would tell of 5 more at B
    assert shown.loc["B"].tolist() == ["*"] * 5


def test_the_runs_of_a_simulation_do_not_make_a_step_busier():
    """Three runs of a desk that is half busy: 4 standard errors of the arrivals and the stays."""
    desk = Pathway("Desk", [Step("desk", 1, Exponential(minutes(30)))], [Arrivals("desk", per_hour=1)])
    log = simulate(desk, days=60, warm_up_days=2, seed=5, runs=3)
    load = constraint(log, capacity={"desk": 1}).table["load"][0]
    assert load == pytest.approx(0.5, rel=4 * math.sqrt(2 / (60 * 24 * 3)))


# Little's law.


def left_over(log, step):
    """Hours in the log's time of waits that began before it: in the queue, but not among those who join."""
    rows = log.in_hours
    rows = rows[(rows["step"] == step) & (rows["arrived"] < 0)]
    return rows["started"].fillna(rows["left"]).fillna(log.hours_observed).clip(lower=0).sum()


@pytest.mark.parametrize("patience", [None, Exponential(hours(5))])
@pytest.mark.parametrize("warm_up_days", [0, 14])
def test_the_queue_is_people_a_day_times_days_each(patience, warm_up_days):
    """
    Little's law, exact but for two things that can be worked out.

    Waits that began before the log are in the queue alone; and a census every hour finds a
    wait of w hours on average w times, with a variance of a quarter at most.
    """
    desk = Step("desk", 2, Exponential(hours(1)), patience=patience)
    log = simulate(
        Pathway("Desk", [desk], [Arrivals("desk", per_hour=1.9)]), days=60, warm_up_days=warm_up_days, seed=9, runs=2
    )
    law = littles_law_in(log, "desk")
    hours_in_all = 60 * 24 * 2
    sampling = 4 * math.sqrt(0.25 * len(log)) / hours_in_all
    assert law.waiting == pytest.approx(law.product + left_over(log, "desk") / hours_in_all, abs=sampling)
    assert law.product > 10 * sampling


def test_littles_law_counts_no_one_who_was_turned_away():
    """Against the rows: those who joined the queue of Home First, a day."""
    log = data.journey()
    rows = log.frame[(log.frame["step"] == "Home First") & (log.frame["outcome"] != "turned_away")]
    assert littles_law_in(log, "Home First").per_day == pytest.approx(len(rows) / log.hours_observed * 24)


def test_littles_law_by_head():
    """Two people a day each wait 6 hours, from 9am to 3pm: a mean of half a person waits."""
    rows = [
        (f"p{d}-{k}", "A", 24 * d + 9, 24 * d + 15, 24 * d + 16, 24 * d + 16, "completed")
        for d in range(28)
        for k in range(2)
    ]
    law = littles_law_in(in_rows(rows), "A")
    assert (law.per_day, law.days_each) == (pytest.approx(2), pytest.approx(0.25))
    assert law.waiting == pytest.approx(0.5, abs=0.5 / 672)  # one moment more than hours, at the end


def test_without_waits_there_is_no_law_to_hold():
    assert "No waits are recorded" in said(lambda: littles_law_in(event_log(), "B"))


def test_a_constant_pathway_keeps_its_only_wait():
    """By head: two people every 2 hours on the hour, one place, 1 hour each: the second waits 1 hour each time."""
    times = tuple(float(2 * k) for k in range(300) for _ in (0, 1))
    desk = Pathway("Desk", [Step("desk", 1, Constant(hours(1)))], [Arrivals("desk", times=times)])
    law = littles_law_in(simulate(desk, days=25, seed=1), "desk")
    assert law.product == pytest.approx(0.5)
    assert np.isclose(law.per_day, 24)
