"""Does a record of tests that several people save lose nothing, and show what came first?"""

import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.change import kept
from flowlib.change.pdsa import Record
from flowlib.core.checks import Refusal

PLAN = {"measure": "mean wait, hours", "prediction": 30, "why": "Load falls below 1", "starts": "2025-05-05"}
STUDY = {"result": 18, "learned": "Waits fell", "decision": "adopt"}
DIFFERS = 'Test 1 differs from "team.yaml": '
MEND = " Agree which is right. To keep the file's, load it again."


@pytest.fixture
def team(tmp_path):
    return tmp_path / "team.yaml"


@pytest.fixture
def begun(team):
    """A file with one test, and the record as two people loaded it."""
    return Record("Home within a day").plan("15 more places", **PLAN).save(team)


@pytest.fixture
def on_day(monkeypatch):
    def set_day(day, hour=9):
        moment = dt.datetime.combine(dt.date(2025, 5, day), dt.time(hour))
        monkeypatch.setattr(kept, "now", lambda: moment)

    return set_day


def changes(record):
    return [(one.number, one.change) for one in record.cycles]


# Two people.


def test_two_people_who_each_add_a_test_both_keep_theirs(begun, team):
    begun.plan("A new rota", **PLAN).save(team)
    whole = begun.plan("Ask on arrival", **PLAN).save(team)
    assert changes(whole) == [(1, "15 more places"), (2, "A new rota"), (3, "Ask on arrival")]
    assert Record.load(team) == whole


def test_results_of_different_tests_are_both_kept(team):
    both = Record("Home").plan("A", **PLAN).plan("B", **PLAN).save(team)
    both.study(2, **STUDY).save(team)
    assert [one.result for one in both.study(1, **STUDY).save(team).cycles] == [18, 18]


def test_a_result_and_a_new_test_are_both_kept(begun, team):
    begun.study(1, **STUDY).save(team)
    whole = begun.plan("A new rota", **PLAN).save(team)
    assert [(one.change, one.result) for one in whole.cycles] == [("15 more places", 18), ("A new rota", None)]


def test_a_test_that_follows_one_with_a_new_number_still_follows_it(begun, team):
    begun.plan("A new rota", **PLAN).save(team)
    mine = begun.plan("Ask", **PLAN).plan("Ask again", **PLAN, follows=2)
    assert [one.follows for one in mine.save(team).cycles] == [None, None, None, 3]


@pytest.mark.parametrize(
    ("mine", "told"),
    [
        ({"result": 20}, "result 18 there and 20 here."),
        ({"learned": "Nothing"}, "lesson 'Waits fell' there and 'Nothing' here."),
        (
            {"decision": "adapt", "result": 2e6},
            "result 18 there and 2,000,000 here; decision adopt there and adapt here.",
        ),
    ],
)
def test_two_results_of_one_test_are_refused_and_neither_is_lost(begun, team, mine, told):
    theirs = begun.study(1, **STUDY).save(team)
    ours = begun.study(1, **{**STUDY, **mine})
    assert said(lambda: ours.save(team)) == DIFFERS + told + MEND
    assert Record.load(team) == theirs
    assert ours.save(team.with_name("ours.yaml")).cycles[0].result == {**STUDY, **mine}["result"]


def test_the_same_result_told_twice_is_one_result(begun, team):
    first = begun.study(1, **STUDY).save(team)
    before = team.read_bytes()
    assert begun.study(1, **STUDY).save(team) == first
    assert team.read_bytes() == before


def test_a_lesson_that_is_run_again_from_the_top_adds_nothing(team, on_day):
    """The same words on another day: the file's own first dates stay."""
    on_day(1)
    first = Record("Home").plan("15 more places", **PLAN).save(team)
    on_day(12)
    again = Record("Home").plan("15 more places", **PLAN).study(1, **STUDY).save(team)
    assert (again.cycles[0].planned_on, again.cycles[0].studied_on) == ("2025-05-01", "2025-05-12")
    assert again.cycles[0].mark == first.cycles[0].mark
    assert len(again.cycles) == 1


def test_the_same_plan_made_twice_stays_two_tests(team):
    twice = Record("Home").plan("A", **PLAN).plan("A", **PLAN).save(team)
    assert len(twice.study(2, **STUDY).save(team).cycles) == 2
    assert [one.result for one in Record.load(team).cycles] == [None, 18]


def test_a_test_that_somebody_took_out_of_the_file_comes_back_from_those_who_have_it(begun, team):
    team.write_text("aim: Home within a day\ntests: []\n", encoding="utf-8")
    assert changes(begun.save(team)) == [(1, "15 more places")]


def test_two_copies_that_a_cloud_folder_kept_are_put_together_by_saving_one_over_the_other(team, on_day):
    """The log of both is one log, by time, and says of each test when its numbers were saved first."""
    copy = team.with_name("team-PC2.yaml")
    on_day(1)
    begun = Record("Home").plan("15 more places", **PLAN).save(team)
    on_day(2)
    begun.plan("A new rota", **PLAN).save(team)
    on_day(3)
    mine = begun.plan("Ask on arrival", **PLAN).save(copy)
    on_day(4)
    mine.study(2, **STUDY).save(copy)
    on_day(5)
    whole = Record.load(copy).save(team)
    assert changes(whole) == [(1, "15 more places"), (2, "A new rota"), (3, "Ask on arrival")]
    assert [(entry.at[8:10], entry.test, entry.what) for entry in whole.log] == [
        ("01", 1, "predicted"),
        ("02", 2, "predicted"),
        ("03", 3, "predicted"),
        ("04", 3, "got"),
    ]
    assert Record.load(team) == whole


def test_a_file_of_another_aim_is_not_written_over(begun, team):
    before = team.read_bytes()
    assert said(lambda: Record("Fewer falls").save(team)) == (
        "\"team.yaml\" holds the tests of another aim, 'Home within a day'. Save this record under another name."
    )
    assert team.read_bytes() == before
    assert Record("home  within a DAY").save(team) == begun


def test_a_file_that_is_no_record_is_not_written_over(team):
    team.write_text("Minutes of the meeting", encoding="utf-8")
    assert said(lambda: Record("Home").save(team)) == '"team.yaml" is not a record of tests that flowlib wrote.'
    assert team.read_text(encoding="utf-8") == "Minutes of the meeting"


ACTIONS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ABCDE"), st.booleans()), min_size=1, max_size=10)


@settings(max_examples=20, deadline=None)
@given(ACTIONS)
def test_whoever_saves_when_and_from_whatever_copy_no_test_and_no_result_is_lost(tmp_path_factory, actions):
    """Three people with copies of different age plan and study; the plans and results are counted by hand."""
    team = tmp_path_factory.mktemp("team") / "team.yaml"
    copies = [Record("Home").save(team)] * 3
    told, results = set(), set()
    for who, change, studies in actions:
        mine = copies[who]
        free = [one for one in mine.cycles if one.result is None]
        if studies and free:
            mine = mine.study(free[0].number, **STUDY)
            results.add(free[0].change)
        elif change not in {one.change for one in mine.cycles}:
            mine = mine.plan(change, **PLAN)
            told.add(change)
        copies[who] = mine.save(team)
    whole = Record.load(team)
    assert {one.change for one in whole.cycles} == told
    assert len(whole.cycles) == len(told)
    assert {one.change for one in whole.cycles if one.result is not None} == results
    assert [one.number for one in whole.cycles] == list(range(1, len(told) + 1))


# What came first.


def test_the_log_shows_that_the_prediction_was_saved_before_the_result(team, on_day):
    on_day(1)
    record = Record("Home").plan("15 more places", **PLAN).save(team)
    on_day(12, hour=17)
    record.study(1, **STUDY).save(team)
    assert [tuple(vars(one).values()) for one in Record.load(team).log] == [
        ("2025-05-01 09:00:00", 1, "predicted", 30.0),
        ("2025-05-12 17:00:00", 1, "got", 18.0),
    ]
    assert Record.load(team).advice(dt.date(2025, 5, 13)) == (
        "Test 1 was adopted after one test. Test it once more, at a larger scale.",
    )


def test_a_prediction_that_was_saved_with_its_result_is_pointed_out(team, on_day):
    on_day(5)
    record = Record("Home").plan("15 more places", **PLAN).study(1, **STUDY).save(team)
    assert record.advice()[0] == (
        "Test 1: prediction and result were saved together. Save the prediction before you start."
    )


def test_a_result_from_before_the_first_day_is_pointed_out_though_saved_later(team, on_day):
    """The test starts on 5 May and is studied on 3 May, in a save of its own."""
    on_day(1)
    record = Record("Home").plan("15 more places", **PLAN).save(team)
    on_day(3)
    record = record.study(1, **STUDY).save(team)
    assert record.advice()[0] == "Test 1: the result came before the first day. Correct that day, or test again."


def test_a_result_on_the_first_day_is_in_order(team, on_day):
    on_day(1)
    record = Record("Home").plan("15 more places", **PLAN).save(team)
    on_day(5)
    assert not any("first day" in one for one in record.study(1, **STUDY).save(team).advice())


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("old", "new"), [("15 more places", "20 more places"), ("2025-05-05", "2025-05-01"), ("mean wait", "longest wait")]
)
def test_a_plan_that_was_changed_by_hand_is_known_by_its_mark(team, old, new):
    told = "Test 1: its plan was changed by hand after it was made."
    assert told not in Record.load(team).advice()
    team.write_text(team.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    edited = Record.load(team)
    assert told in edited.advice()
    assert told in edited.save(team).advice()


def test_my_test_is_found_by_its_mark_under_the_number_that_it_has_in_the_file(begun, team):
    """Two people plan their second test at once: the later saver's stands third."""
    begun.plan("A new rota", **PLAN).save(team)
    mine = begun.plan("Ask on arrival", **PLAN)
    whole = mine.save(team)
    assert [whole.number_of(one) for one in mine.cycles] == [1, 3]
    assert said(lambda: begun.number_of(whole.cycles[1])) == (
        "The test of 'A new rota' is not in this record. Save it first."
    )


def test_a_prediction_that_was_changed_by_hand_stays_marked(begun, team, monkeypatch):
    done = begun.study(1, **STUDY).save(team)
    team.write_text(team.read_text(encoding="utf-8").replace("prediction: 30.0", "prediction: 19"), encoding="utf-8")
    told = "Test 1: we first predicted 30; the file was changed to 19."
    edited = Record.load(team)
    assert edited.advice()[0] == told
    assert edited.save(team).advice()[0] == told
    once = Record.load(team).log
    assert [one.what for one in once].count("prediction changed by hand") == 1
    later = kept.now() + dt.timedelta(days=1)
    monkeypatch.setattr(kept, "now", lambda: later)
    assert edited.save(team).log == once  # it is told once, however often it is saved
    assert done.save(team).advice()[0] == told


@pytest.mark.usefixtures("begun")
def test_a_result_that_was_typed_into_the_file_is_taken_and_its_day_is_not_known(team):
    text = team.read_text(encoding="utf-8")
    typed = "  result: 18\n  learned: Waits fell\n  decision: adapt\n  planned_on:"
    team.write_text(text.replace("  planned_on:", typed), encoding="utf-8")
    record = Record.load(team).save(team)
    assert record.cycles[0].result == 18
    assert "Test 1: the day of the result is not known." in record.advice()
    assert record.log[-1].what == "result found in the file"


def test_a_result_that_was_changed_by_hand_is_pointed_out(begun, team):
    begun.study(1, **STUDY).save(team)
    team.write_text(team.read_text(encoding="utf-8").replace("result: 18.0", "result: 29"), encoding="utf-8")
    assert "Test 1: its result was changed by hand." in Record.load(team).save(team).advice()


def test_an_old_file_gets_its_log_with_the_next_save_and_its_days_stay_unknown(team):
    test = "{number: 1, change: a, measure: b, prediction: 1, why: c, starts: 2025-05-05}"
    team.write_text(f"aim: Home\ntests: [{test}]", encoding="utf-8")
    record = Record.load(team).save(team)
    assert [one.what for one in record.log] == ["prediction found in the file"]
    assert record.advice(dt.date(2025, 5, 6)) == ("Test 1: the day of the prediction is not known.",)


def test_an_old_file_that_is_saved_under_another_name_is_not_taken_for_a_new_prediction(team):
    test = "{number: 1, change: a, measure: b, prediction: 1, why: c, starts: 2025-05-05}"
    team.write_text(f"aim: Home\ntests: [{test}]", encoding="utf-8")
    copy = Record.load(team).save(team.with_name("copy.yaml"))
    assert [one.what for one in copy.log] == ["prediction found in the file"]


# Odd words.

WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@settings(max_examples=100, deadline=None)
@given(WORDS, st.floats(allow_nan=False, allow_infinity=False))
@example("no", 1e3)
@example("1e3", -0.0)
@example("null", 5e-324)
@example("~", 1.7976931348623157e308)
@example("a: b #c", 0.1)
@example("- 'x' \"y\"", 1 / 3)
@example("two\nlines\n\n", 0.0)
@example("\u2028\u2029\ufeff\u00a0", 1.0)
@example("<<", 1.0)
@example("=1+1", 1.0)
@example("\U0001f469\u200d\u2695\ufe0f 東京", 1.0)
@example("\x85", 1.0)
@example("2025-05-05", 1.0)
@example(" lead", 1.0)
@example("!!python/name:os.system", 1.0)
def test_whatever_is_typed_comes_back_word_for_word_or_is_refused_before_it_is_saved(tmp_path_factory, words, number):
    """Tried through the file, as any reader meets it."""
    team = tmp_path_factory.mktemp("odd") / "team.yaml"
    try:
        record = Record(words).plan(
            words, measure=words, prediction=number, why=words, starts="2025-05-05", scale=words, ramp=words
        )
        record = record.study(1, result=number, learned=words, decision="adapt")
    except Refusal as refusal:
        told = str(refusal)
    else:
        assert record.save(team) == record
        assert Record.load(team) == record
        told = ""
    assert not told or not words.strip() or "sign that cannot be printed" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("a\x00b", "The change holds a sign that cannot be printed, '\\x00'. Type it again."),
        ("a\ud800b", "The change holds a sign that cannot be printed, '\\ud800'. Type it again."),
        ("a\rb", "The change holds a sign that cannot be printed, '\\r'. Type it again."),
        ("a" * 5001, "The change has 5,001 characters. Use 5,000 at most."),
    ],
)
def test_what_no_file_or_page_can_show_is_refused_when_it_is_typed(words, told):
    assert said(lambda: Record("Home").plan(words, **PLAN)) == told


def test_a_line_end_of_windows_is_a_line_end():
    assert Record("Home").plan("a\r\nb", **PLAN).cycles[0].change == "a\nb"


def test_a_record_that_could_not_be_read_again_is_not_written(begun, team):
    """Made by hand, past all checks: a test with number 7 at the second place."""
    spoilt = replace(begun, cycles=(*begun.cycles, replace(begun.cycles[0], number=7, mark="")))
    before = team.read_bytes()
    spoilt = replace(spoilt, aim=begun.aim)
    assert said(lambda: spoilt.save(team.with_name("new.yaml"))) == (
        "\"new.yaml\", test 2: tests are numbered from 1 in their order; '7' came."
    )
    assert not team.with_name("new.yaml").exists()
    assert team.read_bytes() == before


# Crashes, and many at once.


ADDERS = textwrap.dedent(
    """
    import multiprocessing as mp
    import sys
    from flowlib.change.pdsa import Record

    PLAN = {"measure": "wait, hours", "prediction": 30, "why": "Less", "starts": "2025-05-05"}

    def add(team, mine, ready):
        record = Record.load(team)
        ready.wait()
        for i in range(4):
            record = record.plan(f"{mine} {i}", **PLAN)
            record.save(team, patience=60)

    if __name__ == "__main__":
        quickest = mp.get_context("fork" if "fork" in mp.get_all_start_methods() else "spawn")
        ready = quickest.Barrier(8)
        programs = [quickest.Process(target=add, args=(sys.argv[1], i, ready)) for i in range(8)]
        for program in programs:
            program.start()
        for program in programs:
            program.join()
        sys.exit(sum(program.exitcode != 0 for program in programs))
    """
)


@pytest.mark.usefixtures("begun")
def test_eight_programs_that_add_tests_to_one_file_at_once_are_all_kept(team):
    """Counted: each begins from the same copy and adds 4, so that there are 1 + 32, each with a number of its own."""
    script = team.with_name("adders.py")
    script.write_text(ADDERS, encoding="utf-8")
    assert subprocess.run([sys.executable, str(script), str(team)], check=False, timeout=120).returncode == 0
    whole = Record.load(team)
    assert {one.change for one in whole.cycles} == {"15 more places"} | {f"{a} {i}" for a in range(8) for i in range(4)}
    assert [one.number for one in whole.cycles] == list(range(1, 34))
    assert sorted(entry.test for entry in whole.log) == list(range(1, 34))
    assert sorted(file.name for file in team.parent.iterdir()) == ["adders.py", "team.yaml"]


SLOW = textwrap.dedent(
    """
    import os, sys, time
    from flowlib.change.pdsa import Record
    def slow(number):
        print("half way", flush=True)
        time.sleep(60)
    os.fsync = slow
    record = Record.load(sys.argv[1])
    record.study(1, result=1, learned="lost", decision="adopt").save(sys.argv[1])
    """
)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="other systems end programs in other ways")
def test_a_program_that_is_killed_half_way_leaves_the_old_file_whole_and_blocks_nobody(begun, team):
    """Killed while it writes, with its lock held: the next save finds that it is gone."""
    with subprocess.Popen([sys.executable, "-c", SLOW, str(team)], stdout=subprocess.PIPE) as program:
        assert program.stdout.readline() == b"half way\n"
        assert len(list(team.parent.glob(".team.yaml*"))) == 2
        os.kill(program.pid, signal.SIGKILL)
    assert Record.load(team) == begun
    if not sys.platform.startswith("linux"):  # elsewhere the lock's age alone tells
        for file in team.parent.glob(".team.yaml*"):
            os.utime(file, (time.time() - 3600,) * 2)
    assert begun.plan("A new rota", **PLAN).save(team) == Record.load(team)
    assert [file.name for file in team.parent.iterdir()] == ["team.yaml"]
