"""Lists as services keep them, and logs in the layouts of other tools: what is proposed, and what comes of it."""

import itertools

import pandas as pd
import pytest
from refusals import said

from flowlib import EventLog
from flowlib.core import kinds
from flowlib.core.lifecycle import ENDS, is_lifecycle
from flowlib.core.wide import Milestone, as_milestones

ED = "attendance_id,person_id,dept_type,arrival_mode,arrival_dt,triage_dt,seen_dt,dta_dt,departure_dt,disposal,age_band"


def write(tmp_path, header, rows):
    path = tmp_path / "list.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def visits(log, *times):
    """Step and clock times of each visit, in the order of the log."""
    told = log.frame[["step", *times]].copy()
    for time in times:
        told[time] = told[time].dt.strftime("%d %H:%M").fillna("")
    return [tuple(row) for row in told.itertuples(index=False)]


def ed_row(number, *times):
    """One attendance on 13 January 2026; each time is of the clock, or a whole cell."""
    cells = [f"13/01/2026 {time}" if len(time) == len("09:00") else time for time in times]
    return f"A{number},X1,1,walk,{','.join(cells)},home,65+"


# The five kinds


def test_an_emergency_department_list_becomes_waits_and_care(tmp_path):
    """By hand: two waits before being seen, care until the decision, the wait for a bed; without one, care."""
    rows = [ed_row(1, "09:00", "09:10", "10:00", "12:00", "15:30"), ed_row(2, "10:00", "10:20", "11:00", "", "13:00")]
    proposal = EventLog.read(write(tmp_path, ED, rows))
    assert proposal.kind == "emergency department list, one row an attendance"
    assert proposal.columns == {"person": "attendance_id", "group": "dept_type"}
    assert proposal.rivals["person"] == ("person_id",)
    log = proposal.accept(synthetic=True)
    assert visits(log, "arrived", "started", "finished") == [
        ("arrival to triage", "13 09:00", "13 09:10", "13 09:10"),
        ("triage to seen", "13 09:10", "13 10:00", "13 10:00"),
        ("seen to decision", "13 10:00", "13 10:00", "13 12:00"),
        ("decision to departure", "13 12:00", "13 15:30", "13 15:30"),
        ("arrival to triage", "13 10:00", "13 10:20", "13 10:20"),
        ("triage to seen", "13 10:20", "13 11:00", "13 11:00"),
        ("seen to departure", "13 11:00", "13 11:00", "13 13:00"),
    ]
    assert log.journeys()["hours"].tolist() == [6.5, 3.0]
    assert log.waits()["mean_hours"]["decision to departure"] == 3.5
    assert log.quality.sentences()[0] == (
        '2 rows were read from "list.csv"; 2 are used, and none was set aside. They make 7 visits.'
    )


def test_the_proposal_says_in_plain_words_what_would_come_of_each_column(tmp_path):
    rows = [ed_row(1, "09:00", "09:10", "10:00", "12:00", "15:30")]
    assert EventLog.read(write(tmp_path, ED, rows)).sentence() == (
        "This looks like an emergency department list, one row an attendance. "
        'The columns look like this: person = "attendance_id", group = "dept_type". Person could also be "person_id". '
        'Each row gives these steps: "arrival to triage" is from "arrival_dt" to "triage_dt" (a wait). '
        '"triage to seen" is from "triage_dt" to "seen_dt" (a wait). '
        '"seen to decision" is from "seen_dt" to "dta_dt" (care). '
        '"decision to departure" is from "dta_dt" to "departure_dt" (a wait). '
        'Where the moment between is blank: "seen to departure".'
    )


LISTS = {
    "inpatient spells, one row a spell": (
        "spell_id,person_id,admit_dt,admit_method,ready_date,discharge_dt,pathway,dest",
        "S1,X1,01/02/2026 10:00,21,05/02/2026 09:00,07/02/2026 15:00,P1,home",
        "S2,X2,02/02/2026 10:00,21,,03/02/2026 15:00,P0,home",
        "S3,X3,03/02/2026 10:00,21,,,,",
        ["admission to ready", "ready to discharge", "admission to discharge", "admission to ready"],
    ),
    "waiting list, one row a pathway": (
        "pathway_id,person_id,specialty,referral_received,clock_start,priority,status,next_appt,removal_dt,removal_reason",
        "W1,X1,ENT,01/02/2026,04/02/2026,P2,off,,20/03/2026,treated",
        "W2,X2,ENT,,05/02/2026,P3,on,30/06/2026,,",
        "W3,X3,ENT,06/02/2026,06/02/2026,P3,on,30/06/2026,,",
        ["referral to clock start", "clock start to removal", "clock start to removal", "referral to clock start",
         "clock start to removal"],
    ),
    "community caseload, one row a referral": (
        "person_id,team,referral_dt,first_contact_dt,contacts,discharge_dt,reason",
        "X1,North,01/02/2026 10:00,05/02/2026 10:00,3,20/02/2026 10:00,done",
        "X2,North,02/02/2026 10:00,,0,21/02/2026 10:00,never seen",
        "X3,South,03/02/2026 10:00,,0,,",
        ["referral to first contact", "first contact to discharge", "referral to discharge",
         "referral to first contact"],
    ),
    "social-care packages, one row a package": (
        "person_ref,request_dt,agreed_dt,start_dt,hours_wk,end_dt,setting",
        "R1,01/02/2026,05/02/2026,09/02/2026,12,20/04/2026,home",
        "R2,02/02/2026,06/02/2026,16/02/2026,12,,home",
        "R3,03/02/2026,,,,,home",
        ["request to agreement", "agreement to start", "start to end"] * 2 + ["request to agreement"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_each_kind_of_list_is_recognised_and_turned_round(tmp_path, kind):
    """By hand: the steps of three rows. The third row of each has no end, so the person is still there."""
    header, *rows, steps = LISTS[kind]
    proposal = EventLog.read(write(tmp_path, header, rows))
    assert proposal.kind == kind
    assert not proposal.missing
    assert not proposal.certain
    log = proposal.accept(synthetic=True)
    assert log.frame["step"].tolist() == steps
    last = log.frame.iloc[-1]
    assert (last["outcome"], bool(pd.isna(last["finished"]))) == ("still_here", True)
    assert (log.quality.rows_in, log.quality.rows_used, log.quality.visits) == (3, 3, len(steps))


def test_ward_moves_stay_a_row_a_visit_and_a_journey_is_a_spell(tmp_path):
    header = "spell_id,person_id,ward,ward_start_dt,ward_end_dt,admit_dt,discharge_dt"
    rows = ["S1,X1,AMU,01/02/2026 10:00,02/02/2026 10:00,01/02/2026 10:00,05/02/2026 10:00",
            "S1,X1,Lark,02/02/2026 10:00,05/02/2026 10:00,01/02/2026 10:00,05/02/2026 10:00"]  # fmt: skip
    proposal = EventLog.read(write(tmp_path, header, rows))
    assert proposal.kind == "ward moves, one row a stay"
    assert proposal.columns == {
        "person": "spell_id", "step": "ward", "arrived": "ward_start_dt", "left": "ward_end_dt",
    }  # fmt: skip
    assert proposal.sentence().endswith("Where the last moment is blank, the person counts as still there.")
    assert proposal.accept().times_in_step()["mean_hours"].to_dict() == {"AMU": 24, "Lark": 72}


def test_a_list_of_no_known_kind_is_proposed_in_the_order_of_its_dates(tmp_path):
    """The columns stand in another order than the moments; an appointment that is planned is no moment."""
    header = "case,scan result date,referral date,scan date,next appointment"
    rows = [f"C{n},0{n + 6}/02/2026,0{n}/02/2026,0{n + 3}/02/2026,01/09/2026" for n in range(1, 4)]
    proposal = EventLog.read(write(tmp_path, header, rows))
    assert proposal.kind == "list with a column for each moment"
    assert proposal.steps["step"].tolist() == ["referral to scan", "scan to scan result"]
    assert set(proposal.steps["what"]) == {"not said"}
    log = proposal.accept()
    assert log.times_in_step()["mean_hours"].tolist() == [72, 72]
    assert not log.starts_known


@pytest.mark.parametrize(
    "header", ["patient,ward,arrived,seen,left", "id,step,start,end", "person id,attendance id,arrived,left"]
)
def test_a_table_with_a_row_a_visit_is_not_taken_for_a_list(tmp_path, header):
    width = header.count(",") - 1
    rows = [f"P{n // 2},s{n % 2},{','.join([f'{n + 13}/01/2026 0{n}:00'] * width)}" for n in range(4)]
    proposal = EventLog.read(write(tmp_path, header, rows))
    assert not proposal.milestones
    assert proposal.kind == ""


def test_a_change_that_names_a_step_takes_the_list_as_a_row_a_visit(tmp_path):
    rows = [ed_row(n, "09:00", "09:10", "10:00", "", "11:00") for n in range(3)]
    log = EventLog.read(write(tmp_path, ED, rows)).accept(step="disposal", arrived="arrival_dt", left="departure_dt")
    assert log.steps == ["home"]
    assert log.frame["outcome"].tolist() == ["completed"] * 3


def test_every_kind_says_what_it_needs_in_moments_of_its_own():
    for kind in kinds.KINDS:
        names = [moment.name for moment in kind.moments]
        assert set(kind.needed) < set(names)
        assert len(set(names)) == len(names)
        assert any(moment.telling for moment in kind.moments)


# Blanks, order and slips


ALWAYS = [Milestone(c, c, "wait") for c in "abc"] + [Milestone("d", "d")]


def test_the_steps_of_every_pattern_of_blanks_are_those_of_a_plain_reading(tmp_path):
    """Oracle: the rules of `wide` read row by row, over all 31 patterns of 5 moments of which the third is for some."""
    moments = [Milestone(c, c, sometimes=c == "c") for c in "abcde"]
    patterns = [p for p in itertools.product([0, 1], repeat=5) if any(p)]
    rows = [
        f"P{n}," + ",".join(f"{13 + place}/01/2026" if there else "" for place, there in enumerate(pattern))
        for n, pattern in enumerate(patterns)
    ]
    log = EventLog.read(write(tmp_path, "id,a,b,c,d,e", rows), person="id", milestones=moments, synthetic=True)
    made = log.frame.groupby("person")["step"].apply(list)
    assert made.to_dict() == {f"P{n}": steps_by_hand(pattern) for n, pattern in enumerate(patterns)}


def steps_by_hand(pattern):
    """The steps of one row: go from moment to moment; the third is skipped where blank, unless it comes next."""
    there = [name for name, one in zip("abcde", pattern, strict=True) if one]
    way = [name for name in "abcde" if name != "c" or "c" in there]
    last = way.index(there[-1])
    made = [f"{one} to {two}" for one, two in itertools.pairwise(way[: last + 1]) if one in there or two in there]
    if there[-1] != "e":
        made.append(f"{there[-1]} to {'abcde'['abcde'.index(there[-1]) + 1]}")
    return made


def test_a_moment_that_was_not_recorded_leaves_its_two_steps_without_that_time(tmp_path):
    rows = [ed_row(1, "09:00", "09:10", "NULL", "", "13:00"), ed_row(2, "09:00", "09:10", "10:00", "", "11:00")]
    log = EventLog.read(write(tmp_path, ED, rows)).accept(synthetic=True)
    assert visits(log, "arrived", "finished")[1:3] == [
        ("triage to seen", "13 09:10", ""),
        ("seen to departure", "", "13 13:00"),
    ]
    assert log.frame["outcome"].tolist()[1] == "not_recorded"


def test_a_slip_at_midnight_sets_the_row_aside_until_somebody_says_next_day(tmp_path):
    """Arrived 23:40; seen 0:20 and left 2:00 were typed with the date of the evening. The truth: 2 hours 20 minutes."""
    rows = [ed_row(1, "23:40", "23:50", "00:20", "", "02:00"), ed_row(2, "09:00", "09:10", "10:00", "", "11:00")]
    proposal = EventLog.read(write(tmp_path, ED, rows))
    kept = proposal.accept()
    assert kept.people == 1
    assert kept.quality.set_aside.to_dict("list") == {
        "row": [2],
        "why": [
            (
                "Row 2: a time is over 12 hours before an earlier one, so its date may be of the day before. "
                'midnight="next_day" moves such times a day on.'
            )
        ],
    }
    mended = proposal.accept(midnight="next_day", synthetic=True)
    assert sorted(mended.journeys()["hours"]) == [2.0, pytest.approx(7 / 3)]
    assert [n.sentence for n in mended.quality.notes if n.kind == "put right"] == [
        'Row 2: "seen_dt" was before "arrival_dt" by over 12 hours; its date was moved a day on.',
        'Row 2: "departure_dt" was before "arrival_dt" by over 12 hours; its date was moved a day on.',
    ]


def test_a_step_that_runs_backwards_is_left_out_and_the_rest_of_its_row_stays(tmp_path):
    rows = [ed_row(1, "09:00", "08:10", "10:00", "", "11:00")]
    log = EventLog.read(write(tmp_path, ED, rows)).accept()
    assert log.frame["step"].tolist() == ["triage to seen", "seen to departure"]
    assert log.quality.set_aside["why"].tolist() == [
        'Row 2: "triage_dt" is before "arrival_dt", so the step between them is left out. Check the times.'
    ]
    assert (log.quality.rows_used, log.quality.rows_set_aside) == (1, 0)


def test_a_day_without_a_clock_time_is_no_earlier_than_a_time_on_it(tmp_path):
    header = "spell_id,admit_dt,ready_date,discharge_dt"
    rows = ["S1,13/02/2026 10:00,13/02/2026,15/02/2026 10:00", "S2,13/02/2026 10:00,14/02/2026,15/02/2026 10:00"]
    log = EventLog.read(write(tmp_path, header, rows)).accept()
    assert log.times_in_step()["mean_hours"]["admission to ready"] == 7  # none, and 14 hours to midnight
    assert [n.sentence for n in log.quality.notes if n.kind == "put right"] == [
        'Row 2: "ready_date" is a day without a clock time, so it counts from "admit_dt" on that day.'
    ]


@pytest.mark.parametrize(
    ("milestones", "sentence"),
    [
        (["a"], "Name at least two milestones, in the order in which people pass them."),
        (["a", "a"], 'Each milestone needs a column of its own; "a" came twice.'),
        ([Milestone("a", "x"), Milestone("b", "x")], 'Each milestone needs a name of its own; "x" came twice.'),
    ],
)
def test_milestones_that_make_no_steps_are_refused(milestones, sentence):
    assert said(lambda: as_milestones(milestones)) == sentence


def test_a_milestone_has_a_name_and_a_known_sort():
    assert Milestone(" seen  dt ").name == "seen dt"
    assert said(lambda: Milestone("a", then="nap")) == (
        'then must be "wait", "care" or None for milestone "a"; nap came.'
    )


def test_milestones_beside_a_step_or_a_time_are_refused(tmp_path):
    path = write(tmp_path, "id,ward,a,b", ["P1,W,13/01/2026,14/01/2026"])
    assert said(lambda: EventLog.read(path, person="id", step="ward", milestones=["a", "b"])) == (
        'Milestones make the steps and times, so leave out "step".'
    )
    assert said(lambda: EventLog.read(path, person="id", milestones=["a", "x"])) == (
        'No column in "list.csv" for the time of x called "x"; there are "id", "ward", "a", "b".'
    )


# Starts and completions


PM4PY = "case:concept:name,concept:name,time:timestamp,lifecycle:transition,org:resource"


def test_starts_and_completions_become_one_visit(tmp_path):
    """By hand: c1's two overlapping doctors go first in, first out; what has no partner keeps its one time."""
    rows = ["c1,triage,2026-01-13T09:00:00,start,n", "c1,triage,2026-01-13T09:10:00,complete,n",
            "c1,doctor,2026-01-13T09:20:00,start,n", "c1,doctor,2026-01-13T09:30:00,start,n",
            "c1,doctor,2026-01-13T09:40:00,complete,n", "c1,doctor,2026-01-13T09:50:00,complete,n",
            "c2,triage,2026-01-13T09:00:00,complete,n", "c2,doctor,2026-01-13T09:30:00,start,n",
            "c2,doctor,2026-01-13T09:35:00,suspend,n"]  # fmt: skip
    proposal = EventLog.read(write(tmp_path, PM4PY, rows))
    assert proposal.kind == "log of starts and completions, one row an event"
    assert proposal.sentence().endswith("The rows that start and complete a visit are put together.")
    log = proposal.accept(synthetic=True)
    assert visits(log, "started", "finished") == [
        ("triage", "13 09:00", "13 09:10"),
        ("doctor", "13 09:20", "13 09:40"),
        ("doctor", "13 09:30", "13 09:50"),
        ("triage", "", "13 09:00"),
        ("doctor", "13 09:30", ""),
    ]
    assert (log.quality.rows_in, log.quality.rows_used, log.quality.visits) == (9, 8, 5)
    assert log.quality.set_aside["why"].tolist() == ["Row 10: the transition is none of schedule, start and complete."]


def test_a_visit_with_a_number_of_its_own_is_put_together_by_it(tmp_path):
    """The layout of bupaR: the second visit to start is the first to end."""
    rows = ["c1,x-ray,1,start,2026-01-13 09:00:00,r", "c1,x-ray,2,start,2026-01-13 09:05:00,r",
            "c1,x-ray,2,complete,2026-01-13 09:10:00,r", "c1,x-ray,1,complete,2026-01-13 09:30:00,r"]  # fmt: skip
    header = "case_id,activity_id,activity_instance_id,lifecycle_id,timestamp,resource_id"
    log = EventLog.read(write(tmp_path, header, rows)).accept(synthetic=True)
    assert visits(log, "started", "finished") == [
        ("x-ray", "13 09:00", "13 09:30"),
        ("x-ray", "13 09:05", "13 09:10"),
    ]


def test_a_scheduled_activity_waits_until_it_starts(tmp_path):
    rows = [f"c1,scan,2026-01-13T{at}:00,{what}," for at, what in
            [("09:00", "schedule"), ("10:00", "start"), ("10:30", "complete")]]  # fmt: skip
    log = EventLog.read(write(tmp_path, PM4PY, rows)).accept()
    assert log.visits[["wait_hours", "service_hours"]].to_numpy().tolist() == [[1.0, 0.5]]
    assert log.quality.rows_used == 3


@pytest.mark.parametrize("transition", ["complete", "COMPLETE"])
def test_a_log_of_completions_alone_keeps_a_visit_an_event(tmp_path, transition):
    rows = [f"c{n},triage,2026-01-{13 + n}T09:00:00,{transition},n" for n in range(3)]
    log = EventLog.read(write(tmp_path, PM4PY, rows)).accept()
    assert len(log) == 3
    assert log.frame["started"].isna().all()


VIDIGI = "entity_id,pathway,event_type,event,time,resource_id"


def test_a_log_of_vidigi_becomes_visits_on_the_clock(tmp_path):
    """By hand: 1 waits 0.8 minutes and is served for 5.5; 2 gives up after 10."""
    rows = ["1,m,arrival_departure,arrival,3.2,", "1,m,queue,triage_wait_begins,3.2,",
            "1,m,resource_use,triage_begins,4.0,1", "1,m,resource_use_end,triage_complete,9.5,1",
            "1,m,arrival_departure,depart,9.5,", "2,m,arrival_departure,arrival,5,",
            "2,m,queue,triage_wait_begins,5,", "2,m,arrival_departure,depart,15,"]  # fmt: skip
    proposal = EventLog.read(write(tmp_path, VIDIGI, rows))
    assert proposal.sentence().endswith("Times are numbers of minutes.")
    log = proposal.accept(synthetic=True)
    seen = log.visits
    assert seen["step"].tolist() == ["triage", "triage"]
    assert (seen["wait_hours"][0] * 60, seen["service_hours"][0] * 60) == (pytest.approx(0.8), pytest.approx(5.5))
    assert log.frame["outcome"].tolist() == ["completed", "gave_up"]
    assert (log.frame["left"] - log.frame["arrived"])[1] == pd.Timedelta(minutes=10)
    assert (log.quality.rows_in, log.quality.rows_used) == (8, 8)
    assert "Times were read as minutes after 5 January 2026 00:00." in log.quality.sentences()


@pytest.mark.parametrize(
    ("event", "step"),
    [("triage_wait_begins", "triage"), ("MINORS_examination_begins", "MINORS_examination"), ("x_complete", "x"),
     ("treatment", "treatment"), ("start", "start")],
)  # fmt: skip
def test_the_step_of_an_event_is_its_name_without_begin_and_end(event, step):
    assert ENDS.sub("", event) == step


def test_words_of_a_lifecycle_are_told_from_other_words():
    assert is_lifecycle(["start", "suspend"])
    assert not is_lifecycle([])
    assert not is_lifecycle(["start", "triage"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"instance": "org:resource"}, "instance= goes with lifecycle=, the column that says start or complete."),
        ({"lifecycle": "lifecycle:transition", "started": "time:timestamp"},
         'A log with a row an event has one time; "started", "finished" were named.'),
        ({"lifecycle": "org:resource"},
         "No event of the file starts or completes anything. Name another column for lifecycle."),
        ({"time_unit": "minutes"}, 'Column "time:timestamp" holds no numbers, so it cannot be minutes.'),
        ({"time_unit": "weeks"},
         'No time_unit called "weeks"; there are "seconds", "minutes", "hours", "days".'),
    ],
)  # fmt: skip
def test_what_is_no_log_of_events_is_refused(tmp_path, options, sentence):
    path = write(tmp_path, PM4PY, ["c1,triage,2026-01-13T09:00:00,start,n"])
    named = {"person": "case:concept:name", "step": "concept:name", "finished": "time:timestamp"}
    assert said(lambda: EventLog.read(path, **(named | options))) == sentence
