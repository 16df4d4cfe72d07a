"""Is the value stream of a log, a table or a plan what its rows say?"""

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.core import data
from flowlib.core.eventlog import EventLog
from flowlib.mapping.compare_streams import compare_streams
from flowlib.mapping.lean_tables import stream_from_table
from flowlib.mapping.opening import Opening
from flowlib.mapping.process_map import process_map
from flowlib.mapping.stream_from_log import commonest_way, stream_from_log
from flowlib.mapping.value_stream import ValueStep, ValueStream

STEP = "Home First"
LONGEST = ["Ambulance", "Handover", "Emergency department", "Ward", "Transfer hub", STEP]


@pytest.fixture(scope="module")
def journey():
    return data.journey()


def log_of(rows, *, until=None, synthetic=True):
    """A log of (person, step, arrived, started, finished) with times in hours from Monday 5 January 2026, 9am."""
    table = pd.DataFrame(rows, columns=["who", "step", "came", "began", "ended"])
    zero = pd.Timestamp("2026-01-05 09:00")
    for column in ("came", "began", "ended"):
        table[column] = zero + pd.to_timedelta(table[column], unit="h")
    window = None if until is None else (zero, zero + pd.Timedelta(hours=until))
    return EventLog.from_frame(
        table, person="who", step="step", arrived="came", started="began", finished="ended",
        blank_end="still_here", observed=window, synthetic=synthetic,
    )  # fmt: skip


TWO_STEPS = [
    ("a", "desk", 0, 1, 2), ("a", "nurse", 2, 5, 6),
    ("b", "desk", 0, 3, 4), ("b", "nurse", 4, 5, 8),
    ("c", "desk", 1, 3, 5),
]  # fmt: skip


# From a log


def test_times_are_means_of_all_visits_to_a_step():
    """By hand: waits of 1, 3 and 2 hours at the desk and 3 and 1 at the nurse; work of 1, 1, 2 and 1, 3."""
    made = stream_from_log(log_of(TWO_STEPS))
    desk, nurse = made.steps
    assert (desk.name, desk.wait, desk.process_time) == ("desk", 2, pytest.approx(4 / 3))
    assert (nurse.name, nurse.wait, nurse.process_time) == ("nurse", 2, 2)
    assert made.notes == ("Times are means, which add up.",)
    assert np.isnan(made.rolled_first_time_right)


def test_the_wait_is_the_one_on_the_map(journey):
    """The thread: the map's mean wait, and its median, for Home First, to the last bit of a sum."""
    on_map = process_map(journey).steps.set_index("step").loc[STEP]
    mean, median = (stream_from_log(journey, path=[STEP], average=average).steps[0] for average in ("mean", "median"))
    assert mean.wait == pytest.approx(on_map["mean_wait_hours"], rel=1e-12)
    assert median.wait == on_map["median_wait_hours"]


def test_means_add_up_to_the_mean_of_whole_journeys_and_medians_do_not(journey):
    """Those who went one way to its end, with no time between steps: their whole times, from the log's own table."""
    whole = journey.journeys()
    these = whole[(whole["variant"] == tuple(LONGEST[:3])) & ~whole["still_here"]]
    kept = journey.frame[journey.frame["person"].isin(these["person"])]
    log = EventLog(kept.reset_index(drop=True), observed=journey.observed, synthetic=True)
    assert stream_from_log(log).lead_time == pytest.approx(these["hours"].mean(), rel=1e-9)
    assert stream_from_log(log, average="median").lead_time < 0.95 * these["hours"].median()


def test_people_still_waiting_count_as_waiting_at_least_so_long():
    """Kaplan-Meier by hand: waits of 1 and 3 over and one of 2 so far: 1/3 end by 1, the rest by 3: mean 7/3."""
    rows = [
        ("a", "desk", 0, 1, 2),
        ("b", "desk", 0, 3, 4),
        ("c", "desk", 2, None, None),
    ]
    made = stream_from_log(log_of(rows, until=4))
    assert made.steps[0].wait == pytest.approx(1 / 3 * 1 + 2 / 3 * 3)
    assert made.steps[0].process_time == 1
    assert "People who are still there count as taking at least so long." in made.notes


def test_leaving_out_those_still_there_would_flatter_the_wait():
    """A queue that grows: true waits are exponential with a mean of 10 hours, and the log is cut after 12."""
    rng = np.random.default_rng(5)
    came, waits = rng.uniform(0, 12, 4000), rng.exponential(10, 4000)
    began = np.where(came + waits < 12, came + waits, np.nan)
    rows = [(f"p{i}", "desk", c, b, b) for i, (c, b) in enumerate(zip(came, began, strict=True))]
    waits_over = (began - came)[~np.isnan(began)]
    stream = stream_from_log(log_of(rows, until=12))
    # The area under the curve to 12 hours is 10 (1 - exp(-1.2)) = 6.99; spread of a wait cut at 12 is under 4.5.
    assert stream.steps[0].wait == pytest.approx(10 * (1 - np.exp(-1.2)), abs=4 * 4.5 / np.sqrt(1500))
    assert waits_over.mean() < 4.5


def test_times_in_hours_open_leave_out_the_night():
    """By hand: the desk is open from 9am to 5pm; a wait from 4pm (hour 7) to 10am (hour 25) is 2 hours, not 18."""
    log = log_of([("a", "desk", 7, 25, 26), ("a", "ward", 26, 26, 50)])
    hours = Opening({"Mon-Sun": "09:00-17:00"})
    everywhere = stream_from_log(log, opening=hours)
    assert [(step.wait, step.process_time) for step in everywhere.steps] == [(2, 1), (0, 8)]
    assert everywhere.notes[-1] == "Times are in hours open."
    desk = stream_from_log(log, opening={"desk": hours})
    assert [(step.wait, step.process_time) for step in desk.steps] == [(2, 1), (0, 24)]
    assert desk.notes[-1] == "Times are in hours open at the steps that have opening hours."


def test_first_time_right_is_the_share_who_do_not_come_back_and_is_said_to_be_an_estimate():
    """By hand: 1 of 2 people comes back to the desk."""
    rows = [("a", "desk", 0, 1, 2), ("a", "nurse", 2, 3, 4), ("a", "desk", 4, 5, 6), ("b", "desk", 0, 1, 2)]
    made = stream_from_log(log_of(rows), path=["desk", "nurse"], first_time_right=True)
    assert [step.complete_and_accurate for step in made.steps] == [0.5, 1]
    assert made.notes[-1].startswith("First time right is an estimate")


def test_a_share_that_would_tell_of_few_real_people_is_left_out():
    """9 people, of whom 1 came back to the desk and nobody to the nurse."""
    rows = [(f"p{at}", step, 2 * at + later, 2 * at + later, 2 * at + later + 0.5)
            for at in range(9) for later, step in enumerate(["desk", "nurse"])]  # fmt: skip
    log = log_of([*rows, ("p0", "desk", 30, 30, 31)], synthetic=False)
    made = stream_from_log(log, path=["desk", "nurse"], first_time_right=True)
    assert [step.complete_and_accurate for step in made.steps] == [None, 1]
    assert made.notes[-1] == "Where 1 to 7 people came back, the share is left out."


def test_many_visits_of_few_people_are_few_people():
    rows = [("a", "desk", 3 * at, 3 * at + 1, 3 * at + 2) for at in range(20)]
    sentence = said(lambda: stream_from_log(log_of(rows, synthetic=False), path=["desk"]))
    assert sentence.startswith('Fewer than 8 people have both "started" and "finished" at "desk"')


def test_a_step_that_comes_twice_on_the_way_is_counted_twice():
    rows = [("a", "desk", 0, 1, 2), ("a", "nurse", 2, 3, 4), ("a", "desk", 4, 5, 6)]
    made = stream_from_log(log_of(rows))
    assert [step.name for step in made.steps] == ["desk", "nurse", "desk (2)"]
    assert made.lead_time == 6


def test_the_commonest_way_is_of_those_who_came_to_its_end(journey):
    """Another count: the variants of those who are not still there, most first."""
    whole = journey.journeys()
    ended = whole.loc[~whole["still_here"], "variant"].map("|".join).value_counts()
    assert "|".join(commonest_way(journey)) == ended.index[0]


def test_steps_keeps_some_of_the_way_in_its_order(journey):
    made = stream_from_log(journey, path=LONGEST, steps=[STEP, "Ward"])
    assert [step.name for step in made.steps] == ["Ward", STEP]


LOG_REFUSED = [
    (
        lambda log: stream_from_log(log, path=["desc"]),
        'No step in the log called "desc"; there are "desk", "nurse". Did you mean "desk"?',
    ),
    (lambda log: stream_from_log(log, path="desk"), "path must be a list of steps; 'desk' came."),
    (lambda log: stream_from_log(log, path=[]), "path must name at least 1 step; none came."),
    (lambda log: stream_from_log(log, steps=[]), "steps must name at least 1 step; none came."),
    (
        lambda log: stream_from_log(log, path=["desk"], steps=["nurse"]),
        'No step on this way called "nurse"; there are "desk".',
    ),
    (
        lambda log: stream_from_log(log, average="mode"),
        'No average called "mode"; there are "mean", "median".',
    ),
    (
        lambda log: stream_from_log(log, opening={"ward": Opening({"Mon": "09:00-10:00"})}),
        'No step in the log called "ward"; there are "desk", "nurse".',
    ),
    (
        lambda _: stream_from_log(log_of([("a", "desk", 0, None, None)], until=4)),
        "Nobody in this log has come to the end of a way. Name the steps: path=[...].",
    ),
    (
        lambda _: stream_from_log(log_of(TWO_STEPS, synthetic=False)),
        "No way was gone to its end by 8 people or more, so none is shown. Name the steps: path=[...].",
    ),
    (
        lambda _: stream_from_log(log_of(TWO_STEPS, synthetic=False), path=["desk"]),
        (
            'Fewer than 8 people have both "started" and "finished" at "desk", too few to describe. '
            "Leave the step out: steps=[...]."
        ),
    ),
]


@pytest.mark.parametrize(("ask", "sentence"), LOG_REFUSED)
def test_what_a_log_cannot_show_is_refused_with_a_sentence(ask, sentence):
    assert said(lambda: ask(log_of(TWO_STEPS))) == sentence


def test_a_log_with_one_time_an_event_is_refused():
    table = pd.DataFrame({"who": ["a", "a"], "step": ["x", "y"], "at": ["2026-01-05 09:00", "2026-01-05 10:00"]})
    log = EventLog.from_frame(table, person="who", step="step", finished="at", synthetic=True)
    assert said(lambda: stream_from_log(log)) == (
        "This log does not say when people joined a step, and when care began and ended there. "
        "Bring a file with three times a visit, or type the steps in."
    )


# From a table

TYPED = {
    "Step": ["booking", "visit"],
    "Process time (minutes)": [6, "1 hour"],
    "wait": ["2 days", 1.5],
    "%C&A": ["90%", 0.8],
    "people": [1, None],
    "WIP": [None, 12],
    "hours open": [8, 24],
    "value": ["Necessary", "value"],
    "wastes": ["waiting; over production", ""],
    "notes": ["by telephone", None],
}
BOOKING = ValueStep(
    "booking", 0.1, 48, 0.9, people=1, hours_open=8, value="necessary", wastes=("waiting", "over-production")
)


def test_a_typed_table_becomes_the_stream_it_says():
    assert stream_from_table(pd.DataFrame(TYPED)).steps == (
        BOOKING,
        ValueStep("visit", 1, 1.5, 0.8, work_in_progress=12, hours_open=24, value="value"),
    )


def test_a_workbook_gives_the_same_stream_as_the_frame_it_came_from(tmp_path):
    place = tmp_path / "clinic.xlsx"
    pd.DataFrame(TYPED).to_excel(place, index=False)
    assert stream_from_table(place) == stream_from_table(pd.DataFrame(TYPED))


def test_the_shipped_map_is_read_as_it_stands():
    """Maureen's map: 319.0 hours, of which 81.1 are work, as the curriculum prints it."""
    made = stream_from_table(data.table("maureen"))
    assert (round(made.lead_time, 1), round(made.process_time, 1)) == (319.0, 81.1)


def changed(**cells):
    table = pd.DataFrame(TYPED).astype(object)
    for column, value in cells.items():
        table.loc[1, column.replace("_", " ")] = value
    return table


TABLE_REFUSED = [
    (changed(wait="soon"), (
        'Row 2, column "wait": this must be a length of time with its unit, such as "48 minutes"; "soon" came.'
    )),
    (changed(wait=None), 'Row 2, column "wait": this is blank. Type a length of time, such as "48 minutes".'),
    (changed(Step="Booking"), (
        'Row 2, column "step": there is a step called "Booking" already. Give it another name.'
    )),
    (changed(people="two"), 'Row 2, column "people": this must be a number; "two" came. Type a number.'),
    (changed(people=0), 'Row 2, column "step": People of "visit" must be above 0; 0 came.'),
    (changed(hours_open=25), 'Row 2, column "hours open": this must be from 0 to 24; 25 came. Correct it.'),
    (changed(value="valuable"), (
        'Row 2, column "value": No word for this called "valuable"; there are "value", "necessary", "waste". '
        'Did you mean "value"?'
    )),
    (pd.DataFrame({"step": ["x"], "wait": [1]}), 'The table has no column "process time". Add it.'),
    (pd.DataFrame({"step": ["x"], "proces time": [1]}), (
        'No column is called "proces time"; there are "step", "process time", "wait", "complete and accurate", '
        '"people", "batch size", "work in progress", "hours open", "value", "wastes", "notes". '
        'Did you mean "process time"?'
    )),
    (pd.DataFrame({"step": [], "process time": [], "wait": []}), (
        "The table has no rows. It needs one row for each step, in order."
    )),
    (pd.DataFrame({"step": ["x"], "wait": [1], "Wait": [1]}), 'Two columns are "wait". Delete one.'),
    ([1, 2], "A table must be a pandas frame or the name of an Excel file; [1, 2] came."),
    ("steps.csv", 'A table is read from a .xlsx file; "steps.csv" came. Save it as one.'),
    ("none.xlsx", 'There is no file "none.xlsx" in that folder. Check its name and folder.'),
]  # fmt: skip


@pytest.mark.parametrize(("table", "sentence"), TABLE_REFUSED)
def test_what_is_wrong_in_a_table_is_told_with_its_row_and_column(table, sentence):
    assert said(lambda: stream_from_table(table)) == sentence


def test_rows_of_a_workbook_are_numbered_as_excel_shows_them(tmp_path):
    place = tmp_path / "clinic.xlsx"
    changed(wait="soon").to_excel(place, index=False)
    assert said(lambda: stream_from_table(place)).startswith('Row 3, column "wait"')


def test_a_workbook_with_several_sheets_or_none_is_refused_with_a_sentence(tmp_path):
    place, broken = tmp_path / "clinic.xlsx", tmp_path / "broken.xlsx"
    with pd.ExcelWriter(place) as book:
        pd.DataFrame(TYPED).to_excel(book, sheet_name="now", index=False)
        changed(wait="1 hour").to_excel(book, sheet_name="then", index=False)
    broken.write_text("not a workbook", encoding="utf-8")
    assert said(lambda: stream_from_table(place)) == (
        '"clinic.xlsx" has several sheets: "now", "then". Say which one: sheet=...'
    )
    assert stream_from_table(place, sheet="then").steps[1].wait == 1
    assert said(lambda: stream_from_table(broken)) == (
        '"broken.xlsx" is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx.'
    )


# Now and then

NOW = ValueStream(
    [ValueStep("referral", 1, 23, 0.9), ValueStep("triage", 0.5, 47.5, 0.8), ValueStep("visit", 2, 70, 0.75)]
)
THEN = ValueStream([ValueStep("referral", 1, 5, 0.9), ValueStep("call", 0.5, 0, 0.9), ValueStep("visit", 2, 39.5, 0.9)])


def test_two_streams_are_compared_step_by_step():
    """By hand: 24, 48 and 72 hours now; 6, 0.5 (new) and 41.5 then."""
    table = compare_streams(NOW, THEN).table
    assert table["step"].tolist() == ["referral", "triage", "call", "visit"]
    assert table["what"].tolist() == ["kept", "taken out", "new", "kept"]
    assert table["difference"].tolist() == [-18, -48, 0.5, -30.5]
    assert table["wait_then"].isna().tolist() == [False, True, False, False]


def test_the_differences_of_the_steps_add_up_to_that_of_the_lead_time():
    made = compare_streams(NOW, THEN)
    assert made.lead_time == pytest.approx(made.table["difference"].sum())
    assert made.efficiency == pytest.approx(3.5 / 48 - 3.5 / 144)
    assert made.rolled_first_time_right == pytest.approx(0.729 - 0.54)


def test_the_comparison_says_what_changes():
    assert compare_streams(NOW, THEN).sentence() == (
        "The journey takes 2 days in place of 6. Of every 100 hours 7 are work, not 2. "
        "Of every 100 people 73 have nothing put right on the way, not 54."
    )
    assert compare_streams(NOW, NOW).sentence() == (
        "The journey takes as long: 6 days. Of every 100 hours 2 are work, as before. "
        "Of every 100 people 54 have nothing put right on the way, as before."
    )


def test_shares_that_are_not_known_are_not_told():
    bare = ValueStream([ValueStep("referral", 1, 9)])
    assert compare_streams(bare, bare.with_step("referral", wait=4)).sentence() == (
        "The journey takes 5 hours in place of 10. Of every 100 hours 20 are work, not 10."
    )


def test_swapping_now_and_then_turns_every_difference_round():
    there, back = compare_streams(NOW, THEN), compare_streams(THEN, NOW)
    swapped = back.table.set_index("step")["difference"]
    assert (there.table.set_index("step")["difference"] + swapped).abs().max() == 0
