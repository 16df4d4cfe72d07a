"""Does each measure of a log say what can be counted by hand, and what the log's own tables say?"""

import math
import time

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import Arrivals, EventLog, Exponential, LogNormal, Pathway, Rota, Route, Step, hours, simulate
from flowlib.redesign.experiment import (
    blocked_bed_days,
    longest_queue,
    mean_blocked,
    mean_there,
    mean_wait,
    median_wait,
    most_blocked,
    occupancy,
    occupancy_by_hour,
    occupied_in_hour,
    percentile_wait,
    share_gave_up,
    share_turned_away,
    share_waiting_over,
    share_within,
)

MONDAY = pd.Timestamp("2025-01-06")
STEP_MEASURES = [
    mean_wait, median_wait, percentile_wait, share_gave_up, share_turned_away, mean_there, blocked_bed_days,
    mean_blocked, most_blocked, longest_queue,
]  # fmt: skip


def in_rows(rows, *, days=2, begins=MONDAY):
    """A log from rows (who, where, came, began, ended, left, outcome), hours after it begins."""
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended", "gone", "how"])
    for moment in ("came", "began", "ended", "gone"):
        frame[moment] = begins + pd.to_timedelta(frame[moment], unit="h")
    return EventLog.from_frame(
        frame, person="who", step="where", arrived="came", started="began", finished="ended", left="gone",
        outcome="how", observed=(begins, begins + pd.Timedelta(days=days)),
    )  # fmt: skip


DONE, HERE = "completed", "still_here"
# One bed. The queue holds b and c from 2 to 6; a is blocked from 4 to 6, b from 9 to 12; c is still there.
WARD = [
    ("a", "ward", 0, 0, 4, 6, DONE),
    ("b", "ward", 1, 6, 9, 12, DONE),
    ("c", "ward", 2, 12, None, None, HERE),
    ("d", "ward", 5, None, None, 8, "gave_up"),
    ("e", "ward", 7, None, None, 7, "turned_away"),
    ("f", "ward", 40, None, None, None, HERE),
]


@pytest.fixture(scope="module")
def ward():
    return in_rows(WARD)


@pytest.fixture(scope="module")
def place():
    """A front door and a ward too small for it: people wait, are blocked, give up and are turned away."""
    steps = [
        Step("door", 3, LogNormal(hours(1), cv=0.8), patience=Exponential(hours(4)), queue_limit=9,
             when_full="turn_away"),
        Step("ward", 20, Exponential(hours(24)), queue_limit=0),
    ]  # fmt: skip
    pathway = Pathway("Place", steps, [Arrivals("door", per_hour=2.6)], [Route("door", "ward", 0.35)])
    return simulate(pathway, days=60, warm_up_days=14, seed=4)


# By hand.


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (share_gave_up("ward"), 1 / 4),  # d, of a to d; f has not decided, e never joined
        (longest_queue("ward"), 3),  # b, c and d from 5 to 6
        (most_blocked("ward"), 1),
        (blocked_bed_days("ward"), (2 + 3) / 24),
        (mean_blocked("ward"), 5 / 48),
        (occupancy("ward", 1), (6 + 6 + 36) / 48),
        (occupancy("ward", 2), 1 / 2),
        (share_within(12, "ward"), 3 / 4),  # a in 6, b in 11, d in 3; not c; f came too late to tell
        (share_within(5, "ward"), 1 / 5),  # d; f has been there for longer
        (share_within(7, "ward"), 2 / 5),
    ],
)
def test_a_measure_is_what_can_be_counted_by_hand(ward, measure, value):
    assert measure.of(ward) == pytest.approx(value)


def test_waits_count_those_who_still_wait_as_kaplan_and_meier_do(ward):
    """By hand: waits of 0, 5 and 10, one cut at 8. After 5, 2 of 4 are over; at 10 the last one left is."""
    assert median_wait("ward").of(ward) == pytest.approx(5)
    assert percentile_wait("ward", 0.9).of(ward) == pytest.approx(10)
    assert percentile_wait("ward", 0.9, unit="days").of(ward) == pytest.approx(10 / 24)


def test_a_wait_that_too_many_still_wait_for_is_not_known():
    """By hand: one began after 1 hour, two still wait after 10: half of them have not begun yet."""
    rows = [("a", "ward", 0, 1, 2, 2, DONE), *((who, "ward", 38, None, None, None, HERE) for who in "bc")]
    assert math.isnan(median_wait("ward").of(in_rows(rows)))


def test_a_journey_lasts_from_the_first_joining_to_the_last_leaving():
    """By hand: a takes 3 + 5 - 1 hours over two steps, b 2, d 1; c is on the way; d came late."""
    rows = [
        ("a", "ward", 4, 4, 8, 8, DONE), ("b", "door", 2, 2, 4, 4, DONE), ("a", "door", 1, 2, 4, 4, DONE),
        ("c", "door", 3, 3, 5, 5, DONE), ("c", "ward", 5, 6, None, None, HERE), ("d", "door", 46, 46, 47, 47, DONE),
    ]  # fmt: skip
    log = in_rows(rows)
    assert [share_within(limit).of(log) for limit in (1, 4, 7)] == pytest.approx([1 / 4, 1 / 3, 2 / 3])


def test_occupancy_by_hour_is_a_table_of_the_day_by_the_clock():
    """By hand, over two days from 6am: in place 8:30 to 10:00 on one day; waiting from 8 to 8:30."""
    log = in_rows([("a", "ward", 2, 2.5, 4, 4, DONE)], begins=MONDAY + pd.Timedelta(hours=6))
    table = occupancy_by_hour(log, "ward").set_index("hour")
    assert table["in_place"].to_dict() == pytest.approx({hour: {8: 0.25, 9: 0.5}.get(hour, 0) for hour in range(24)})
    assert table["waiting"][[7, 8, 9]].tolist() == pytest.approx([0, 0.25, 0])
    assert occupied_in_hour("ward", 9).of(log) == pytest.approx(0.5)


def test_an_hour_is_that_of_the_clock_after_the_clocks_change():
    """The clocks went forward on 30 March 2025, so Sunday noon is 23 hours after Saturday noon."""
    log = in_rows([("a", "ward", 24, 24, 25, 25, DONE)], begins=pd.Timestamp("2025-03-29 12:00"))
    assert occupancy_by_hour(log, "ward").set_index("hour")["in_place"][[11, 12]].tolist() == pytest.approx([0, 0.5])


def test_an_hour_that_the_log_does_not_cover_is_not_known():
    log = in_rows([("a", "ward", 0, 0, 1, 1, DONE)], days=0.5)
    assert occupancy_by_hour(log, "ward")["in_place"].isna().tolist() == [False] * 12 + [True] * 12


def test_occupancy_of_a_rota_is_a_share_of_those_on_duty():
    """By hand: 2 on duty from noon to midnight of Tuesday, 24 hours in 48; one place held for 6 hours."""
    rota = Rota([0] * 36 + [2] * 12 + [0] * 120)
    log = in_rows([("a", "ward", 36, 36, 42, 42, DONE)])
    assert occupancy("ward", rota).of(log) == pytest.approx(6 / 24)
    assert math.isnan(occupancy("ward", Rota([0] * 24)).of(log))


def test_a_queue_of_people_who_follow_one_another_is_of_one():
    """Who begins at a moment has left the queue before who joins then."""
    rows = [("a", "ward", 0, 5, 6, 6, DONE), ("b", "ward", 5, 6, 7, 7, DONE), ("c", "ward", 7, 7, 8, 8, DONE)]
    assert longest_queue("ward").of(in_rows(rows)) == 1


# The log's own tables.


@pytest.mark.parametrize("per_hour", [0.9, 1.1])
def test_waits_are_those_of_the_logs_own_table(per_hour):
    """The oracle is `EventLog.waits`, which has the quantiles from scipy: in a queue that holds, and one that grows."""
    pathway = Pathway("Desk", [Step("desk", 1, Exponential(hours(1)))], [Arrivals("desk", per_hour=per_hour)])
    log = simulate(pathway, days=40, warm_up_days=2, seed=5)
    row = log.waits().loc["desk"]
    assert row["still_waiting"] > 0
    assert mean_wait("desk").of(log) == pytest.approx(row["mean_hours"])
    assert median_wait("desk").of(log) == pytest.approx(row["median_hours"])
    assert percentile_wait("desk").of(log) == pytest.approx(row["p90_hours"], nan_ok=True)


def test_places_by_hour_are_those_of_a_fine_census(place):
    """The oracle is the census every 3 minutes: 1,200 moments an hour of day, so within 1 in 50 of a person."""
    seen = place.census("3min")
    seen = seen[(seen["step"] == "ward") & (seen["at"] < place.observed[1])]
    held = (seen["there"] - seen["waiting"]).groupby(seen["at"].dt.hour).mean()
    table = occupancy_by_hour(place, "ward").set_index("hour")
    assert table["in_place"].to_numpy() == pytest.approx(held.to_numpy(), abs=0.02)
    assert occupancy("ward", 20).of(place) == pytest.approx(table["in_place"].mean() / 20)


def test_the_longest_queue_is_that_of_the_census_at_each_arrival(place):
    """The oracle counts, at each moment that somebody joins, who has joined and neither begun nor left."""
    rows = place.in_hours
    rows = rows[(rows["step"] == "door") & (rows["outcome"] != "turned_away")]
    over = rows["started"].fillna(rows["left"]).fillna(np.inf)
    most = max(((rows["arrived"] <= at) & (over > at)).sum() for at in rows["arrived"].clip(lower=0))
    assert longest_queue("door").of(place) == most > 2


def within(log, limit):
    """The share of journeys within so many hours, from the log's own table of journeys."""
    whole = log.journeys()
    came = (whole["arrived"] - log.observed[0]) / pd.Timedelta(hours=1)
    counted = whole[(came >= 0) & (came <= log.hours_observed - limit)]
    return ((counted["hours"] <= limit) & ~counted["still_here"]).mean()


def test_journeys_within_a_time_are_those_of_the_logs_own_table(place):
    assert 0.2 < within(place, 12) < 0.9
    assert share_within(12).of(place) == pytest.approx(within(place, 12))


def test_a_log_of_several_runs_gives_the_mean_of_the_runs():
    """The same runs one by one: measures of places are per run; journeys of two runs are two people's."""
    pathway = Pathway("Desk", [Step("desk", 1, Exponential(hours(1)))], [Arrivals("desk", per_hour=0.8)])
    joined = simulate(pathway, days=30, seed=5, runs=3)
    apart = [joined.only(run=number) for number in range(3)]
    for measure in (longest_queue("desk"), occupancy("desk", 1), mean_there("desk"), occupied_in_hour("desk", 9)):
        assert measure.of(joined) == pytest.approx(np.mean([measure.of(log) for log in apart]))
    assert share_within(3).of(joined) == pytest.approx(within(joined, 3))


def test_a_measure_of_a_step_that_nobody_came_to_is_nothing_or_zero(ward):
    """Means and shares of nobody are not known; of places and queues there are none."""
    known = {make: make("office").of(ward) for make in STEP_MEASURES}
    unknown = [mean_wait, median_wait, percentile_wait, share_gave_up, share_turned_away]
    assert {make for make, value in known.items() if math.isnan(value)} == set(unknown)
    assert all(value == 0 for make, value in known.items() if make not in unknown)


# How they are told, and how fast they are.


def test_every_measure_says_its_unit_and_which_way_is_good():
    told = {one.name: (one.unit, one.better) for one in (
        share_within(4), median_wait("ward"), percentile_wait("ward", unit="days"), occupancy("ward", 1),
        blocked_bed_days("ward"), longest_queue("ward"),
    )}  # fmt: skip
    assert told == {
        "share within 4 hours": ("", "up"),
        "median wait for ward": ("hours", "down"),
        "wait for ward that 90 in 100 do not exceed": ("days", "down"),
        "share of 1 place in use at ward": ("", "down"),
        "blocked bed-days at ward": ("bed-days", "down"),
        "longest queue for ward": ("people", "down"),
    }
    assert share_within(4).told(0.78) == "78"


def test_the_smallest_difference_worth_having_can_be_named_for_every_measure():
    made = [make("ward", smallest=0.5) for make in STEP_MEASURES]
    made += [
        share_within(4, smallest=0.5),
        occupancy("ward", 3, smallest=0.5),
        occupied_in_hour("ward", 9, smallest=0.5),
    ]
    made += [share_waiting_over("ward", 1, smallest=0.5)]
    assert {one.smallest for one in made} == {0.5}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: percentile_wait("ward", 90), "share must be from 0 to 1; 90 came. Half is 0.5, not 50."),
        (lambda: share_within(0), "hours must be above 0; 0 came."),
        (lambda: occupancy("ward", 0), "capacity must be a whole number, 1 or more; 0 came."),
        (lambda: occupied_in_hour("ward", 24), "hour must be from 0 to 23; 24 came."),
    ],
)
def test_numbers_that_cannot_be_are_refused(make, sentence):
    assert said(make) == sentence


def test_measures_of_a_log_of_half_a_million_visits_take_milliseconds():
    """
    On half a million visits none takes over a quarter of a second, even on a busy machine.

    Building the column of names alone takes about that, so no measure may read it.
    """
    pathway = Pathway("Desk", [Step("desk", 5, Exponential(hours(0.5)))], [Arrivals("desk", per_hour=8)])
    log = simulate(pathway, days=2600, seed=1)
    assert len(log) > 490_000
    for measure in [*(make("desk") for make in STEP_MEASURES), share_within(4), share_within(4, "desk"),
                    occupancy("desk", 5), occupied_in_hour("desk", 9)]:  # fmt: skip
        began = time.perf_counter()
        assert math.isfinite(measure.of(log))
        assert time.perf_counter() - began < 0.25, measure.name
