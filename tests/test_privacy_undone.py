"""From what may be shown of real people, nobody works out what was hidden."""

import json

import numpy as np
import openpyxl
import pandas as pd
import pytest
from refusals import said

from flowlib.core.eventlog import EventLog
from flowlib.core.privacy import known_of, rounded_share
from flowlib.core.safe_cells import formula, put_text, safe_cell
from flowlib.diagnose.constraint import constraint
from flowlib.mapping.process_map import process_map, steps_told
from flowlib.mapping.stream_from_log import stream_from_log
from flowlib.measure.demand import busiest, dcaq, rhythm, rhythm_shown
from flowlib.show import charts, stories
from flowlib.show.table import table_html

START = pd.Timestamp("2025-01-06")  # a Monday


def log_of(visits):
    """A log of real people: (person, step, hours till joining, waiting, at the step); None for no wait on record."""
    rows = [
        (who, step, START + pd.Timedelta(hours=at), at if wait is None else at + wait, at + (wait or 0) + stay)
        for who, step, at, wait, stay in visits
    ]
    made = pd.DataFrame(rows, columns=["who", "place", "in", "begin", "end"])
    unknown = np.asarray([wait is None for *_, wait, _ in visits])
    for column in ("begin", "end"):
        made[column] = START + pd.to_timedelta(made[column], unit="h")
    made.loc[unknown, "begin"] = pd.NaT
    return EventLog.from_frame(made, person="who", step="place", arrived="in", started="begin", finished="end")


def spread(people, step, *, wait=1.0, apart=24.0, late=0.0):
    return [(f"{step}{k}", step, apart * k + late, wait, 1.0) for k in range(people)]


def test_shares_of_waiting_do_not_tell_of_a_step_with_few_people():
    """By head: 20 people wait 1 hour each at A, and 5 wait 8 hours each at B; 33% for A would tell of 40 hours more."""
    found = constraint(log_of(spread(20, "A") + spread(5, "B", wait=8)))
    assert found.step == "A"
    assert found.sentence() == (
        "A holds the flow back most. "
        "Of all the hours that people wait at steps of 8 people or more, nearly all are for A."
    )
    assert found.shown().set_index("step")["share_of_waiting"].to_dict() == {"A": "100%", "B": "*"}


def test_many_visits_of_few_people_are_not_described():
    """Nine visits of one person are one person's."""
    frequent = [("x", "B", 24.0 * k, 5.0, 1.0) for k in range(9)]
    found = constraint(log_of(spread(20, "A") + frequent))
    assert found.shown().set_index("step").loc["B"].tolist() == ["*"] * 5
    held = json.dumps(charts.constraint(found).chart.to_dict())
    assert '"B"' not in held


def test_the_data_inside_a_picture_of_the_constraint_hold_no_exact_number_of_people():
    """23 visits are shown as 25, and the chart's own data must not say 23."""
    picture = charts.constraint(constraint(log_of(spread(23, "A") + spread(12, "B", late=3))))
    (rows,) = picture.chart.to_dict()["datasets"].values()
    assert {key for row in rows for key in row} == {"step", "days", "it"}
    assert picture.table["visits"].tolist() == ["25", "10"]


def test_a_wait_that_is_on_record_for_few_is_not_shown():
    """20 people come to A, and the wait of 3 is known: their middle is of 3 people."""
    some = [(f"a{k}", "A", 24.0 * k, 9.0 if k < 3 else None, 1.0) for k in range(20)]
    made = process_map(log_of(some + spread(20, "B", late=2)))
    told = steps_told(made).set_index("step")
    assert np.isnan(told.loc["A", "median_wait_hours"])
    assert told.loc["B", "median_wait_hours"] == pytest.approx(1)
    assert made.table().set_index("step").loc["A", "median_wait_hours"] == ""
    picture = charts.journey_map(made)
    assert "wait 9" not in picture.description + json.dumps(picture.chart.to_dict())
    assert made.waiting.shown().set_index("step").loc["A", "waiting_hours"] == ""


def test_means_by_the_hour_do_not_tell_how_many_came():
    """20 people come at 9am on 20 days, and 3 at 10am: a mean of 3/20 times 20 days is 3."""
    log = log_of(spread(20, "A", late=9) + [(f"z{k}", "A", 24.0 * k + 10, 0.5, 0.5) for k in range(3)])
    table = rhythm(log, "A")
    assert table["arrivals"][10] * table.attrs["times over"][10] == pytest.approx(3)
    safe = rhythm_shown(table)
    assert np.isnan(safe["arrivals"][10])
    assert safe["arrivals"][9] * table.attrs["times over"][9] == pytest.approx(20)
    picture = charts.rhythm(table, step="A")
    drawn = [row for rows in picture.chart.to_dict()["datasets"].values() for row in rows if row["hour"] == 10]
    assert [row["arrivals"] for row in drawn] == [None] * len(drawn)
    assert busiest(table) == "9am to 10am"


def test_no_busiest_hour_is_named_where_few_come_at_each():
    log = log_of([(f"a{k}", "A", 25.0 * k, 1.0, 1.0) for k in range(24)])
    assert said(lambda: busiest(rhythm(log, "A"))) == (
        "Fewer than 8 people came at any hour, so none is named as the busiest."
    )
    assert any("none is named" in part.sentence for part in stories.measured(log))


def test_an_average_week_does_not_tell_of_few():
    """5 people in 3 whole weeks; and 23 in as many, which are told as 25 in 3 weeks."""
    few = dcaq(log_of(spread(60, "A", apart=12) + spread(5, "B", apart=24, late=180)), "B")
    assert few.sentence() == "At B, fewer than 8 people came or were seen to, too few to describe."
    one_week = dcaq(log_of([(f"a{k}", "A", 168 + 6.0 * k, 0.5, 0.5) for k in range(23)] + spread(40, "C")), "A")
    weeks = len(one_week.table)
    assert one_week.table["demand"].sum() == 23
    assert one_week.sentence().startswith(f"At A, {25 / weeks:.0f} people came in an average week")


def test_a_share_tells_no_more_than_its_two_numbers():
    """Every pair up to 60: the share as shown is the same for all pairs that show alike."""
    told = {}
    for whole in range(8, 61):
        for part in range(whole + 1):
            share = rounded_share(part, whole)
            alike = told.setdefault((known_of(part), known_of(whole)) if not np.isnan(known_of(part)) else whole, share)
            assert share == alike or (np.isnan(share) and np.isnan(alike)) or np.isnan(known_of(part))
    assert np.isnan(rounded_share(3, 60))
    assert rounded_share(97, 100) == 0.95


def test_first_time_right_hides_the_few_who_were_right():
    """30 of 33 came back to A: 3 who did not are as few as 3 who did."""
    visits = []
    for k in range(33):
        visits += [(f"p{k}", "A", 48.0 * k, 1.0, 1.0)]
        visits += [(f"p{k}", "A", 48.0 * k + 4, 1.0, 1.0)] * (k >= 3)
        visits += [(f"p{k}", "B", 48.0 * k + 9, 1.0, 1.0)]
    right = stream_from_log(log_of(visits), steps=["A", "B"], first_time_right=True)
    assert [step.complete_and_accurate for step in right.steps] == [None, None, 1.0]  # A, A again, B


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "@x", "\t=1", "-2+3", "- none", " =x", "\uff1dx"])
def test_every_workbook_marks_a_formula_by_the_one_guard(tmp_path, text):
    """Excel's own mark for text (quotePrefix); the words come back as they were."""
    book = openpyxl.Workbook()
    put_text(book.active["A1"], text)
    put_text(book.active["A2"], "-5.2")
    book.save(tmp_path / "x.xlsx")
    first, second = (openpyxl.load_workbook(tmp_path / "x.xlsx").active[place] for place in ("A1", "A2"))
    assert (first.value, first.data_type, bool(first.quotePrefix)) == (text, "s", True)
    assert (second.value, bool(second.quotePrefix)) == ("-5.2", False)
    assert formula(text)
    assert safe_cell(text).startswith("'")


def test_sheets_named_for_people_are_not_named_in_the_sentence(tmp_path):
    """A workbook with a sheet for each person is asked about without their names."""
    with pd.ExcelWriter(tmp_path / "list.xlsx") as book:
        for name in ("943 476 5919", "Maureen Hartley", "March"):
            pd.DataFrame({"id": ["a"], "step": ["b"], "in": ["2025-01-01"]}).to_excel(
                book, sheet_name=name, index=False
            )
    told = said(lambda: EventLog.read(tmp_path / "list.xlsx", person="id", step="step", arrived="in"))
    assert told == (
        '"list.xlsx" has 3 sheets with a table: "March" and 2 whose name could show who a person is. '
        'Say which one: sheet=..., or join them: sheet="*".'
    )


def test_signs_that_turn_the_writing_are_seen_in_a_table():
    turned = "ward" + chr(0x202E) + "7"
    made = table_html(pd.DataFrame({turned: [turned]}), caption=turned)
    assert made.count("ward[U+202E]7") == 4  # the caption twice, the heading, the cell
    assert chr(0x202E) not in made
