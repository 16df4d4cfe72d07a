"""The record of tests on screen, without a browser: what it writes down, refuses and keeps for others."""

import datetime as dt

import pytest
from openpyxl import load_workbook

from flowlib.change.pdsa import Record
from flowlib.show.record_panel import RecordPanel

PLAN = {
    "aim": "Home within a day of being ready",
    "change": "Ask about home on arrival",
    "scale": "5 people on ward 3",
    "measure": "hours from ready to home",
    "why": "Families then have time to prepare",
}


@pytest.fixture
def place(tmp_path):
    return tmp_path / "own" / "our_tests.yaml"


def planned(place):
    panel = RecordPanel(place)
    for name, words in PLAN.items():
        if not panel.plan[name].disabled:
            panel.plan[name].value = words
    panel.prediction.value, panel.starts.value = "30", dt.date(2026, 11, 23)
    panel.write.click()
    return panel


def test_nothing_is_written_before_the_first_prediction(place):
    RecordPanel(place).show()
    assert not place.parent.exists()


def test_a_plan_is_in_the_file_as_typed_and_the_form_is_empty_again(place):
    """Oracle: the file, loaded afresh."""
    panel = planned(place)
    cycle = Record.load(place).cycles[0]
    assert (cycle.change, cycle.scale, cycle.measure, cycle.why) == tuple(PLAN[n] for n in list(PLAN)[1:])
    assert (cycle.prediction, cycle.starts, cycle.better) == (30, "2026-11-23", "down")
    assert panel.plan["change"].value == panel.prediction.value == ""
    assert panel.said.text.startswith("It is written down. Test 1: we predicted 30")


def test_a_result_goes_beside_its_prediction_and_its_test_is_no_longer_offered(place):
    panel = planned(place)
    panel.result.value, panel.learned.value, panel.decision.value = "18", "It was faster", "adapt"
    panel.study.click()
    assert panel.said.text == "Test 1: we predicted 30 for hours from ready to home. It was 18, 12 away from it."
    assert panel.which.options == ()
    assert Record.load(place).cycles[0].result == 18


def test_two_people_with_the_same_file_open_lose_nothing(place):
    first, second = planned(place), RecordPanel(place)
    for panel, change in ((first, "Ring the family at 10am"), (second, "One list for both teams")):
        panel.plan["change"].value, panel.plan["measure"].value, panel.plan["why"].value = change, "hours", "Sooner"
        panel.prediction.value, panel.starts.value = "20", dt.date(2026, 11, 24)
        panel.write.click()
        assert panel.write.problem == ""
    assert second.said.text.startswith("It is written down. Test 3: ")  # the first person's test came second
    changes = [cycle.change for cycle in Record.load(place).cycles]
    assert changes == ["Ask about home on arrival", "Ring the family at 10am", "One list for both teams"]


@pytest.mark.parametrize(
    ("box", "typed", "sentence"),
    [
        ("prediction", "about 30", "The prediction must be a number alone, such as 12.5; 'about 30' came."),
        ("prediction", "12,5", "The prediction must be a number alone, such as 12.5; '12,5' came."),
        ("prediction", "1.200,5", "The prediction must be a number alone, such as 12.5; '1.200,5' came."),
        ("starts", None, "Choose the day on which the test starts."),
    ],
)
def test_what_is_missing_from_a_plan_is_said_in_a_sentence_and_what_was_typed_stays(place, box, typed, sentence):
    panel = RecordPanel(place)
    for name, words in PLAN.items():
        panel.plan[name].value = words
    panel.prediction.value, panel.starts.value = "30", dt.date(2026, 11, 23)
    getattr(panel, box).value = typed
    panel.write.click()
    assert panel.write.problem == sentence
    assert panel.plan["change"].value == PLAN["change"]
    assert not place.exists()


def test_a_result_without_a_decision_is_refused(place):
    panel = planned(place)
    panel.result.value, panel.learned.value = "18", "It was faster"
    panel.study.click()
    assert panel.study.problem == "Choose what next: adopt, adapt or abandon."


def test_a_result_before_any_plan_is_refused(place):
    panel = RecordPanel(place)
    panel.study.click()
    panel.export.click()
    assert panel.study.problem == "Plan a test first."
    assert panel.export.problem == "There is no test yet. Plan one first."


def test_the_page_and_the_workbook_stand_beside_the_record(place):
    panel = planned(place)
    panel.export.click()
    assert panel.said.text == "“our_tests.html” and “our_tests.xlsx” are in the folder “own”."
    assert PLAN["change"] in place.with_suffix(".html").read_text(encoding="utf-8")
    cells = [cell.value for row in load_workbook(place.with_suffix(".xlsx"))["tests"] for cell in row]
    assert PLAN["change"] in cells


def test_thousands_may_have_a_comma(place):
    panel = planned(place)
    panel.result.value, panel.learned.value, panel.decision.value = "1,200.5", "It was slower", "abandon"
    panel.study.click()
    assert Record.load(place).cycles[0].result == 1200.5
