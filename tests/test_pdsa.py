"""Does `flowlib.change.pdsa` keep a prediction as it was made, and a record whole?"""

import datetime as dt
import os
from dataclasses import FrozenInstanceError, fields

import pandas as pd
import pytest
import yaml
from refusals import said

from flowlib.change import kept
from flowlib.change.pdsa import Cycle, Record
from flowlib.core.checks import listed

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


def test_a_plan_is_kept_with_its_prediction_and_its_reason_and_the_day_on_which_it_was_made(monkeypatch):
    monkeypatch.setattr(kept, "now", lambda: pd.Timestamp("2025-05-01 23:59"))
    parts = (1, "15 more places", "mean wait, hours", 30.0, "Load falls below 1", "2025-05-05")
    assert planned().cycles == (Cycle(*parts, planned_on="2025-05-01"),)


def test_a_result_is_dated_by_the_day_on_which_it_is_told(monkeypatch):
    record = planned()
    later = kept.now() + dt.timedelta(days=9)
    monkeypatch.setattr(kept, "now", lambda: later)
    assert record.study(1, **STUDY).cycles[0].studied_on == later.date().isoformat()


def test_a_computer_whose_clock_went_back_cannot_date_a_result_before_its_prediction(monkeypatch):
    monkeypatch.setattr(kept, "now", lambda: pd.Timestamp("2025-05-05 09:00"))
    record = planned()
    monkeypatch.setattr(kept, "now", lambda: pd.Timestamp("2025-05-04 09:00"))
    assert said(lambda: record.study(1, **STUDY)) == (
        "The result of test 1 is dated 4 May 2025, before its prediction, 5 May 2025. "
        "Correct the computer's date, or the date in the file."
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
    assert list(yaml.safe_load(text)) == ["aim", "tests", "log"]
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
        "aim: x\ntests: [3]\n",
        "aim: ''\ntests: []\n",
        "aim: x\ntests: []\nmore: []\n",
        "aim: !!python/object/apply:os.getcwd []\ntests: []\n",
    ],
)
def test_a_file_that_is_no_record_is_refused_in_one_sentence(tmp_path, text):
    (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
    assert said(lambda: Record.load(tmp_path / "other.yaml")) == (
        '"other.yaml" is not a record of tests that flowlib wrote.'
    )


TEST = "{number: 1, change: a, measure: b, prediction: 1, why: c, starts: 2025-05-05}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "aim: [unclosed\n",
            (
                '"team.yaml": The text is not YAML near line 2. '
                "Check indents, colons and quotes there, and that no name stands twice."
            ),
        ),
        ("tests: [{number: 1}]", '"team.yaml", test 1: there is no "change". Add it.'),
        (
            f"tests: [{TEST.replace('n: 1', 'n: soon')}]",
            "\"team.yaml\", test 1: prediction must be a number; 'soon' came.",
        ),
        (
            f"tests: [{TEST}, {TEST}]",
            "\"team.yaml\", test 2: tests are numbered from 1 in their order; '1' came.",
        ),
        (
            f"tests: [{TEST.replace('}', ', more: 1}')}]",
            f'"team.yaml", test 1: No part called "more"; there are {listed(one.name for one in fields(Cycle))}.',
        ),
        (
            f"tests: [{TEST.replace('}', ', result: 2}')}]",
            '"team.yaml", test 1: No decision called ""; there are "adopt", "adapt", "abandon".',
        ),
        (
            f"tests: [{TEST.replace('}', ', learned: much}')}]",
            '"team.yaml", test 1: a lesson needs its result. Add it, or take the lesson out.',
        ),
        (
            f"tests: [{TEST.replace('}', ', follows: 1}')}]",
            '"team.yaml", test 1: Test 1 can follow only a test before it; 1 came.',
        ),
        (
            f"tests: [{TEST.replace('}', ', better: left}')}]",
            '"team.yaml", test 1: No better called "left"; there are "", "up", "down".',
        ),
        (
            f"tests: [{TEST}]\nlog: [{{at: now}}]",
            '"team.yaml", log 1: each entry has at, test, what and value. Correct it.',
        ),
    ],
)
def test_a_slip_of_the_hand_in_a_file_is_named_by_its_place(tmp_path, text, told):
    (tmp_path / "team.yaml").write_text(text if text.startswith("aim") else f"aim: x\n{text}", encoding="utf-8")
    assert said(lambda: Record.load(tmp_path / "team.yaml")) == told


def test_a_result_that_was_typed_in_before_its_prediction_is_refused(tmp_path):
    """A prediction of 9 May and a result of 8 May cannot both be right."""
    days = ", planned_on: 2025-05-09, result: 2, learned: x, decision: adopt, studied_on: 2025-05-08}"
    (tmp_path / "team.yaml").write_text(f"aim: x\ntests: [{TEST.replace('}', days)}]", encoding="utf-8")
    assert said(lambda: Record.load(tmp_path / "team.yaml")) == (
        '"team.yaml", test 1: The result of test 1 is dated 8 May 2025, before its prediction, 9 May 2025. '
        "Correct the computer's date, or the date in the file."
    )


def test_a_file_of_before_there_were_dates_marks_and_a_log_still_loads(tmp_path):
    """As flowlib wrote it then, with nothing left out."""
    old = (
        "aim: Home\ntests:\n- number: 1\n  change: 15 more places\n  measure: mean wait, hours\n"
        "  prediction: 30.0\n  why: Load falls below 1\n  starts: '2025-05-05'\n  result: null\n"
        "  learned: ''\n  decision: ''\n"
    )
    (tmp_path / "old.yaml").write_text(old, encoding="utf-8")
    record = Record.load(tmp_path / "old.yaml")
    assert record.cycles == (Cycle(1, "15 more places", "mean wait, hours", 30.0, "Load falls below 1", "2025-05-05"),)
    assert record.cycles[0].mark == planned().cycles[0].mark


def test_a_file_that_is_not_text_is_refused_too(tmp_path):
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\xff\xfe")
    assert "is not a record" in said(lambda: Record.load(tmp_path / "picture.yaml"))


def test_a_place_where_no_file_can_be_is_refused(tmp_path):
    assert 'no file "gone.yaml" there' in said(lambda: Record.load(tmp_path / "gone.yaml"))
    assert "There is no folder" in said(lambda: planned().save(tmp_path / "none" / "tests.yaml"))
    assert "is a folder" in said(lambda: planned().save(tmp_path))


@pytest.mark.parametrize("path", [None, 5, ""])
def test_a_file_that_is_not_named_is_refused_in_one_sentence(path):
    told = f'A file is named by its path, such as "our tests.yaml"; {path!r} came.'
    assert said(lambda: Record.load(path)) == told
    assert said(lambda: Record("Home").save(path)) == told


def test_a_first_day_that_is_no_moment_is_refused():
    plan = {"measure": "wait, hours", "prediction": 30, "why": "Load falls", "starts": pd.NaT}
    assert said(lambda: Record("Home").plan("15 more places", **plan)) == (
        "starts must be a date such as 2025-05-05; NaT came."
    )
