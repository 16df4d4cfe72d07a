"""Does `flowlib.mapping.value_stream` count a journey as the lean texts do?"""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from flowlib.core.checks import Refusal
from flowlib.mapping.value_stream import ValueStep, ValueStream

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
