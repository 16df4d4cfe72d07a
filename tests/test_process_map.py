"""Does `flowlib.mapping.process_map` count what happened, and give a Pathway that behaves like it?"""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import (
    Arrivals,
    Constant,
    Empirical,
    EventLog,
    Exponential,
    Pathway,
    Route,
    Step,
    days,
    hours,
    minutes,
    simulate,
)
from flowlib.core import data
from flowlib.mapping.lengths import hours_covered, lasting, median_length
from flowlib.mapping.process_map import process_map, stay_lengths

SEPSIS = Path(__file__).parents[2] / "shared" / "data" / "sepsis_event_log.csv.gz"
WINDOW = ("2025-01-06 00:00", "2025-01-13 00:00")  # one week, from a Monday

# Five people whose numbers can be checked in the head. Times of one day: joined, began, ended.
FIVE = [
    ("a", "Desk", "09:00", "09:10", "09:20"),
    ("a", "Nurse", "09:30", "09:40", "10:00"),
    ("b", "Desk", "10:00", "10:00", "10:10"),
    ("b", "Nurse", "10:40", "10:50", "12:00"),
    ("c", "Desk", "11:00", "11:30", "11:40"),
    ("c", "Doctor", "12:00", "12:00", "12:30"),
    ("d", "Desk", "12:00", "12:20", "12:30"),
    ("d", "Nurse", "12:50", "13:00", "13:10"),
    ("d", "Doctor", "13:10", "13:40", "14:00"),
    ("e", "Desk", "14:00", "14:30", ""),
]


def five_people(copies=1):
    """The five people, as often as wanted, each on the second day of a week."""
    rows = [
        (f"{who}{copy}", step, *(f"07/01/2025 {time}" if time else "" for time in times))
        for copy in range(copies)
        for who, step, *times in FIVE
    ]
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended"])
    return EventLog.from_frame(
        frame, person="who", step="where", arrived="came", started="began", finished="ended",
        observed=WINDOW, blank_end="still_here",
    )  # fmt: skip


def in_rows(rows, *, observed=WINDOW):
    """A log from rows (who, where, came, began, ended, left, outcome), in hours after the window's begin."""
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended", "gone", "how"])
    zero = pd.Timestamp(observed[0])
    columns = {"arrived": "came", "started": "began", "finished": "ended", "left": "gone"}
    columns = {role: column for role, column in columns.items() if frame[column].notna().any()}
    for time in columns.values():
        frame[time] = (zero + pd.to_timedelta(frame[time], unit="h")).dt.strftime("%Y-%m-%d %H:%M:%S").fillna("")
    return EventLog.from_frame(frame, person="who", step="where", outcome="how", observed=observed, **columns)


def ways(counts):
    """A log of so many people for each way, one hour at each step."""
    rows = []
    for way, people in counts.items():
        for number in range(people):
            who = f"{way}-{number}"
            rows += [(who, step, k, k, k + 1, k + 1, "completed") for k, step in enumerate(way)]
    return in_rows(rows)


@pytest.fixture(scope="module")
def five():
    return process_map(five_people())


@pytest.fixture(scope="module")
def sepsis():
    if not SEPSIS.is_file():
        pytest.skip("the sepsis log is not on this computer")
    return EventLog.read(SEPSIS, person="case_id", step="activity", finished="timestamp")


# The map of five people, by head.


def test_five_people_make_the_moves_that_can_be_counted_on_one_hand(five):
    """By head: Desk to Nurse took 10, 30 and 20 minutes; Desk to Doctor 20; Nurse to Doctor none."""
    assert five.edges.to_numpy().tolist() == [
        ["Desk", "Nurse", 3, pytest.approx(20 / 60)],
        ["Desk", "Doctor", 1, pytest.approx(20 / 60)],
        ["Nurse", "Doctor", 1, pytest.approx(0)],
    ]


def test_five_people_went_four_ways(five):
    """By head: a took 1 hour and b 2; c took 1.5 and d 2; e is still at the desk, so no middle is reached."""
    assert list(five.variants["variant"]) == [
        ("Desk", "Nurse"),
        ("Desk", "Doctor"),
        ("Desk", "Nurse", "Doctor"),
        ("Desk",),
    ]
    assert list(five.variants["count"]) == [2, 1, 1, 1]
    assert list(five.variants["share"]) == [0.4, 0.2, 0.2, 0.2]
    assert list(five.variants["median_hours"][:3]) == [1.5, 1.5, 2.0]
    assert math.isnan(five.variants["median_hours"][3])


def test_five_people_waited_at_each_step_as_written_down(five):
    """By head: 10, 0, 30, 20 and 30 minutes at the desk; 10, 10 and 10 for the nurse; 0 and 30 for the doctor."""
    steps = five.steps.set_index("step")
    assert list(steps.index) == ["Desk", "Nurse", "Doctor"]
    assert list(steps["visits"]) == list(steps["people"]) == [5, 3, 2]
    assert list(steps["mean_wait_hours"] * 60) == pytest.approx([18, 10, 15])
    assert list(steps["median_wait_hours"] * 60) == pytest.approx([20, 10, 15])


def test_a_journey_under_way_has_a_beginning_and_no_end(five):
    """By head: all five begin at the desk; a and b end with the nurse, c and d with the doctor, e not yet."""
    assert five.ends.to_numpy().tolist() == [["Desk", 5, 0], ["Nurse", 0, 2], ["Doctor", 0, 2]]


@pytest.mark.parametrize(("share", "ways_needed"), [(0, 1), (0.4, 1), (0.41, 2), (0.6, 2), (0.8, 3), (1, 4)])
def test_the_commonest_ways_cover_the_share_that_is_asked_for(five, share, ways_needed):
    """By head: 2, 1, 1 and 1 of five people."""
    assert five.commonest(share) == ways_needed


def test_a_share_in_percent_is_refused(five):
    assert "from 0 to 1" in said(lambda: five.commonest(80))


def test_an_empty_log_has_no_map():
    assert "nothing to map" in said(lambda: process_map(five_people().only(person="nobody")))


def test_the_middle_length_of_a_way_counts_those_still_on_it():
    """By head (Kaplan-Meier): of 1, 2, 3 and 9+ hours, 2 end by half; with 3+ in place of 3, the middle is 2 too."""
    lengths = pd.Series([1.0, 2.0, 3.0, 9.0])
    assert median_length(lengths, pd.Series([False, False, False, True])) == 2.0
    assert median_length(lengths, pd.Series([False, False, False, False])) == 2.5
    assert math.isnan(median_length(lengths, pd.Series([False, True, True, True])))


# What may be shown.


def test_what_is_shown_hides_1_to_7_and_rounds_real_counts_to_5():
    """NHS Digital's rule by head: 57 people at A are shown as 55, 43 at B as 45, 5 at C as a star."""
    made = process_map(ways({("A", "B"): 43, ("A",): 9, ("A", "C"): 5}))
    shown = made.table().set_index("step")
    assert list(shown["people"]) == ["55", "45", "*"]
    assert shown.loc["C", "median_step_hours"] == "*"
    assert made.edge_table().to_numpy().tolist() == [["A", "B", "45", "0.0"]]
    assert made.variant_table()[["way", "people"]].to_numpy().tolist() == [
        ["A → B", "45"],
        ["A", "10"],
        ["1 other way", "*"],
    ]


def test_counts_of_made_up_people_are_shown_as_they_are():
    made = process_map(ways({("A", "B"): 43, ("A",): 9}))
    made.log.synthetic = True
    assert list(made.table()["people"]) == ["52", "43"]


def test_a_move_that_few_people_made_often_is_left_out():
    """3 people went from A to B 4 times each: 12 moves, of fewer than 8 people."""
    made = process_map(ways({("A", "B") * 4: 3, ("A", "C"): 8}))
    assert made.edges.set_index(["from_step", "to_step"])["count"]["A", "B"] == 12
    assert list(made.edge_table()["to_step"]) == ["C"]


def test_rare_ways_stand_together_in_the_last_row():
    made = process_map(ways({("A", "B"): 20, ("A", "C"): 7, ("A", "D"): 6, ("A", "E"): 5}))
    assert made.variant_table().iloc[-1].tolist() == ["3 other ways", "20", ""]


# The sepsis log, as published.


def test_the_sepsis_log_is_mapped_as_published(sepsis):
    """F. Mannhardt, doi 10.4121/uuid:915d2bfb-7e84-49ad-a286-dc35f063a460: 1,050 cases, 846 variants, 16 activities."""
    made = process_map(sepsis)
    counts = made.edges.set_index(["from_step", "to_step"])["count"]
    assert sepsis.people == 1050
    assert len(made.variants) == 846
    assert len(made.steps) == 16
    assert counts["ER Registration", "ER Triage"] == 971
    assert counts.sum() == 15_214 - 1050  # every event but each person's first


def test_the_sepsis_log_does_not_say_how_long_people_stay(sepsis):
    assert "one time for each visit" in said(process_map(sepsis).to_pathway)


# A Pathway from a log.


def test_the_shares_onward_are_those_of_people_who_completed_the_step():
    """By head: of 4 who left the desk, 3 went to the nurse and 1 to the doctor; of 3 nursed, 1 saw the doctor."""
    made = process_map(five_people(8)).to_pathway()
    shares = {(route.from_step, route.to_step): route.share for route in made.routes}
    assert shares == {
        ("Desk", "Nurse"): 0.75, ("Desk", "Doctor"): 0.25, ("Nurse", "Doctor"): pytest.approx(1 / 3)
    }  # fmt: skip


def test_arrivals_by_hour_add_up_to_the_people_who_came():
    """Rates times the hours covered give the counts back: 8 in each of the hours 9 to 12, and 8 at 2pm."""
    (stream,) = process_map(five_people(8)).to_pathway().arrivals
    assert stream.step == "Desk"
    assert 7 * np.asarray(stream.by_hour) == pytest.approx([8 if h in {9, 10, 11, 12, 14} else 0 for h in range(24)])


@pytest.mark.parametrize("until", ["2025-01-13 00:00", "2025-01-09 15:30", "2025-04-02 09:10"])
def test_rates_times_the_hours_covered_are_the_people_who_came(until):
    """Also when the log ends inside a day, or covers the night that the clocks change."""
    log = data.journey().until(until)
    (stream,) = process_map(log).to_pathway(only=["Ambulance"]).arrivals
    came = int((log.frame["step"] == "Ambulance").sum())
    assert float(hours_covered(log, "hour") @ np.asarray(stream.by_hour)) == pytest.approx(came)


def test_people_come_to_a_part_of_the_journey_as_they_did_in_the_log():
    """Only the doctor is kept: c came at 12:00 and d at 13:10, from outside."""
    made = process_map(five_people(8)).to_pathway(only=["Doctor"], capacity={"Doctor": 2})
    (stream,) = made.arrivals
    assert 7 * np.asarray(stream.by_hour) == pytest.approx([8 if h in {12, 13} else 0 for h in range(24)])
    assert made.routes == ()
    assert made.step("Doctor").capacity == 2


def test_a_step_with_places_holds_them_from_beginning_to_end_and_a_delay_from_joining():
    """By head: the nurse took 20, 70 and 10 minutes (100 in all); with 10 minutes of waiting each, 130."""
    log = five_people(8)
    assert stay_lengths(log, "Nurse").mean * 60 == pytest.approx(100 / 3)
    assert stay_lengths(log, "Nurse", with_wait=True).mean * 60 == pytest.approx(130 / 3)
    made = process_map(log)
    assert made.to_pathway(capacity={"Nurse": 1}).step("Nurse").time.mean * 60 == pytest.approx(100 / 3)
    assert made.to_pathway().step("Nurse").time.mean * 60 == pytest.approx(130 / 3)


@pytest.mark.parametrize("limit", [0, 3])
def test_a_step_with_a_queue_limit_turns_people_away(limit):
    made = process_map(five_people(8)).to_pathway(capacity={"Nurse": 1}, queue_limit={"Nurse": limit})
    assert (made.step("Nurse").queue_limit, made.step("Nurse").when_full) == (limit, "turn_away")


def test_people_turned_away_from_a_delay_go_where_they_went():
    """Of 40 people, 30 were taken in at B and 10 turned away to C; where B has no limit, they go straight to C."""
    rows = []
    for k in range(40):
        rows.append((f"p{k}", "A", k, k, k + 1, k + 1, "completed"))
        away = k % 4 == 0
        rows.append(
            (
                f"p{k}",
                "B",
                k + 1,
                None if away else k + 1,
                *([None, k + 1, "turned_away"] if away else [k + 2, k + 2, "completed"]),
            )
        )
        if away:
            rows.append((f"p{k}", "C", k + 1, k + 1, k + 3, k + 3, "completed"))
    made = process_map(in_rows(rows))
    shares = {(route.from_step, route.to_step): route.share for route in made.to_pathway().routes}
    assert shares == {("A", "B"): 0.75, ("A", "C"): 0.25}
    kept = made.to_pathway(capacity={"B": 5}, queue_limit={"B": 1})
    assert {(route.from_step, route.to_step): route.share for route in kept.routes} == {("A", "B"): 1.0}


def test_a_step_that_is_not_there_is_refused_with_the_nearest():
    made = process_map(five_people(8))
    assert 'Did you mean "Nurse"?' in said(lambda: made.to_pathway(only=["Nurs"]))
    assert 'Did you mean "Doctor"?' in said(lambda: made.to_pathway(capacity={"Docter": 2}))
    assert "among those kept" in said(lambda: made.to_pathway(only=["Desk"], capacity={"Doctor": 2}))
    assert 'Did you mean "Desk"?' in said(lambda: stay_lengths(made.log, "Desks"))


def test_a_simulated_log_turned_back_into_a_pathway_gives_the_same_wait():
    """Round trip of an M/M/3 queue at load 0.8: the two mean waits differ by chance alone, four standard errors."""
    clinic = Pathway("Clinic", [Step("nurse", 3, Exponential(minutes(30)))], [Arrivals("nurse", per_hour=4.8)])
    how = {"days": 30, "warm_up_days": 7, "runs": 12}
    log = simulate(clinic, **how, seed=1)
    again = simulate(process_map(log).to_pathway(capacity={"nurse": 3}), **how, seed=2)
    first, second = (one.waits(["run"])["mean_hours"] for one in (log, again))
    error = math.sqrt((first.var() + second.var()) / 12)
    assert first.mean() == pytest.approx(second.mean(), abs=4 * error)
    assert second.mean() == pytest.approx(0.647 / (6 - 4.8), abs=4 * error)  # Erlang C: 647 in 1,000 wait


# How long people stay.


def product_limit(ended, so_far):
    """Kaplan and Meier's product, a step at a time: each length, and the share that ends by it."""
    left, found = 1.0, []
    for length in sorted({*ended, *so_far}):
        at_risk = sum(x >= length for x in [*ended, *so_far])
        left *= 1 - sum(x == length for x in ended) / at_risk
        found.append((length, 1 - left))
    return found


def test_stays_that_have_not_ended_are_allowed_for_as_kaplan_and_meier_do():
    """Against the product written out: a share u ends by the first length whose curve reaches u."""
    ended, so_far = [2.0, 3, 3, 5, 7, 8, 11, 13], [1.0, 3, 6, 12, 20]
    curve = product_limit(ended, so_far)
    made = lasting(np.asarray(ended), np.asarray(so_far))
    for share in (0.05, 0.25, 0.5, 0.6, 0.7):
        assert made.ppf(share) == next(length for length, reached in curve if reached >= share - 1e-12)
    steps = [0.0, *(reached for _, reached in curve[:-1]), 1.0]
    mean = sum(length * (to - since) for (length, _), (since, to) in zip(curve, pairwise(steps), strict=True))
    assert made.mean == pytest.approx(mean, abs=(20 - 1) / (2 * 400))  # the midpoint rule of a rising curve


def test_without_open_stays_the_lengths_are_those_measured():
    assert lasting(np.asarray([3.0, 1.0]), np.asarray([])) == Empirical([1, 3])


def test_people_who_were_there_when_the_log_began_do_not_lengthen_the_stays():
    """By head: 10 people stayed 1 hour each; 10 more, who had come 90 hours before the log, stayed 100."""
    rows = [(f"n{k}", "A", k, k, k + 1, k + 1, "completed") for k in range(10)]
    rows += [(f"o{k}", "A", -90, -90, 10, 10, "completed") for k in range(10)]
    assert stay_lengths(in_rows(rows), "A").mean == 1
    assert stay_lengths(in_rows(rows), "A", with_wait=True).mean == 1


def test_people_who_were_there_when_the_log_began_do_not_raise_the_rates():
    """About 240 of the people in the log came before its window of 10 days; the rate is of the 240 who came in it."""
    ward = Pathway("Ward", [Step("ward", None, Exponential(days(10)))], [Arrivals("ward", per_hour=1)])
    log = simulate(ward, days=10, warm_up_days=60, seed=3, runs=2)
    (stream,) = process_map(log).to_pathway().arrivals
    came = (log.in_hours["arrived"] >= 0).sum()
    assert stream.mean_per_hour == pytest.approx(came / 480)
    assert len(log) > 1.5 * came


def test_those_who_give_up_hold_no_place():
    """12 people were seen for an hour each; 12 more gave up after 9 hours, and held none. No beginning is recorded."""
    rows = [(f"s{k}", "A", k, None, k + 1, k + 1, "completed") for k in range(12)]
    rows += [(f"g{k}", "A", k, None, None, k + 9, "gave_up") for k in range(12)]
    log = in_rows(rows)
    assert stay_lengths(log, "A").mean == pytest.approx(1)
    assert stay_lengths(log, "A", with_wait=True).mean == pytest.approx(5)


def test_who_is_blocked_has_finished_and_keeps_the_place():
    """8 people stayed 2 hours; 8 finished after 1 hour and still hold their places after 100: half end by 2."""
    rows = [(f"s{k}", "A", 0, 0, 2, 2, "completed") for k in range(8)]
    rows += [(f"b{k}", "A", 68, 68, 69, None, "still_here") for k in range(8)]
    made = stay_lengths(in_rows(rows), "A")
    assert made.ppf(0.49) == 2
    assert made.ppf(0.51) == 100


def test_a_begin_that_is_not_recorded_is_not_taken_for_a_short_or_a_long_stay():
    """Stays of 1 hour after 5 hours of waiting; where the begin is blank, neither 0 nor 6 hours is made of it."""
    rows = [(f"p{k}", "A", k, None if k % 3 == 0 else k + 5, k + 6, k + 6, "completed") for k in range(30)]
    log = in_rows(rows)
    assert set(stay_lengths(log, "A").values) == {1.0}


def test_an_event_with_one_time_takes_no_time_in_a_log_that_has_more():
    rows = [(f"p{k}", "A", k, k, k + 1, k + 1, "completed") for k in range(9)]
    rows += [(f"p{k}", "Discharge letter", None, None, k + 2, None, "completed") for k in range(9)]
    log = in_rows(rows)
    assert stay_lengths(log, "Discharge letter") == Constant(0.0)


def test_too_few_stays_are_not_described():
    assert "Fewer than 8 visits" in said(lambda: stay_lengths(five_people(), "Nurse"))


def test_a_whole_journey_behaves_like_the_log_it_was_made_from():
    """A ward and a clinic in a row: the same visits a day at each, within four standard errors of a Poisson count."""
    both = Pathway(
        "Both",
        [Step("ward", None, Exponential(hours(30))), Step("clinic", 4, Exponential(hours(1)))],
        [Arrivals("ward", per_hour=[0.5] * 8 + [2.0] * 16)],
        [Route("ward", "clinic", 0.6)],
    )
    how = {"days": 120, "warm_up_days": 14}
    log = simulate(both, **how, seed=5)
    again = simulate(process_map(log).to_pathway(capacity={"clinic": 4}), **how, seed=6)
    for step in ("ward", "clinic"):
        seen, then = ((one.frame["step"] == step).sum() for one in (log, again))
        assert seen == pytest.approx(then, abs=4 * math.sqrt(seen + then))


# How much time a log covers.


def test_ten_days_cover_three_weekdays_twice():
    """From Monday to the Wednesday of next week."""
    log = in_rows([("a", "A", 0, 0, 1, 1, "completed")], observed=("2025-01-06", "2025-01-16"))
    assert hours_covered(log, "weekday").tolist() == [48, 48, 48, 24, 24, 24, 24]


def test_the_night_that_the_clocks_go_forward_has_no_second_hour():
    """London, 30 March 2025: 1am to 2am did not happen; on 26 October it happened twice."""
    spring = in_rows([("a", "A", 0, 0, 1, 1, "completed")], observed=("2025-03-30", "2025-03-31"))
    autumn = in_rows([("a", "A", 0, 0, 1, 1, "completed")], observed=("2025-10-26", "2025-10-27"))
    assert hours_covered(spring, "hour").tolist() == [1, 0, *[1] * 22]
    assert hours_covered(autumn, "hour").tolist() == [1, 2, *[1] * 22]


@pytest.mark.parametrize("by", ["hour", "weekday"])
def test_the_parts_of_the_time_covered_add_up_to_the_whole(by):
    log = in_rows([("a", "A", 0, 0, 1, 1, "completed")], observed=("2025-03-27 11:07", "2025-04-19 03:41"))
    assert hours_covered(log, by).sum() == pytest.approx(log.hours_observed)


def test_a_part_of_time_that_is_not_known_is_refused():
    assert 'there are "hour", "weekday"' in said(lambda: hours_covered(five_people(), "month"))
