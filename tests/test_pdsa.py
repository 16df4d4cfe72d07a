"""Does `flowlib.change.pdsa` keep a prediction as it was made, and a record whole?"""

import datetime as dt
import os
from dataclasses import FrozenInstanceError

import pytest
import yaml
from refusals import said

from flowlib.change.pdsa import Cycle, Record

PLAN = {"measure": "mean wait, hours", "prediction": 30, "why": "Load falls below 1", "starts": "2025-05-05"}
STUDY = {"result": 18, "learned": "Waits fell further than we thought", "decision": "adopt"}
WORDS = [
    "15 more places: now, not later",
    "- a dash, # a hash, {braces}, [brackets] & 'quotes' \"twice\"",
    "Ängste übersehen: 東京, ‘emoji’ 🚑, naïve café",
    "yes",
    "null",
    "2025-05-05",
    "12:30:45",
    "two\nlines, and a tab\there",
    "  spaces at both ends  ",
    "a long sentence " * 30,
]


def planned():
    return Record("Home within a day").plan("15 more places", **PLAN)


def studied():
    return planned().study(1, **STUDY)


# Predict, then look.


def test_a_plan_is_kept_with_its_prediction_and_its_reason():
    assert planned().cycles == (
        Cycle(1, "15 more places", "mean wait, hours", 30.0, "Load falls below 1", "2025-05-05"),
    )


def test_tests_are_numbered_in_the_order_of_their_plans():
    record = studied().plan("20 more places", **PLAN)
    assert [cycle.number for cycle in record.cycles] == [1, 2]
    assert [cycle.result for cycle in record.cycles] == [18, None]


def test_the_result_leaves_the_prediction_as_it_was():
    before, after = planned().cycles[0], studied().cycles[0]
    assert (after.prediction, after.why, after.starts) == (before.prediction, before.why, before.starts)
    assert (after.result, after.learned, after.decision) == (18, STUDY["learned"], "adopt")


def test_a_prediction_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        studied().cycles[0].prediction = 18
    with pytest.raises(FrozenInstanceError):
        studied().cycles = ()


def test_a_plan_or_a_result_leaves_the_record_before_it_as_it_was():
    record = planned()
    record.study(1, **STUDY)
    record.plan("another", **PLAN)
    assert record == planned()


def test_a_result_needs_a_plan():
    assert said(lambda: Record("Aim").study(1, **STUDY)) == "There is no test 1; there are 0. Plan it first."
    assert "There is no test 2" in said(lambda: planned().study(2, **STUDY))
    assert "must be a number" in said(lambda: planned().study("one", **STUDY))
    assert "There is no test 0" in said(lambda: planned().study(0, **STUDY))


def test_a_result_is_written_once():
    assert "has its result already" in said(lambda: studied().study(1, **{**STUDY, "result": 30}))


# What is told.


@pytest.mark.parametrize(
    ("prediction", "result", "told"),
    [
        (30, None, "we predicted 30 for mean wait, hours. The result is still to come."),
        (30, 18, "we predicted 30 for mean wait, hours. It was 18, 12 away from it."),
        (30, 33, "we predicted 30 for mean wait, hours. It was 33, close to what we said."),
        (30, 33.1, "we predicted 30 for mean wait, hours. It was 33.1, 3.1 away from it."),
        (-10, -10.5, "we predicted -10 for mean wait, hours. It was -10.5, close to what we said."),
        (0, 0, "we predicted 0 for mean wait, hours. It was 0, close to what we said."),
        (0, 0.001, "we predicted 0 for mean wait, hours. It was 0.001, 0.001 away from it."),
        (0.3, 0.1, "we predicted 0.3 for mean wait, hours. It was 0.1, 0.2 away from it."),
        (2e6, 1e6, "we predicted 2,000,000 for mean wait, hours. It was 1,000,000, 1,000,000 away from it."),
    ],
)
def test_prediction_and_result_stand_side_by_side(prediction, result, told):
    """By head: close is within a tenth of the prediction; numbers have commas and no exponents."""
    record = Record("Aim").plan("change", **{**PLAN, "prediction": prediction})
    record = record if result is None else record.study(1, **{**STUDY, "result": result})
    assert record.cycles[0].sentence() == f"Test 1: {told}"


# What is refused.


@pytest.mark.parametrize("missing", ["measure", "why"])
@pytest.mark.parametrize("text", ["", "   ", None])
def test_a_plan_without_words_is_refused(missing, text):
    assert said(lambda: Record("Aim").plan("change", **{**PLAN, missing: text})) == (
        f"Say the {missing} in words before you start the test."
    )


def test_a_change_an_aim_and_a_lesson_need_words_too():
    assert "Say the change in words" in said(lambda: Record("Aim").plan(" ", **PLAN))
    assert "Say the aim" in said(lambda: Record(""))
    assert "what did the test teach you?" in said(lambda: planned().study(1, **{**STUDY, "learned": ""}))


@pytest.mark.parametrize("prediction", ["shorter", None, float("nan"), True])
def test_a_prediction_is_a_number(prediction):
    assert "prediction must be a number" in said(
        lambda: Record("Aim").plan("change", **{**PLAN, "prediction": prediction})
    )


@pytest.mark.parametrize("starts", ["05/05/2025", "next week", "2025-13-01", 20250505, None])
def test_the_first_day_is_a_date(starts):
    assert "starts must be a date such as 2025-05-05" in said(
        lambda: Record("Aim").plan("change", **{**PLAN, "starts": starts})
    )


def test_a_date_is_as_good_as_its_text():
    assert Record("Aim").plan("15 more places", **{**PLAN, "starts": dt.date(2025, 5, 5)}).cycles == planned().cycles


def test_a_decision_is_one_of_three():
    assert 'there are "adopt", "adapt", "abandon". Did you mean "adapt"?' in said(
        lambda: planned().study(1, **{**STUDY, "decision": "adaptt"})
    )


# On disk.


@pytest.mark.parametrize("text", WORDS)
def test_a_record_comes_back_from_its_file_word_for_word(tmp_path, text):
    record = Record(text).plan(text, measure=text, prediction=1 / 3, why=text, starts="2025-05-05")
    for made in (record, record.study(1, result=-2.5e-7, learned=text, decision="adapt").plan(text, **PLAN)):
        made.save(tmp_path / "tests.yaml")
        assert Record.load(tmp_path / "tests.yaml") == made


def test_the_file_can_be_read_by_people_and_holds_nothing_else(tmp_path):
    studied().save(tmp_path / "tests.yaml")
    text = (tmp_path / "tests.yaml").read_text(encoding="utf-8")
    assert "change: 15 more places\n" in text
    assert list(yaml.safe_load(text)) == ["aim", "tests"]
    assert [file.name for file in tmp_path.iterdir()] == ["tests.yaml"]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_file_whole_and_nothing_beside_it(tmp_path, monkeypatch, fails):
    place = tmp_path / "tests.yaml"
    planned().save(place)

    def crash(*_):
        raise OSError("The disk is full.")

    monkeypatch.setattr(os, fails, crash)
    with pytest.raises(OSError, match="full"):
        studied().save(place)
    assert Record.load(place) == planned()
    assert [file.name for file in tmp_path.iterdir()] == ["tests.yaml"]


@pytest.mark.skipif(os.name != "posix", reason="other systems keep no such bits")
def test_a_record_that_a_team_shares_stays_readable_to_them(tmp_path):
    """The new file has the rights that any new file of this person has, not those of a private one."""
    (tmp_path / "plain.txt").write_text("x", encoding="utf-8")
    planned().save(tmp_path / "tests.yaml")
    assert (tmp_path / "tests.yaml").stat().st_mode == (tmp_path / "plain.txt").stat().st_mode


def test_a_file_edited_by_hand_is_read_where_it_still_makes_sense(tmp_path):
    """Dates without quotes are dates to YAML, and 30 is a whole number."""
    planned().save(tmp_path / "tests.yaml")
    text = (tmp_path / "tests.yaml").read_text(encoding="utf-8")
    edited = text.replace("'2025-05-05'", "2025-05-05").replace("30.0", "30")
    assert edited != text
    (tmp_path / "tests.yaml").write_text(edited, encoding="utf-8")
    assert Record.load(tmp_path / "tests.yaml") == planned()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just words",
        "- a\n- list\n",
        "aim: no tests\n",
        "aim: x\ntests: 3\n",
        "aim: ''\ntests: []\n",
        "aim: x\ntests:\n- number: 1\n",
        "aim: x\ntests: [{number: 1, change: a, measure: b, prediction: soon, why: c, starts: 2025-05-05}]",
        "aim: x\ntests: [{number: 2, change: a, measure: b, prediction: 1, why: c, starts: 2025-05-05}]",
        "aim: x\ntests: [{number: 1, change: a, measure: b, prediction: 1, why: c, starts: 2025-05-05, more: 1}]",
        "aim: x\ntests: [{number: 1, change: a, measure: b, prediction: 1, why: c, starts: 2025-05-05, result: 2}]",
        "aim: [unclosed\n",
        "aim: !!python/object/apply:os.getcwd []\ntests: []\n",
    ],
)
def test_a_file_that_is_no_record_is_refused_in_one_sentence(tmp_path, text):
    (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
    assert said(lambda: Record.load(tmp_path / "other.yaml")) == (
        '"other.yaml" is not a record of tests that flowlib wrote.'
    )


def test_a_file_that_is_not_text_is_refused_too(tmp_path):
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\xff\xfe")
    assert "is not a record" in said(lambda: Record.load(tmp_path / "picture.yaml"))


def test_a_place_where_no_file_can_be_is_refused(tmp_path):
    assert 'no file "gone.yaml" there' in said(lambda: Record.load(tmp_path / "gone.yaml"))
    assert "There is no folder" in said(lambda: planned().save(tmp_path / "none" / "tests.yaml"))
    assert "is a folder" in said(lambda: planned().save(tmp_path))
