"""Does `flowlib.mapping.value_stream` count a journey as the lean texts do?"""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from refusals import said

from flowlib.core.checks import Refusal
from flowlib.diagnose.queueing import littles_law
from flowlib.mapping.value_stream import ValueStep, ValueStream
from flowlib.mapping.waste import WASTES

# The same examples each time, however busy the computer.
steady = settings(deadline=None, derandomize=True)

# The suite's running case: Maureen Hart, 84, falls at home in Wexmoor. Hours of work, hours of waiting, share right.
MAUREEN = ValueStream(
    [
        ValueStep("call and crew", 0.75, 0.58, 0.90),
        ValueStep("handover", 0.25, 0.5, 0.85),
        ValueStep("ED clinician", 0.8, 1.28, 0.80),
        ValueStep("tests and decision", 1, 1.5, 0.85),
        ValueStep("bed", 0.33, 3, 0.90),
        ValueStep("ward", 72, 115, 0.95),
        ValueStep("therapy plan", 3, 24, 0.70),
        ValueStep("transfer hub", 1, 18, 0.60),
        ValueStep("Home First start", 2, 74, 0.80),
    ]
)

hours = st.floats(0, 1000)
shares = st.floats(0, 1)
streams = st.lists(st.tuples(st.floats(0.01, 1000), hours, shares), min_size=1, max_size=12).map(
    lambda rows: ValueStream([ValueStep(f"step {at}", *row) for at, row in enumerate(rows)])
)


def test_maureens_journey_is_13_days_of_which_a_quarter_is_care():
    """The running case as the curriculum prints it: PT 81.1, LT 319.0 hours (13.3 days), PCE 25%, rolled 15%."""
    assert MAUREEN.process_time == pytest.approx(81.1, abs=0.05)
    assert MAUREEN.lead_time == pytest.approx(319.0, abs=0.05)
    assert MAUREEN.lead_time / 24 == pytest.approx(13.3, abs=0.05)
    assert MAUREEN.efficiency == pytest.approx(0.25, abs=0.005)
    assert MAUREEN.rolled_first_time_right == pytest.approx(0.15, abs=0.005)


def test_a_better_transfer_hub_takes_maureens_journey_from_15_to_22_in_100():
    """The curriculum's exercise 1.2: the hub from 60% to 90% complete and accurate."""
    better = MAUREEN.with_step("transfer hub", complete_and_accurate=0.9)
    assert better.rolled_first_time_right == pytest.approx(0.22, abs=0.005)
    assert better.lead_time == MAUREEN.lead_time


def test_the_longest_wait_is_on_the_ward_and_without_it_for_home_first():
    """The curriculum's exercise 1.1: Home First start, 74 hours, after the ward's 115."""
    assert MAUREEN.longest_wait.name == "ward"
    assert MAUREEN.with_step("ward", wait=0).longest_wait == ValueStep("Home First start", 2, 74, 0.8)


def test_five_steps_that_are_each_90_in_100_right_are_59_together():
    """Arithmetic: 0.9 to the fifth."""
    stream = ValueStream([ValueStep(f"step {at}", 1, 0, 0.9) for at in range(5)])
    assert stream.rolled_first_time_right == pytest.approx(0.59049)


def test_takt_is_available_time_over_demand():
    """Lean Health Services, "What is takt time?": 7 hours, 40 patients, 10 minutes 30 seconds; and Wexmoor's ED."""
    assert ValueStream.takt(420, 40) == 10.5
    assert MAUREEN.takt(24 * 60, 200) == pytest.approx(7.2)


def test_the_table_has_one_row_a_step_and_adds_up():
    table = MAUREEN.to_frame()
    assert table.columns.tolist() == ["step", "process_time", "wait", "lead_time", "complete_and_accurate"]
    assert table["step"].tolist() == [step.name for step in MAUREEN.steps]
    assert table["lead_time"].sum() == pytest.approx(MAUREEN.lead_time)
    assert (table["process_time"] + table["wait"]).tolist() == table["lead_time"].tolist()


def test_a_changed_stream_leaves_the_first_as_it_was():
    MAUREEN.with_step("bed", name="ward bed", wait=0)
    assert MAUREEN.steps[4] == ValueStep("bed", 0.33, 3, 0.90)
    assert MAUREEN.with_step("bed", name="ward bed").steps[4].name == "ward bed"


@steady
@given(streams)
def test_efficiency_is_a_share_and_lead_time_is_work_and_waits(stream):
    assert 0 < stream.efficiency <= 1
    waits = sum(step.wait for step in stream.steps)
    assert stream.lead_time == pytest.approx(stream.process_time + waits)


@steady
@given(streams, st.floats(0, 1000))
def test_less_waiting_never_lowers_efficiency(stream, wait):
    first = stream.steps[0]
    shorter = stream.with_step(first.name, wait=min(wait, first.wait))
    assert shorter.efficiency >= stream.efficiency * (1 - 1e-12)
    assert shorter.lead_time <= stream.lead_time * (1 + 1e-12)


@steady
@given(streams)
def test_a_journey_is_right_first_time_no_more_often_than_its_worst_step(stream):
    assert stream.rolled_first_time_right <= min(step.complete_and_accurate for step in stream.steps)


@steady
@given(streams)
def test_the_order_of_steps_changes_no_total(stream):
    back = ValueStream(stream.steps[::-1])
    assert back.lead_time == pytest.approx(stream.lead_time)
    assert back.rolled_first_time_right == pytest.approx(stream.rolled_first_time_right)


REFUSED = [
    (lambda: ValueStep("bed", -1, 0, 1), 'Process time of "bed" must be 0 hours or more; -1 came'),
    (lambda: ValueStep("bed", 1, -2, 1), 'Wait for "bed" must be 0 hours or more; -2 came'),
    (lambda: ValueStep("bed", 1, 2, 90), 'accurate of "bed" must be from 0 to 1; 90 came. Half is 0.5, not 50.'),
    (lambda: ValueStep(" ", 1, 2, 0.9), "Each step needs a name; an empty one came."),
    (lambda: ValueStream([]), "A value stream needs at least 1 step; none came."),
    (lambda: ValueStream([ValueStep("bed", 0, 0, 1)]), "needs some time in it; every step came with 0 hours"),
    (lambda: ValueStream([ValueStep("bed", 1, 0, 1)] * 2), 'a name of its own; "bed" came more than once'),
    (lambda: MAUREEN.with_step("wards", wait=1), 'No step in this value stream called "wards".*Did you mean "ward"'),
    (lambda: MAUREEN.with_step("ward", waits=1), 'No number in a step called "waits".*Did you mean "wait"'),
    (lambda: MAUREEN.with_step("ward", wait=-1), 'Wait for "ward" must be 0 hours or more; -1 came'),
    (lambda: ValueStream.takt(24, 0), "Demand must be above 0 people; 0 came"),
]


@pytest.mark.parametrize(("ask", "sentence"), REFUSED)
def test_what_cannot_be_counted_is_refused_with_a_sentence(ask, sentence):
    with pytest.raises(Refusal, match=sentence):
        ask()


# What may be said of a step beyond its times

CLINIC = ValueStream(
    [
        ValueStep("booking", 0.1, 47.9, 0.9, people=1, hours_open=8, value="necessary", work_in_progress=100),
        ValueStep("visit", 0.5, 1.5, 0.8, people=3, hours_open=6, value="value", wastes=["waiting", "motion"]),
        ValueStep("letter", 0.4, 71.6, 0.7, batch_size=20, value="waste", work_in_progress=130),
    ]
)


def test_hours_of_value_necessity_and_waste_add_up_to_the_lead_time():
    """By hand: 0.5 of value, 0.1 necessary, 0.4 of waste and 121 of waiting, which is a waste too."""
    shares = CLINIC.value_shares()
    assert (shares.value, shares.necessary, shares.not_said) == (0.5, 0.1, 0)
    assert shares.waste == pytest.approx(121.4)
    assert shares.value + shares.necessary + shares.waste == pytest.approx(CLINIC.lead_time)
    assert shares.value_share == pytest.approx(0.5 / 122)
    assert shares.sentence() == "Of every 100 hours, 0 are value, 0 are necessary, 100 are waste."


def test_work_that_nobody_has_put_in_a_class_is_said_to_be_so():
    shares = ValueStream([ValueStep("bed", 1, 2), ValueStep("visit", 1, 0, value="value")]).value_shares()
    assert shares.sentence() == (
        "Of every 100 hours, 25 are value, 0 are necessary, 50 are waste. Of 25 nobody has said."
    )


def test_work_in_progress_is_rate_times_lead_time_where_somebody_counted():
    """Little's law by hand: 2 an hour for 48 and 72 hours are 96 and 144 people; 100 and 130 were counted."""
    made = CLINIC.work_in_progress(2)
    assert made.table["by_littles_law"].tolist() == pytest.approx([96, 4, 144])
    assert made.table["difference"].tolist()[::2] == pytest.approx([4, -14])
    assert (made.expected, made.counted) == (pytest.approx(240), 230)
    assert made.sentence() == "Little's law gives 240 people there; 230 were counted, which is close."


def test_a_count_that_is_far_from_littles_law_is_questioned():
    few = CLINIC.with_step("letter", work_in_progress=15).work_in_progress(2)
    assert few.sentence() == (
        "Little's law gives 240 people there; 115 were counted, 125 fewer. "
        "Is the rate, a time or the count out of date?"
    )
    nobody = ValueStream([ValueStep("bed", 1, 2)]).work_in_progress(3)
    assert nobody.sentence() == "Little's law gives 9 people there. Nobody has counted them."


def test_littles_law_is_the_one_of_the_queueing_formulas():
    """The other room's function, for a hundred rates."""
    for rate in range(100):
        law = littles_law(rate=rate, time=MAUREEN.lead_time)
        assert MAUREEN.work_in_progress(rate).expected == pytest.approx(law)


def test_a_step_keeps_up_where_it_finishes_one_person_within_takt():
    """By hand, 40 a day: booking 8 h gives 12 minutes for 6; the visit 6 h gives 9 minutes, 30 by 3 people is 10."""
    paces = CLINIC.paces(40)
    assert paces["takt_minutes"].tolist()[:2] == pytest.approx([12, 9])
    assert paces["minutes_each"].tolist()[:2] == pytest.approx([6, 10])
    assert paces["keeps_up"].tolist() == [True, False, None]
    assert CLINIC.paces(36)["keeps_up"].tolist() == [True, True, None]


def test_two_teams_have_twice_the_takt_of_one():
    assert ValueStream.takt(420, 40, teams=2) == 2 * ValueStream.takt(420, 40)


def test_the_table_shows_what_was_said_and_no_more():
    columns = CLINIC.to_frame().columns.tolist()
    assert columns[5:] == ["people", "batch_size", "work_in_progress", "hours_open", "value", "wastes"]
    assert CLINIC.to_frame()["wastes"].tolist() == ["", "motion, waiting", ""]


def test_an_unknown_share_leaves_the_rolled_share_unknown():
    stream = ValueStream([ValueStep("bed", 1, 2), ValueStep("visit", 1, 0, 0.9)])
    assert math.isnan(stream.rolled_first_time_right)
    assert stream.to_frame()["complete_and_accurate"].isna().tolist() == [True, False]


def test_the_eight_wastes_have_the_letters_timwoods():
    assert "".join(name[0] for name in WASTES).upper() == "TIMWOODS"


WRONG_EXTRAS = [
    ({"people": 0}, 'People of "bed" must be above 0; 0 came.'),
    ({"batch_size": 0.5}, 'Batch size of "bed" must be 1 or more; 0.5 came.'),
    ({"work_in_progress": -1}, 'Work in progress of "bed" must be 0 people or more; -1 came.'),
    ({"hours_open": 25}, 'Hours open of "bed" must be 24 a day or fewer; 25 came.'),
    (
        {"value": "vital"},
        'No class of work for "bed" called "vital"; there are "value", "necessary", "waste". Did you mean "value"?',
    ),
    ({"wastes": "waiting"}, 'Wastes of "bed" must be a list, such as ["waiting"]; "waiting" came.'),
    (
        {"wastes": ["wating"]},
        (
            'No waste for "bed" called "wating"; there are "transport", "inventory", "motion", "waiting", '
            '"over-production", "over-processing", "defects", "skills". Did you mean "waiting"?'
        ),
    ),
]


@pytest.mark.parametrize(("extra", "sentence"), WRONG_EXTRAS)
def test_what_cannot_be_true_of_a_step_is_refused(extra, sentence):
    assert said(lambda: ValueStep("bed", 1, 2, **extra)) == sentence
