"""Do ramps, advice and the sums of predictions say what a record holds, and no more?"""

import datetime as dt
import itertools
import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import said
from scipy import stats

from flowlib.change.pdsa import Cycle, Predictions, Ramp, Record
from flowlib.change.pdsa.cycle import NEAR
from flowlib.change.pdsa.file import Entry
from flowlib.change.pdsa.predictions import FEWEST, RARE, summed

TODAY = dt.date(2025, 6, 30)
PLAN = {"measure": "mean wait, hours", "prediction": 30, "why": "Load falls", "starts": "2025-06-20"}
STUDY = {"result": 18, "learned": "Waits fell", "decision": "adopt"}


def test_of(number=1, /, **parts):  # noqa: PT028 - it makes a test of change, and is none itself
    """A test that says everything, so that nothing is advised but what a test below changes."""
    known = {"prediction": 30.0, "starts": "2025-06-20", "planned_on": "2025-06-19", "measure": "mean wait, hours"}
    if parts.get("result") is not None:
        known |= {"studied_on": "2025-06-25", "learned": "x", "decision": "abandon"}
    return Cycle(number, **{"change": f"Idea {number}", "why": "y", **known, **parts})


test_of.__test__ = False


def advice(*cycles, log=()):
    return Record("Home", cycles, log).advice(TODAY)


# Ramps.


def test_tests_that_follow_one_another_are_one_ramp_from_small_to_large():
    record = Record("Home").plan("Ask on arrival", **PLAN, scale="1 patient", ramp="Early plans").study(1, **STUDY)
    record = record.plan("Other", **PLAN).plan("Ask on arrival", **PLAN, scale="5 patients", follows=1)
    record = record.plan("Ask, with a form", **PLAN, scale="one ward", ramp="early  PLANS")
    early, other = record.ramps()
    assert [one.number for one in early.cycles] == [1, 3, 4]
    assert early.sentence() == "Early plans: 3 tests, from 1 patient to one ward. The last result is still to come."
    assert other == Ramp("Other", record.cycles[1:2])
    assert other.sentence() == "Other: 1 test. The last result is still to come."


def test_a_ramp_without_a_name_has_that_of_its_first_change():
    record = Record("Home").plan("Ask", **PLAN, scale="one ward").plan("Ask again", **PLAN, follows=1).study(2, **STUDY)
    assert [ramp.sentence() for ramp in record.ramps()] == [
        "Ask: 2 tests, on one ward. The last decision was to adopt."
    ]


def test_a_test_may_name_the_ramp_that_it_follows_in_its_own_way():
    record = Record("Home").plan("Ask", **PLAN, ramp="Early plans").plan("B", **PLAN, follows=1, ramp="early  plans")
    assert [one.ramp for one in record.cycles] == ["Early plans"] * 2


def test_tests_of_the_same_change_that_say_nothing_stay_apart():
    assert len(Record("Home").plan("Ask", **PLAN).plan("Ask", **PLAN).ramps()) == 2


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"follows": 2}, "Test 2 can follow only a test before it; 2 came."),
        ({"follows": 0}, "Test 2 can follow only a test before it; 0 came."),
        ({"follows": "first"}, "follows must be a number; 'first' came."),
        (
            {"follows": 1, "ramp": "Transport"},
            ("Test 2 follows test 1, which belongs to 'Early plans'. Leave its ramp out, or let it follow nothing."),
        ),
        ({"better": "lower"}, 'No better called "lower"; there are "", "up", "down".'),
        ({"scale": 5}, "scale must be text; 5 came."),
    ],
)
def test_a_step_of_a_ramp_that_cannot_be_is_refused(parts, told):
    record = Record("Home").plan("Ask", **PLAN, ramp="Early plans")
    assert said(lambda: record.plan("Ask", **{**PLAN, **parts})) == told


# Advice.


def test_a_record_with_nothing_amiss_hears_nothing():
    assert advice(test_of(1), test_of(2, result=18)) == ()


@pytest.mark.parametrize(
    ("cycles", "told"),
    [
        ([test_of(starts="2025-06-02", planned_on="2025-06-01")], ()),
        (
            [test_of(starts="2025-06-01", planned_on="2025-05-31", result=18)],
            (),
        ),
        (
            [test_of(starts="2025-06-02"), test_of(2, starts="2025-06-03", planned_on="2025-06-03")],
            ("Test 1: the prediction came after the first day. Write it down before you start.",),
        ),
        (
            [test_of(starts="2025-05-30", planned_on="2025-05-29")],
            ("Test 1 began 31 days ago and has no result. Write down what happened.",),
        ),
        (
            [test_of(planned_on=""), test_of(2, planned_on=""), test_of(3, planned_on="", result=9, studied_on="")],
            (
                "Tests 1, 2 and 3: the day of the prediction is not known.",
                "Test 3: the day of the result is not known.",
            ),
        ),
        (
            [test_of(result=18, decision="adopt")],
            ("Test 1 was adopted after one test. Test it once more, at a larger scale.",),
        ),
        ([test_of(result=18, decision="adopt", ramp="A"), test_of(2, ramp="A")], ()),
        (
            [test_of(result=18, decision="adapt"), test_of(2, measure="falls")],
            ("Test 1 was to be adapted, and no test follows it. Plan the next one.",),
        ),
        ([test_of(result=18, decision="adapt"), test_of(2)], ()),
        ([test_of(result=18, decision="adapt"), test_of(2, measure="falls", follows=1)], ()),
    ],
)
def test_each_piece_of_advice_comes_where_it_holds_and_only_there(cycles, told):
    assert advice(*cycles) == told


@pytest.mark.parametrize(("count", "result", "told"), [(5, 30, 0), (6, 30, 1), (6, 40, 1)])
def test_predictions_that_are_all_near_or_all_far_are_named_from_six_on(count, result, told):
    word = "All 6 predictions were close." if result == 30 else "None of 6 predictions was close."
    heard = [
        line for line in advice(*(test_of(i, result=result) for i in range(1, count + 1))) if line.startswith(word)
    ]
    assert len(heard) == told


def test_eight_tests_of_which_none_was_abandoned_are_named():
    done = [test_of(i, result=30 + 10 * (i % 2), decision="adopt", ramp="A") for i in range(1, 9)]
    assert advice(*done) == ("None of 8 tests was abandoned. Try ideas that may fail, too.",)
    assert advice(*done[:7]) == ()
    assert advice(*done[:7], test_of(8, result=30, ramp="A")) == ()


def test_a_save_that_brought_prediction_and_result_together_is_named():
    at = "2025-06-25 09:00:00"
    both = (Entry(at, 1, "predicted", 30.0), Entry(at, 1, "got", 18.0))
    assert advice(test_of(result=18), log=both) == (
        "Test 1: prediction and result were saved together. Save the prediction before you start.",
    )
    assert advice(test_of(result=18), log=(Entry("2025-06-19 09:00:00", 1, "predicted", 30.0), both[1])) == ()


def test_all_that_is_advised_is_short_enough():
    """The style's bound of 20 words a sentence, over every sentence at once."""
    late = [test_of(i, starts="2025-01-01", planned_on="2025-01-02") for i in range(1, 3)]
    near = [test_of(i, result=30, decision=("adopt", "adapt")[i % 2], measure=str(i)) for i in range(3, 13)]
    lines = [*advice(*late, *near, test_of(13, planned_on="")), summed(tuple(near)).sentence()]
    assert len(lines) > 8
    for sentence in itertools.chain(*(re.split(r"(?<=[.?]) ", line) for line in lines)):
        assert len(sentence.split()) <= 20, sentence


# Predicted and got.


def test_what_was_predicted_and_what_came_stand_side_by_side():
    """By head: 18 is 12 below 30, which is 0.4 of it; -9 is 1 above -10, which is 0.1 of its size."""
    cycles = (
        test_of(result=18),
        test_of(2, prediction=-10.0, result=-9),
        test_of(3),
        test_of(4, prediction=0, result=2),
    )
    table = Record("Home", cycles).predicted_and_got()
    names = [
        "test",
        "change",
        "measure",
        "predicted",
        "got",
        "gap",
        "gap_share",
        "decision",
        "planned_on",
        "studied_on",
    ]
    assert list(table) == names
    assert table["test"].tolist() == [1, 2, 3, 4]
    nan = math.nan
    pd.testing.assert_series_equal(table["gap"], pd.Series([-12.0, 1, nan, 2]), check_names=False)
    pd.testing.assert_series_equal(table["gap_share"], pd.Series([-0.4, 0.1, nan, nan]), check_names=False)
    assert table["planned_on"].tolist() == [pd.Timestamp("2025-06-19")] * 4
    assert table["studied_on"].isna().tolist() == [False, False, True, False]


def test_a_record_without_tests_has_a_table_without_rows():
    table = Record("Home").predicted_and_got()
    assert table.empty
    assert table["gap"].dtype == float
    assert Record("Home").predictions().sentence() == "No test has a result yet."


@pytest.mark.parametrize(
    ("better", "result", "worse"), [("down", 31, 1), ("down", 29, 0), ("up", 31, 0), ("up", 29, 1)]
)
def test_worse_than_predicted_goes_by_which_way_is_good(better, result, worse):
    got = Record("Home", (test_of(result=result, better=better),)).predictions()
    assert (got.worse, got.better, got.chance) == (worse, 1 - worse, 1.0)


def test_a_result_that_is_just_as_predicted_or_has_no_good_way_says_nothing_of_hope():
    got = Record("Home", (test_of(result=30, better="down"), test_of(2, result=99))).predictions()
    assert (got.studied, got.close, got.worse, got.better, got.chance) == (2, 1, 0, 0, None)
    assert got.sentence() == (
        "1 of 2 results were close to what we predicted. "
        "To see whether we hope too much, say of each test which way is good."
    )


@pytest.mark.parametrize(
    ("worse", "better", "told"),
    [
        (1, 0, "1 of 1 came out worse than that; that is too few to say whether we hope too much."),
        (5, 0, "5 of 5 came out worse than that; that is too few to say whether we hope too much."),
        (6, 0, "6 of 6 came out worse than that: we hope too much."),
        (0, 6, "0 of 6 came out worse than that: we hope too little."),
        (6, 1, "6 of 7 came out worse than that; luck alone could do as much."),
        (8, 1, "8 of 9 came out worse than that: we hope too much."),
        (4, 4, "4 of 8 came out worse than that; luck alone could do as much."),
    ],
)
def test_hope_is_named_only_where_luck_would_rarely_do_as_much(worse, better, told):
    """Even chances: 6 of 6 come in 1 of 32 either way, 6 of 7 in 1 of 8, 8 of 9 in 5 of 128."""
    cycles = [test_of(i, result=50, better="down" if i <= worse else "up") for i in range(1, worse + better + 1)]
    results = "1 result was" if worse + better == 1 else f"{worse + better} results were"
    sentence = Record("Home", tuple(cycles)).predictions().sentence()
    assert sentence == f"0 of {results} close to what we predicted. {told}"


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_chance_is_that_of_scipy_s_sign_test(worse, better):
    """SciPy's exact binomial test at one half; an even chance has one two-sided answer."""
    cycles = [test_of(i, result=50, better="down" if i <= worse else "up") for i in range(1, worse + better + 1)]
    got = summed(tuple(cycles))
    want = stats.binomtest(worse, worse + better).pvalue if cycles else None
    assert got.chance == (want if want is None else pytest.approx(want, rel=1e-12))
    assert bool(got.hope) == (want is not None and want < RARE)


def test_fewer_tests_than_the_fewest_can_never_be_rare():
    """The most uneven count of n has a chance of 2 / 2**n."""
    assert 2 / 2 ** (FEWEST - 1) >= RARE > 2 / 2**FEWEST


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_close_is_within_a_tenth_of_the_prediction_whatever_its_sign(prediction, result):
    one = test_of(prediction=prediction, result=result)
    assert one.close == (abs(result - prediction) <= NEAR * abs(prediction))
    assert Predictions(1, int(one.close), 0, 0, None) == summed((one,))
