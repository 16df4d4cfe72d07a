"""Extracts of several organisations become one log, in which each person has one key."""

import pickle

import pandas as pd
import pytest
from refusals import said

from flowlib import EventLog
from flowlib.core import privacy

NAMED = {"person": "id", "step": "place", "arrived": "in", "left": "out"}


def log(name, rows, **options):
    """A log of rows (id, step, first day, last day) in January 2026."""
    made = [(one, step, f"{a:02d}/01/2026 09:00", f"{b:02d}/01/2026 09:00" if b else "") for one, step, a, b in rows]
    return EventLog.from_frame(pd.DataFrame(made, columns=["id", "place", "in", "out"]), name=name, **NAMED, **options)


ED = [("W1", "ED", 13, 14), ("W2", "ED", 13, 15), ("W3", "ED", 14, 16)]
WARD = [("W2", "ward", 15, 20), ("W1", "ward", 14, 18), ("W9", "ward", 15, 17)]


def ways(joined):
    return sorted(joined.journeys()["variant"].tolist())


def test_a_journey_is_followed_from_one_organisation_to_the_next():
    """By hand: W1 and W2 go from the ED to the ward, W3 goes home, W9 came from elsewhere."""
    joined = EventLog.join([log("ED list", ED), log("ward moves", WARD)])
    assert ways(joined) == [("ED",), ("ED", "ward"), ("ED", "ward"), ("ward",)]
    assert joined.people == 4
    assert joined.frame["next_step"].tolist().count("ward") == 2
    assert joined.name == "ED list and ward moves"
    assert joined.visits["at"].is_monotonic_increasing


def test_joining_gives_what_one_extract_of_all_rows_gives():
    """Oracle: the same rows read as one table; steps, times, ways and lengths agree."""
    joined, whole = EventLog.join([log("a", ED), log("b", WARD)]), log("all", ED + WARD)
    columns = ["step", "arrived", "left", "outcome", "next_step"]
    order = ["arrived", "step", "left"]
    pd.testing.assert_frame_equal(
        joined.frame[columns].sort_values(order, ignore_index=True),
        whole.frame[columns].sort_values(order, ignore_index=True),
    )
    assert ways(joined) == ways(whole)
    assert joined.observed == whole.observed
    assert sorted(joined.journeys()["hours"]) == sorted(whole.journeys()["hours"])


def test_no_id_and_no_older_key_is_left():
    parts = [log("a", ED), log("b", WARD)]
    joined = EventLog.join(parts)
    held = pickle.dumps(joined).decode("latin-1") + repr(vars(joined))
    assert not any(f"W{n}" in held for n in (1, 2, 3, 9))
    again = [EventLog.join(parts).frame["person"].tolist() for _ in range(6)]
    assert len({tuple(one) for one in again}) > 1  # random: all alike would be 1 in 24 to the fifth


def test_a_joined_log_can_be_joined_again():
    home = [("W9", "home care", 20, 25), ("W3", "home care", 21, 22)]
    joined = EventLog.join([EventLog.join([log("a", ED), log("b", WARD)]), log("c", home)])
    assert ways(joined) == [("ED", "home care"), ("ED", "ward"), ("ED", "ward"), ("ward", "home care")]


def test_nhs_numbers_are_linked_however_each_extract_writes_them():
    one = log("a", [("943 476 5919", "ED", 13, 14), ("943 476 5870", "ED", 13, 14)])
    two = log("b", [("9434765919", "ward", 14, 15), ("943-476-5862", "ward", 14, 15)])
    assert ways(EventLog.join([one, two])) == [("ED",), ("ED", "ward"), ("ward",)]


def test_logs_without_anybody_in_common_stay_apart_and_this_is_said():
    apart = log("care", [("C77", "care", 15, 17), ("C78", "care", 15, 17)])
    same = "Check that the person columns hold the same kind of id, written the same way."
    assert said(lambda: EventLog.join([log("ED list", ED), apart])) == (
        f'No person is in both "ED list" and "care"; the logs stay apart. {same}'
    )
    assert said(lambda: EventLog.join([log("ED list", ED), log("ward", WARD), apart])) == (
        f'No person of "care" is in another log; it stays apart. {same}'
    )


def test_the_window_is_the_union_and_a_gap_is_told():
    late = log("late", [("W1", "clinic", 25, 26)])
    joined = EventLog.join([log("early", ED), late])
    assert (joined.observed[0].day, joined.observed[1].day) == (13, 26)
    sentences = joined.quality.sentences()
    assert 'No log covers 16 January 2026 to 25 January 2026, between "early" and "late".' in sentences
    assert "Fewer than 8 people are in more than one of the logs; each has one key in the joined log." in sentences


def test_whoever_was_still_there_when_a_shorter_log_ended_is_not_recorded_from_then():
    """Counted as still there, they would fill places to the end of the longer log."""
    early = log("early", [*ED, ("W5", "ED", 14, None)], blank_end="still_here")
    joined = EventLog.join([early, log("late", WARD)])
    row = joined.frame[joined.frame["left"].isna()]
    assert row["outcome"].tolist() == ["not_recorded"]
    told = 'Whoever was still there when "early" ended on 16 January 2026 counts as not recorded.'
    assert told in joined.quality.sentences()


def test_notes_of_each_extract_are_kept_with_their_rows():
    early = log("early", [*ED, ("W5", "", 14, 15)])
    report = EventLog.join([early, log("late", WARD)]).quality
    assert (report.rows_in, report.rows_used) == (7, 6)
    assert report.set_aside["row"].tolist() == [5]
    assert 'the table: Row 5: no step in column "place".' in report.sentences()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: [log("a", ED)], "Give at least two logs to join, such as EventLog.join([ed, ward])."),
        (lambda: [log("a", ED), "b"], "Only logs can be joined; str came."),
        (lambda: [log("a", ED), log("b", WARD, timezone="Asia/Kolkata")],
         ('The logs are on different clocks: "a" on Europe/London, "b" on Asia/Kolkata. '
          "Read each with the same timezone.")),
        (lambda: [log("a", ED), log("b", WARD, synthetic=True)],
         "Some of the logs are synthetic and some are of real people. Join logs of one sort."),
        (lambda: [log("a", ED), log("b", WARD).only(step="ward")],
         ('The people of "b" cannot be linked any more. Join logs just as they were read, before only(...) '
          "or until(...), and in the notebook that read them.")),
        (lambda: [log("a", ED), log("b", [*WARD, ED[0]])],
         ('The same visits stand in "a", "b": person, step and times are alike. '
          "Leave them out of all but one extract, so that none counts twice.")),
        (lambda: [log("a", ED)] * 2, "The same log came twice. Give each log once."),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused_in_one_sentence(make, sentence):
    assert said(lambda: EventLog.join(make())) == sentence


def test_synthetic_logs_are_joined_by_their_ids_and_keep_them():
    joined = EventLog.join([log("a", ED, synthetic=True), log("b", WARD, synthetic=True)])
    assert joined.synthetic
    assert sorted(set(joined.frame["person"])) == ["W1", "W2", "W3", "W9"]
    assert privacy.ring_of(joined) is None


def test_a_log_that_was_saved_or_copied_cannot_be_linked(tmp_path):
    """The link lives in memory, beside the very log that was read."""
    one = log("a", ED)
    one.save(tmp_path / "a.parquet")
    for copy in (EventLog.load(tmp_path / "a.parquet"), pickle.loads(pickle.dumps(one))):  # noqa: S301 - our own
        assert said(lambda copy=copy: EventLog.join([copy, log("b", WARD)])).startswith(
            'The people of "a" cannot be linked'
        )


def test_rows_that_were_blank_in_any_extract_are_still_counted():
    rows = pd.DataFrame(
        {"id": ["W1", None], "place": ["ED", None], "in": ["13/01/2026 09:00", None], "out": [None, None]}
    )
    first = EventLog.from_frame(rows, name="ED list", **NAMED)
    joined = EventLog.join([first, log("ward moves", WARD)])
    assert (first.quality.rows_blank, joined.quality.rows_blank) == (1, 1)
    assert joined.quality.rows_in_file == 5
