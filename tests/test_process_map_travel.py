"""Are returns, hand-offs, waits, the commonest ways and one journey those that can be counted by hand?"""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from refusals import said
from test_process_map import SEPSIS, five_people, in_rows, ways
from test_process_map_counts import chance_log

from flowlib import Arrivals, EventLog, Exponential, Pathway, Route, Step, hours, minutes, simulate
from flowlib.core import data
from flowlib.diagnose.constraint import constraint
from flowlib.mapping.ladder import TO_LEAVE
from flowlib.mapping.process_map import process_map
from flowlib.mapping.ways import cuts

TEAMS = {"Desk": "Front door", "Nurse": "Clinic", "Doctor": "Clinic"}


def made_up(log):
    """The same log, said to be of nobody real."""
    log.synthetic = True
    return log


# Returns.


def test_returns_are_counted_with_their_hours_away_and_again():
    """By head: a leaves A at 1, is at B from 2 to 4, back at A from 5 to 8, and at once again from 8 to 10."""
    rows = [
        ("a", "A", 0, 0, 1, 1, "completed"),
        ("a", "B", 2, 2, 4, 4, "completed"),
        ("a", "A", 5, 6, 8, 8, "completed"),
        ("a", "A", 8, 8, 10, 10, "completed"),
        ("b", "A", 0, 0, 1, 1, "completed"),
    ]
    found = process_map(in_rows(rows)).rework.set_index("step")
    assert found.loc["A"].to_dict() == {
        "people": 2, "people_back": 1, "share_back": 0.5, "times_back": 2, "at_once": 1,
        "hours_away": 4, "hours_again": 3 + 2, "hours_lost": 9,
    }  # fmt: skip
    assert (found.loc["B"].drop("people") == 0).all()


def test_a_return_that_has_not_ended_counts_to_the_end_of_the_log():
    """By head: back at hour 5 of a week of 168."""
    rows = [("a", "A", 0, 0, 1, 1, "completed"), ("a", "A", 5, 5, None, None, "still_here")]
    assert process_map(in_rows(rows)).rework["hours_again"].tolist() == [163]


@pytest.mark.parametrize("seed", range(3))
def test_returns_are_those_of_a_plain_count(seed):
    """Oracle: all pairs of one person's visits, of which only neighbours among the visits to a step count."""
    log = chance_log(seed, people=150)
    back, at_once, who = {}, {}, {}
    for person, rows in log.visits.groupby("person"):
        steps = list(rows["step"])
        for i, j in itertools.combinations(range(len(steps)), 2):
            if steps[i] == steps[j] and steps[i] not in steps[i + 1 : j]:
                back[steps[i]] = back.get(steps[i], 0) + 1
                at_once[steps[i]] = at_once.get(steps[i], 0) + (j == i + 1)
                who.setdefault(steps[i], set()).add(person)
    for row in process_map(log).rework.itertuples():
        assert (row.times_back, row.at_once) == (back[row.step], at_once[row.step])
        assert row.people_back == len(who[row.step])


def test_returns_of_few_people_are_not_shown():
    """12 of 37 people came back to A and 5 to B: 10 of 35 (29%) and a star. The share of the 5 is hidden too."""
    made = process_map(ways({("A", "A", "B"): 12, ("B", "B", "A"): 5, ("A", "B"): 20}))
    shown = made.rework_table().set_index("step")
    assert shown.loc["A", ["people_back", "share_back", "times_back", "hours_again"]].tolist() == [
        "10",
        "29%",
        "10",
        "12.0",
    ]
    assert shown.loc["B", ["people_back", "share_back", "times_back", "hours_lost"]].tolist() == ["*"] * 4
    assert shown["people"].tolist() == ["35", "35"]


# Hand-offs.


def test_five_people_are_handed_from_the_front_door_to_the_clinic():
    """By head: a to d once, e not yet. From the end at the desk to the nurse or doctor: 20, 40, 20 and 30 minutes."""
    found = process_map(five_people()).hand_offs(TEAMS)
    assert found.mean == pytest.approx(4 / 5)
    assert found.journeys.to_numpy().tolist() == [[0, 1, 0.2], [1, 4, 0.8]]
    (move,) = found.moves.to_dict("records")
    assert (move["from_team"], move["to_team"], move["count"], move["people"]) == ("Front door", "Clinic", 4, 4)
    assert move["median_hours"] * 60 == pytest.approx(25)
    assert move["hours"] * 60 == pytest.approx(110)


def test_who_waits_still_for_the_other_team_has_waited_to_the_end_of_the_log():
    """By head: care at A ended at hour 1; the log ends at hour 168."""
    rows = [("a", "A", 0, 0, 1, 1, "completed"), ("a", "B", 2, None, None, None, "still_here")]
    assert process_map(in_rows(rows)).hand_offs({"A": "x", "B": "y"}).moves["hours"].tolist() == [167]


def test_teams_may_stand_in_a_column_of_the_log():
    """The same hand-offs as by step, where the column holds each step's team."""
    log = five_people()
    log.frame["group"] = log.frame["step"].map(TEAMS)
    by_column, by_step = process_map(log).hand_offs("group"), process_map(five_people()).hand_offs(TEAMS)
    pd.testing.assert_frame_equal(by_column.moves, by_step.moves)
    pd.testing.assert_frame_equal(by_column.journeys, by_step.journeys)


def test_hand_offs_of_few_people_are_not_shown():
    """By head: 3 people go back from y to x once, 2 of them twice; from 1 hand-off on there are 15."""
    made = process_map(ways({("A", "B"): 12, ("A", "B", "A"): 1, ("A", "B", "A", "B"): 2, ("A",): 9}))
    found = made.hand_offs({"A": "x", "B": "y"})
    assert found.table()[["from_team", "to_team", "count"]].to_numpy().tolist() == [["x", "y", "15"]]
    assert found.journeys_table().to_numpy().tolist() == [["0", "10"], ["1 or more", "15"]]
    assert found.sentence() == (
        "On average a person is handed over 0.8 times on the journey. The commonest hand-off is from x to y."
    )


def test_sentences_about_hand_offs_say_when_there_are_none_or_too_few():
    none = process_map(five_people()).hand_offs(dict.fromkeys(TEAMS, "all"))
    assert none.sentence() == "Nobody is handed from one team to another in this log."
    few = process_map(five_people()).hand_offs(TEAMS)
    assert few.sentence() == "Too few people are in this log to say how often they are handed over."


def test_a_step_without_a_team_is_refused():
    made = process_map(five_people())
    assert said(lambda: made.hand_offs({"Desk": "x", "Nurse": " "})) == (
        'No team is given for "Nurse", "Doctor". Give each step its team.'
    )
    assert 'Did you mean "Nurse"?' in said(lambda: made.hand_offs(TEAMS | {"Nurs": "x"}))
    assert 'No column in the log called "team"' in said(lambda: made.hand_offs("team"))


def test_a_visit_without_a_team_is_refused():
    log = five_people()
    log.frame["group"] = log.frame["step"].map(TEAMS | {"Nurse": " "})
    assert said(lambda: process_map(log).hand_offs("group")) == (
        '3 of 10 visits have no team in the column "group". Fill it in, or give each step its team: teams={step: team}.'
    )


# Where people wait.


def blocked_log():
    """A ward that holds people up in the step before, and patients who give up: simulated."""
    both = Pathway(
        "Both",
        [
            Step("doctor", 2, Exponential(minutes(40)), patience=Exponential(hours(3))),
            Step("ward", 4, Exponential(hours(4)), queue_limit=0),
        ],
        [Arrivals("doctor", per_hour=2.5)],
        [Route("doctor", "ward", 0.5)],
    )
    return simulate(both, days=20, warm_up_days=1, runs=2, seed=4)


@pytest.mark.parametrize("make", [five_people, blocked_log, data.journey, lambda: data.journey().until("2025-03-01")])
def test_the_hours_waited_are_those_that_the_constraint_is_found_by(make):
    """Oracle: `diagnose.constraint`, which sums them in another way."""
    log = make()
    held, found = constraint(log), process_map(log).waiting
    for column in ("visits", "mean_wait_hours", "waiting_hours", "share_of_waiting"):
        assert found.table[column].to_numpy() == pytest.approx(held.table[column].to_numpy(), nan_ok=True)
    assert found.basis == "waiting"


def test_gaps_stand_in_for_waits_where_each_visit_has_one_time():
    """Oracle: `diagnose.constraint` on a log with one time a visit."""
    if not SEPSIS.is_file():
        pytest.skip("the sepsis log is not on this computer")
    log = EventLog.read(SEPSIS, person="case_id", step="activity", finished="timestamp")
    held, found = constraint(log), process_map(log).waiting
    assert found.basis == "gap"
    assert found.table["waiting_hours"].to_numpy() == pytest.approx(held.table["waiting_hours"].to_numpy())
    assert found.sentence().endswith(f"are before {held.step}. A gap is not always a wait.")


def test_hours_waited_by_few_people_are_not_shown():
    """By head: 5 people wait 9 hours each for C, and 10 people 1 hour each for B."""
    rows = [(f"c{k}", "C", k, k + 9, k + 10, k + 10, "completed") for k in range(5)]
    rows += [(f"b{k}", "B", k, k + 1, k + 2, k + 2, "completed") for k in range(10)]
    found = process_map(in_rows(rows)).waiting
    assert found.table.set_index("step")["waiting_hours"].to_dict() == {"C": 45, "B": 10}
    shown = found.shown().set_index("step")
    assert shown["waiting_hours"].to_dict() == {"C": "*", "B": "10.0"}
    # "18 in every 100 hours" would tell of 45 hours more: those of the 5 people.
    assert found.sentence() == (
        "Of the time that people wait at steps of 8 people or more, 100 in every 100 hours are for B."
    )
    assert shown["share_of_waiting"].to_dict() == {"C": "*", "B": "100%"}


def test_a_log_in_which_nobody_waits_says_so():
    assert process_map(ways({("A",): 9})).waiting.sentence() == "Nobody waits in this log, or no waits are recorded."
    few = process_map(five_people()).waiting
    assert few.sentence() == "Too few people are in this log to say where they wait."


# The commonest ways.


def test_the_main_map_holds_the_commonest_ways_and_says_who_is_left_out():
    """By head: 30 and 20 of 65 people go the two commonest ways; 10 and 5 go others."""
    made = process_map(ways({("A", "B"): 30, ("A", "C"): 20, ("A", "D"): 10, ("A", "E"): 5}))
    main = made.main(0.75)
    assert list(main.variants["variant"]) == [("A", "B"), ("A", "C")]
    assert main.edges[["from_step", "to_step", "count"]].to_numpy().tolist() == [["A", "B", 30], ["A", "C", 20]]
    assert (main.left_out, main.ways_left_out) == (15, 2)
    assert main.sentence() == (
        "This map shows the commonest 2 ways of 4. Left out are 15 of 65 people, who went other ways."
    )
    assert made.main(1.0) is made
    assert made.sentence() == "All 65 people are on this map; they went 4 ways."


def test_maps_of_real_people_differ_by_eight_people_or_more():
    """By head: after 20 and 9 come 5 + 4 together, and 1 + 1 are too few to be left alone."""
    counts = {("A", "B"): 20, ("A", "C"): 9, ("A", "D"): 5, ("A", "E"): 4, ("A", "F"): 1, ("A", "G"): 1}
    made = process_map(ways(counts))
    assert made.cuts == [1, 2, 6]
    assert [len(made.only_ways(k).variants) for k in range(1, 8)] == [1, 2, 6, 6, 6, 6, 6]
    assert len(process_map(made_up(ways(counts))).only_ways(3).variants) == 3


@pytest.mark.parametrize("seed", range(5))
def test_between_two_cuts_there_are_eight_people_or_more(seed):
    counts = np.sort(np.random.default_rng(seed).geometric(0.2, 200))[::-1]
    places = cuts(counts, synthetic=False)
    assert places[-1] == len(counts)
    assert min(counts[a:b].sum() for a, b in itertools.pairwise([0, *places])) >= 8


def test_a_log_of_few_people_has_one_cut():
    assert cuts(np.asarray([3, 1]), synthetic=False) == [2]


@pytest.mark.parametrize("seed", range(3))
def test_the_main_map_is_the_map_of_the_people_who_went_those_ways(seed):
    """Oracle: the same people picked from the file by `journeys`, and mapped as a log of their own."""
    log = made_up(chance_log(seed, steps=3))
    made = process_map(log)
    main = made.only_ways(5)
    journeys = log.journeys()
    people = journeys.loc[journeys["variant"].isin(made.variants["variant"].head(5)), "person"]
    rows = log.frame[log.frame["person"].isin(people)].reset_index(drop=True)
    alone = process_map(EventLog(rows, observed=log.observed, synthetic=True))
    pd.testing.assert_frame_equal(main.edges, alone.edges)
    pd.testing.assert_frame_equal(main.steps, alone.steps)
    pd.testing.assert_frame_equal(main.variants, alone.variants)
    assert main.left_out == made.log.people - len(people)


def test_a_map_of_no_ways_is_refused():
    assert said(lambda: process_map(five_people()).only_ways(0)) == "most must be a whole number, 1 or more; 0 came."


# One journey.


def test_a_made_up_journey_is_a_ladder_of_waits_and_care():
    """By head: d waited 20 minutes and had 10 at the desk, 30 and 10 with the nurse, 30 and 20 with the doctor."""
    made = process_map(made_up(five_people()))
    person = made.log.frame.loc[[6], "person"].item()
    ladder = made.journey(person)
    assert list(ladder["step"]) == ["Desk", "Nurse", "Doctor"]
    assert list(ladder["wait"] * 60) == pytest.approx([20, 30, 30])
    assert list(ladder["process_time"] * 60) == pytest.approx([10, 10, 20])
    assert ladder["lead_time"].sum() == pytest.approx(2)


def test_waiting_to_leave_is_the_last_rung():
    """By head: care ends at hour 3, and the place is given up at hour 9."""
    made = process_map(made_up(in_rows([("a", "Ward", 0, 1, 3, 9, "completed")])))
    (person,) = made.log.frame["person"]
    assert made.journey(person)[["step", "wait", "process_time"]].to_numpy().tolist() == [
        ["Ward", 1, 2], [TO_LEAVE, 6, 0]
    ]  # fmt: skip


def test_a_journey_under_way_comes_so_far():
    """By head: e joined at 14:00 on the second day of seven, and has had care from 14:30: 129.5 hours."""
    made = process_map(made_up(five_people()))
    ladder = made.journey(made.log.frame["person"].iloc[-1])
    assert ladder[["wait", "process_time"]].to_numpy().tolist() == [[0.5, 129.5]]


@pytest.mark.parametrize("seed", range(3))
def test_the_rungs_of_a_ladder_add_up_to_the_whole_journey(seed):
    """Oracle: `journeys`, from the first time known to the last; also where visits overlap."""
    made = process_map(made_up(chance_log(seed, people=40)))
    for row in made.log.journeys().itertuples():
        assert made.journey(row.person)["lead_time"].sum() == pytest.approx(row.hours)


def test_no_single_journey_of_real_people_is_shown():
    assert said(lambda: process_map(five_people()).journey("a0")) == (
        "This log is of real people, so no single person's journey is shown. Ask for typical_journey()."
    )


def test_who_is_not_in_the_log_is_refused():
    made = process_map(made_up(five_people()))
    assert said(lambda: made.journey("z")) == "Nobody in this log is called 'z'. Look at log.frame for those who are."
    assert said(lambda: made.journey("a0", run=1)) == "This log has one run. Leave run out."


def test_a_person_of_several_runs_is_named_with_the_run():
    made = process_map(blocked_log())
    someone = made.log.frame["person"].iloc[0]
    assert said(lambda: made.journey(someone)) == (
        "This log has several runs, each with people of its own. Say which run: run=0."
    )
    assert set(made.journey(someone, run=0)["step"]) <= {"doctor", "ward", TO_LEAVE}


def test_a_typical_journey_is_made_of_middles_and_is_nobodys():
    """By head: 9 people wait 1, 2 ... 9 hours for A and have 1 hour there; at B they wait 9, 8 ... 1 hours."""
    rows = []
    for k in range(1, 10):
        rows.append((f"p{k}", "A", 0, k, k + 1, k + 1, "completed"))
        rows.append((f"p{k}", "B", k + 1, 11, 13, 13, "completed"))
    rows += [(f"q{k}", "A", 0, 0, None, None, "still_here") for k in range(20)]
    ladder = process_map(in_rows(rows)).typical_journey()
    assert ladder.to_numpy().tolist() == [["A", 5, 1, 6], ["B", 5, 2, 7]]


def test_without_eight_people_on_one_way_there_is_no_typical_journey():
    assert said(process_map(five_people()).typical_journey) == (
        "No way was gone to its end by 8 people or more, so there is no typical journey to show."
    )


def test_the_sepsis_log_has_a_typical_journey_with_no_hours_of_care():
    """Its visits have one time each, so nothing is known of care; the commonest way of 35 people has three steps."""
    if not SEPSIS.is_file():
        pytest.skip("the sepsis log is not on this computer")
    log = EventLog.read(SEPSIS, person="case_id", step="activity", finished="timestamp")
    made = process_map(log)
    ladder = made.typical_journey()
    assert tuple(ladder["step"]) == made.variants["variant"][0]
    assert ladder["process_time"].sum() == 0
    assert math.isclose(ladder["wait"].iloc[0], 0)
    assert len(made.only_ways(1).variants) == 1
