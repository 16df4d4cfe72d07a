"""Times in two columns, events of admission and discharge, titles above the names: proposed, confirmed and read."""

import datetime as dt

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib import EventLog
from flowlib.core import adt
from flowlib.core.reading import tidy
from flowlib.core.two_columns import clock_text
from flowlib.core.wide import Milestone

DAYS = range(1, 29)


def write(tmp_path, header, rows, name="list.csv"):
    path = tmp_path / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def sentences(log, kind):
    return [note.sentence for note in log.quality.notes if note.kind == kind]


# A date in one column and a clock time in another

PLAIN = {"person": "id", "step": "ward"}
PAIR = PLAIN | {"arrived": ["day", "clock"]}


def paired(*cells):
    """What dates and clock times were read as."""
    frame = pd.DataFrame(
        [(f"P{n}", "A1", *cell) for n, cell in enumerate(cells)], columns=["id", "ward", "day", "clock"]
    )
    return tidy(frame, PAIR, synthetic=True)


@pytest.mark.parametrize(
    "clock", ["09:05", "9:05", "0905", "905", 905, 905.0, "09.05", "9:05 am", "9.05am", "09:05:00", dt.time(9, 5),
              pd.Timestamp(1899, 12, 30, 9, 5), dt.timedelta(hours=9, minutes=5), "30/12/1899 09:05", "0.378472222",
              9.0833333333 / 24, " 09:05 "],
)  # fmt: skip
@pytest.mark.parametrize(
    "day", ["13/01/2026", "13/01/2026 00:00", "2026-01-13", dt.date(2026, 1, 13), 46035, "13-Jan-26"]
)
def test_a_date_and_a_clock_time_become_one_moment(day, clock):
    """Oracle: the moment itself, in every dress that systems give its two halves."""
    log = paired((day, clock), ("14/01/2026", "10:00"))
    assert log.frame["arrived"][0].tz_localize(None) == pd.Timestamp("2026-01-13 09:05")
    assert log.quality.columns["arrived"] == "day + clock"


def test_a_date_without_its_clock_time_is_no_midnight():
    rest = [("15/01/2026", "25:10"), ("NULL", "-"), ("16/01/2026", "09:00"), ("17/01/2026", "09:00")]
    log = paired(("13/01/2026", ""), ("", "09:00"), ("14/01/2026", "10:00"), *rest)
    assert len(log) == 3
    assert sentences(log, "to know")[:3] == [
        'Row 2: a date without a clock time stands in "day + clock", so the time counts as not recorded.',
        'Row 3: a clock time without a date stands in "day + clock", so the time counts as not recorded.',
        'Row 5: the time in "day + clock" could not be read and counts as not recorded.',
    ]
    assert log.quality.set_aside["row"].tolist() == [2, 3, 5, 6]


def test_24_00_in_a_column_of_clock_times_is_the_next_midnight():
    log = paired(("13/01/2026", "24:00"), ("14/01/2026", "10:00"))
    assert log.frame["arrived"][0] == pd.Timestamp("2026-01-14", tz="Europe/London")
    assert sentences(log, "put right") == [
        'Row 2: 24:00 in "day + clock" was read as midnight, when the next day begins.'
    ]


def test_dates_with_the_month_first_are_refused_in_pairs_too():
    assert said(lambda: paired(("01/25/2026", "09:00"), ("01/26/2026", "10:00"))).startswith(
        'The dates in column "day + clock" have the month first (rows 2, 3).'
    )


@given(st.integers(0, 1439))
@settings(max_examples=60, deadline=None)
def test_a_share_of_a_day_and_four_figures_are_the_same_clock_time(minute):
    """Oracle: arithmetic."""
    plain = f"{minute // 60:02d}:{minute % 60:02d}"
    assert clock_text(f"{minute // 60:02d}{minute % 60:02d}") == plain
    assert clock_text(minute / 1440) == (f"{plain}:00" if minute else "00:00:00")


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"arrived": ["d", "t", "w"]}, "arrived must be one column, or a date and a clock time; ['d', 't', 'w'] came."),
        ({"arrived": ["d"]}, "arrived must be one column, or a date and a clock time; ['d'] came."),
        ({"arrived": "d", "step": ["w", "t"]}, "step must be one column; ['w', 't'] came."),
        ({"arrived": "d", "clocks": {"left": "t"}}, 'No time for clocks called "left"; there are "arrived".'),
        ({"arrived": ["d", "time"]}, ('No column in "list.csv" for the clock time of arrived called "time"; '
                                      'there are "id", "w", "d", "t".')),
    ],
)  # fmt: skip
def test_a_pair_that_is_none_is_refused(tmp_path, named, sentence):
    path = write(tmp_path, "id,w,d,t", [f"P{n},A1,{n}/01/2026,09:00" for n in DAYS])
    assert said(lambda: EventLog.read(path, **({"person": "id", "step": "w"} | named))) == sentence


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("id,ward,arrival date,arrival time,departure date,departure time", ("arrival date", "arrival time")),
        ("id,ward,ArrivalDate,ArrivalTime,DepartureDate,DepartureTime", ("ArrivalDate", "ArrivalTime")),
    ],
)
def test_pairs_are_proposed_by_their_names_and_read_when_confirmed(tmp_path, header, words):
    path = write(tmp_path, header, [f"P{n},A1,{n:02d}/01/2026,09:05,{n:02d}/01/2026,17:35" for n in DAYS])
    proposal = EventLog.read(path)
    assert proposal.options["clocks"]["arrived"] == words[1]
    assert f'Arrived takes its date from "{words[0]}" and its clock time from "{words[1]}".' in proposal.sentence()
    log = proposal.accept()
    assert log.times_in_step()["mean_hours"]["A1"] == pytest.approx(8.5)


def test_one_date_may_serve_several_clock_times(tmp_path):
    path = write(tmp_path, "id,ward,date,arrived,left", [f"P{n},A1,{n:02d}/01/2026,09:05,17:35" for n in DAYS])
    proposal = EventLog.read(path)
    assert dict(proposal.columns) == {"person": "id", "step": "ward", "arrived": "date", "left": "date"}
    assert proposal.options == {"clocks": {"arrived": "arrived", "left": "left"}}
    assert proposal.accept().times_in_step()["mean_hours"]["A1"] == pytest.approx(8.5)


def test_a_column_named_anew_when_confirming_has_no_clock_time_of_the_old(tmp_path):
    path = write(
        tmp_path, "id,ward,date,time,seen by", [f"P{n},A1,{n:02d}/01/2026,09:05,{n:02d}/01/2026 11:00" for n in DAYS]
    )
    log = EventLog.read(path).accept(finished="seen by")
    assert log.frame["finished"][0].hour == 11


def test_times_of_a_workbook_and_milestones_can_be_pairs(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["attendance_id", "arrival_date", "arrival_time", "triage_date", "triage_time",
                        "departure_date", "departure_time"])  # fmt: skip
    for n in DAYS:
        day = dt.date(2026, 1, n)
        book.active.append([f"P{n}", day, dt.time(9), day, dt.time(9, 30), day, dt.time(13)])
    book.save(tmp_path / "list.xlsx")
    proposal = EventLog.read(tmp_path / "list.xlsx")
    assert proposal.milestones[0] == Milestone("arrival_date", "arrival", "wait", clock="arrival_time")
    assert 'Triage takes its date from "triage_date" and its clock time from "triage_time".' in proposal.sentence()
    seen = proposal.accept().times_in_step()["mean_hours"]
    assert seen.to_dict() == {"arrival to triage": 0.5, "triage to departure": 3.5}


# Admissions, transfers and discharges

EVENTS = {"person": "id", "step": "ward", "finished": "at", "lifecycle": "event", "synthetic": True}


def moves(*rows):
    """The stays that events make: (person, ward, in, out), and the log."""
    frame = pd.DataFrame([(p, e, f"13/01/2026 {at}", w) for p, e, at, w in rows], columns=["id", "event", "at", "ward"])
    about = {word: EVENTS[word] for word in ("person", "step", "finished", "lifecycle")}
    log = tidy(frame, about, synthetic=True)
    plain = log.frame[["arrived", "left"]].apply(lambda times: times.dt.strftime("%H:%M").fillna(""))
    return list(zip(log.frame["person"], log.frame["step"], plain["arrived"], plain["left"], strict=True)), log


JOURNEY = (
    ("P", "A01", "09:00", "ED"),
    ("P", "A02", "12:00", "A1"),
    ("P", "A02", "15:00", "B2"),
    ("P", "A03", "18:00", ""),
)


@pytest.mark.parametrize("words", [{}, {"A01": "Admit", "A02": "transfer", "A03": "DISCHARGE"}, {"A01": "ADT^A01"}])
def test_admission_transfers_and_discharge_become_ward_stays(words):
    """By hand; whichever way the events are named, and in any order of rows."""
    rows = [(p, words.get(event, event), at, ward) for p, event, at, ward in JOURNEY]
    stays = [("P", "ED", "09:00", "12:00"), ("P", "A1", "12:00", "15:00"), ("P", "B2", "15:00", "18:00")]
    assert moves(*rows)[0] == stays
    found, log = moves(*rows[::-1])
    assert sorted(found) == sorted(stays)
    assert (log.quality.rows_in, log.quality.rows_used, log.quality.visits) == (4, 4, 3)
    assert log.quality.columns == {"person": "id", "step": "ward", "lifecycle": "event", "arrived": "at", "left": "at"}


STORIES = {
    "a move within the ward is none": (
        [
            ("P", "A01", "09:00", "A1"),
            ("P", "A02", "10:00", "A1"),
            ("P", "A08", "11:00", "A1"),
            ("P", "A03", "12:00", "A1"),
        ],
        [("P", "A1", "09:00", "12:00")],
        [],
    ),
    "a discharge without an admission": (
        [("P", "A03", "12:00", "A1"), ("Q", "A01", "13:00", "A1")],
        [("P", "A1", "", "12:00"), ("Q", "A1", "13:00", "")],
        [],
    ),
    "two admissions": (
        [("P", "A01", "09:00", "A1"), ("P", "A01", "11:00", "B2"), ("P", "A03", "12:00", "B2")],
        [("P", "A1", "09:00", ""), ("P", "B2", "11:00", "12:00")],
        [],
    ),
    "a cancelled admission": (
        [("P", "A01", "09:00", "A1"), ("P", "A11", "09:05", "A1"), ("P", "A01", "10:00", "B2")],
        [("P", "B2", "10:00", "")],
        [2, 3],
    ),
    "a cancelled transfer": (
        [
            ("P", "A01", "09:00", "A1"),
            ("P", "A02", "10:00", "B2"),
            ("P", "A12", "10:05", "A1"),
            ("P", "A03", "12:00", "A1"),
        ],
        [("P", "A1", "09:00", "12:00")],
        [3, 4],
    ),
    "a cancelled discharge": (
        [
            ("P", "A01", "09:00", "A1"),
            ("P", "A03", "10:00", "A1"),
            ("P", "A13", "10:05", "A1"),
            ("P", "A03", "12:00", "A1"),
        ],
        [("P", "A1", "09:00", "12:00")],
        [3, 4],
    ),
    "an admission without a ward": (
        [("P", "A01", "09:00", ""), ("Q", "A01", "09:00", "A1")],
        [("Q", "A1", "09:00", "")],
        [2],
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_events_out_of_the_ordinary_are_told_and_every_row_is_accounted_for(story):
    rows, stays, aside = STORIES[story]
    found, log = moves(*rows)
    assert found == stays
    assert log.quality.set_aside["row"].tolist() == aside
    assert log.quality.rows_used + log.quality.rows_set_aside == len(rows)


EVENT = st.tuples(st.sampled_from("PQ"), st.sampled_from(["A01", "A02", "A03", "A08", "A11", "A12", "A13"]),
                  st.integers(0, 9).map(lambda h: f"1{h}:00"), st.sampled_from(["A1", "B2", ""]))  # fmt: skip


@given(st.lists(EVENT, max_size=12))
@settings(max_examples=50, deadline=None)
def test_whatever_the_events_each_row_is_used_or_set_aside_once(rows):
    """Oracle: the rows that went in; no stay ends before it begins, and nobody is in two wards at once."""
    rows = [*rows, ("Z", "A01", "09:00", "A1")]
    found, log = moves(*rows)
    report = log.quality
    assert report.rows_used + report.rows_set_aside == report.rows_in == len(rows)
    assert report.set_aside["row"].nunique() == len(report.set_aside) == report.rows_set_aside
    assert all(not came or not left or came <= left for _, _, came, left in found)


def test_events_are_proposed_as_ward_stays(tmp_path):
    rows = [f"P{n},{event},{n:02d}/01/2026 {at}:07,{ward}" for n in DAYS for _, event, at, ward in
            (("", "A01", "09", "ED"), ("", "A02", "12", "A1"), ("", "A03", "18", "A1"))]  # fmt: skip
    proposal = EventLog.read(write(tmp_path, "patient_id,event_code,event_datetime,ward", rows))
    assert proposal.sentence() == (
        "This looks like a log of admissions, transfers and discharges, one row an event. The columns look like this: "
        'person = "patient_id", step = "ward", finished = "event_datetime", lifecycle = "event_code". '
        "Where the last moment is blank, the person counts as still there. "
        "Each stay on a ward is from its admission or transfer to the next transfer or discharge."
    )
    assert proposal.accept().times_in_step()["mean_hours"].to_dict() == {"ED": 3.0, "A1": 6.0}


def test_other_transitions_are_no_admissions():
    assert not adt.is_adt(["start", "complete"])
    assert not adt.is_adt(["A03", "A08"])
    assert not adt.is_adt(["A01", "lunch"])


# What the proposal and the report say of the file


def test_one_row_is_told_in_the_singular(tmp_path):
    log = EventLog.read(write(tmp_path, "patient,ward,when", ["P1,A1,13/01/2026"])).accept()
    assert log.quality.sentences()[0] == '1 row was read from "list.csv"; 1 is used, and none was set aside.'


def test_the_proposal_names_what_is_passed_over_and_what_cannot_be_read(tmp_path):
    rows = [f"P{n},A1,01/{n:02d}/2026 09:00,{n:02d}/01/2026 10:00" for n in range(13, 29)]
    path = write(tmp_path, "Ward moves\n\npatient,ward,arrived,left", rows)
    proposal = EventLog.read(path)
    assert proposal.sentence().endswith(
        '"arrived" is named like a time, but cannot be read as such. '
        "Write dates day first, such as 25/03/2026, or name other columns. "
        "Rows 1 to 2 stand above the column names, so they were passed over."
    )
    log = proposal.accept()
    assert log.quality.notes[0].sentence == "Rows 1 to 2 stand above the column names, so they were passed over."
    assert log.quality.rows_in_file == len(rows)
