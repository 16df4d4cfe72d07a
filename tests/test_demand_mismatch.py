"""Does `flowlib.measure.mismatch` find the queue that two rhythms make, though there is enough of both?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.core import data
from flowlib.measure.demand import rhythm
from flowlib.measure.mismatch import mismatch

FLAT = [2.0] * 24


def many_days(came, could, *, days=40):
    """The queue at the end of each hour of the last of many days, hour after hour from an empty start."""
    queue = 0.0
    for _ in range(days):
        ends = []
        for arrivals, capacity in zip(came, could, strict=True):
            queue = max(queue + arrivals - capacity, 0)
            ends.append(queue)
    return ends


def fine_area(came, could, *, parts=500, cycles=3):
    """Person-intervals of waiting in the last of three cycles: inflow less outflow, above its lowest so far."""
    net = np.repeat(np.subtract(came, could), parts) / parts
    path = np.concatenate([[0], np.cumsum(np.tile(net, cycles))])
    queue = path - np.minimum.accumulate(path)
    last = queue[-len(net) - 1 :]
    return float((last[:-1] + last[1:]).sum() / 2 / parts)


def drawn(seed, count, use):
    """Arrivals and a capacity that they fill to *use* of it, at random."""
    rng = np.random.default_rng(seed)
    came, could = rng.gamma(1.5, 4, count), rng.gamma(1.5, 4, count)
    return came, could * came.sum() / could.sum() / use


# Hand cases.


def test_a_day_that_can_be_done_by_head():
    """
    8 come from 9am to 10am, 2 an hour can be seen from 9am to 1pm.

    By head: 6 wait at 10am, then 4, 2 and 0. The hours' means are 3, 5, 3 and 1: 12 person-hours, 90 minutes each.
    """
    came, could = np.zeros(24), np.zeros(24)
    came[9], could[9:13] = 8, 2
    made = mismatch(came, could)
    assert (made.peak, made.peak_at) == (6, "10am")
    assert made.table["queue"].to_numpy()[9:13].tolist() == [6, 4, 2, 0]
    assert (made.person_hours_a_day, made.mean_wait_minutes) == (12, 90)
    assert made.share_above == 0.75
    assert made.queue_at_start == 0


def test_a_queue_that_empties_within_the_hour_is_a_triangle():
    """1 waits at 1am, and capacity is 2 more than arrivals: gone in half an hour. Areas 1/2 and 1/4."""
    came, could = [3, *[0] * 23], [2] * 24
    assert mismatch(came, could).person_hours_a_day == 0.75


def test_people_who_come_at_night_wait_for_the_morning_after():
    """10 come from 11pm to midnight; all are seen from 8am to 9am: 10 / 2 + 8 x 10 + 10 / 2 = 90 person-hours."""
    came, could = np.zeros(24), np.zeros(24)
    came[23], could[8] = 10, 10
    made = mismatch(came, could)
    assert made.queue_at_start == 10
    assert made.person_hours_a_day == 90
    assert (made.peak, made.peak_at) == (10, "midnight")


def test_a_week_has_days_and_its_cost_is_told_a_day():
    """5 a day come; on weekdays 7 can be seen, at the weekend none: 10 wait on Sunday night, 0 by Friday."""
    made = mismatch([5] * 7, [7] * 5 + [0] * 2)
    assert made.table["queue"].tolist() == [8, 6, 4, 2, 0, 5, 10]
    assert made.peak_at == "the end of Sunday"
    # By head, in person-days: (10+8)/2 + (8+6)/2 + (6+4)/2 + (4+2)/2 + 2/2 + 5/2 + (5+10)/2 = 35, a week.
    assert made.person_hours_a_day == 35 * 24 / 7
    assert made.mean_wait_minutes == 35 * 24 * 60 / 35
    assert "capacity of their day" in made.sentence()


def test_rhythms_that_match_cost_nothing():
    made = mismatch(FLAT, FLAT)
    assert (made.person_hours_a_day, made.peak, made.peak_at, made.share_above) == (0, 0, "", 0)
    assert made.sentence() == ("Capacity is there when people come. The mismatch of the two rhythms costs no waiting.")


# Against the same queue done another way.


@pytest.mark.parametrize("count", [7, 24, 168])
@pytest.mark.parametrize("use", [0.7, 0.95, 1.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_queue_is_the_one_that_many_days_settle_to(seed, use, count):
    """Against 40 cycles one interval at a time, from an empty start."""
    came, could = drawn(seed, count, use)
    made = mismatch(came, could)
    assert made.table["queue"].to_numpy() == pytest.approx(np.array(many_days(came, could)), abs=1e-9 * came.sum())
    assert made.peak == pytest.approx(max(many_days(came, could)))


@pytest.mark.parametrize("use", [0.7, 0.95, 1.0])
@pytest.mark.parametrize("seed", [4, 5, 6])
def test_the_waiting_is_the_area_between_inflow_and_outflow(seed, use):
    """
    Against the path of inflow less outflow, over its lowest so far, on 500 points an hour.

    The grid is exact but where the queue empties: there it misses at most slope x step squared / 2 an hour.
    """
    came, could = drawn(seed, 24, use)
    off = np.abs(came - could).sum() / 500**2
    assert mismatch(came, could).person_hours_a_day == pytest.approx(fine_area(came, could), abs=off)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 23), st.floats(0.1, 20))
def test_the_cost_does_not_depend_on_when_the_day_begins_and_grows_with_the_people(seed, turn, times):
    """A law: turn both rhythms by some hours and nothing changes; with all numbers doubled, waiting doubles."""
    came, could = drawn(seed, 24, 1.0)
    made = mismatch(came, could)
    turned = mismatch(np.roll(came, turn), np.roll(could, turn), same_total=True)
    assert turned.person_hours_a_day == pytest.approx(made.person_hours_a_day, rel=1e-6, abs=1e-6)
    larger = mismatch(came * times, could * times, same_total=True)
    assert larger.person_hours_a_day == pytest.approx(made.person_hours_a_day * times, rel=1e-6, abs=1e-6)
    assert larger.mean_wait_minutes == pytest.approx(made.mean_wait_minutes, rel=1e-6, abs=1e-6)


def test_the_timing_alone_is_judged_where_the_totals_are_made_equal():
    """Twice the capacity at the same hours is the same timing."""
    came, could = drawn(9, 24, 1.0)
    one = mismatch(came, could, same_total=True)
    assert mismatch(came, could * 2, same_total=True).person_hours_a_day == pytest.approx(one.person_hours_a_day)
    assert mismatch(came, could * 0.5, same_total=True).table["capacity"].sum() == pytest.approx(came.sum())


def test_the_starts_of_a_log_can_stand_for_capacity():
    """Starts follow arrivals in a log, so their timing costs less than the same number spread evenly."""
    by_hour = rhythm(data.load("wexmoor_ed"), "Clinician")
    as_is = mismatch(by_hour["arrivals"], by_hour["starts"], same_total=True)
    even = mismatch(by_hour["arrivals"], [1] * 24, same_total=True)
    assert as_is.person_hours_a_day == pytest.approx(fine_area(by_hour["arrivals"], as_is.table["capacity"]), rel=1e-4)
    assert 0 < as_is.person_hours_a_day < even.person_hours_a_day


# What is said.


def test_the_sentence_tells_the_hour_the_number_and_the_cost():
    came, could = np.zeros(24), np.zeros(24)
    came[9], could[9:13] = 8, 2
    assert mismatch(came, could).sentence() == (
        "Of 100 people, 75 come above the capacity of their hour. The queue peaks at 10am, at 6 people. "
        "This mismatch alone costs 12 hours of waiting a day, or 90 minutes for each person."
    )


def test_an_hour_of_the_week_has_its_weekday():
    came = np.zeros(168)
    came[24 * 2 + 11] = 5
    made = mismatch(came, [1] * 168)
    assert made.peak_at == "noon on Wednesday"
    assert made.table["interval"].iloc[59] == "Wednesday 11am to noon"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: mismatch([1] * 12, FLAT),
            "Arrivals must be 24 numbers (hours of the day), 168 (hours of the week) or 7 (weekdays); 12 came.",
        ),
        (
            lambda: mismatch(FLAT, [2] * 7),
            (
                "Arrivals and capacity need the same hours; 24 and 7 numbers came. "
                "Give both by hour of the day (24), by hour of the week (168) or by weekday (7)."
            ),
        ),
        (
            lambda: mismatch(FLAT, [-1, *FLAT[1:]]),
            "Capacity must be numbers of 0 or more; -1 came for midnight to 1am. Give 0 where there is none.",
        ),
        (
            lambda: mismatch([float("nan")] + [5] * 6, [6] * 7),
            "Arrivals must be numbers of 0 or more; nan came for Monday. Give 0 where there is none.",
        ),
        (
            lambda: mismatch([3] * 24, FLAT),
            (
                "Capacity must cover arrivals, or the queue grows for ever; 72 people come and 48 could be seen. "
                "Add capacity, or judge its timing alone with same_total=True."
            ),
        ),
        (
            lambda: mismatch([0] * 24, FLAT),
            "Nobody arrives: every number of arrivals is 0. Give the people who come in each interval.",
        ),
        (
            lambda: mismatch(FLAT, [0] * 24, same_total=True),
            "Capacity is 0 all the time. Give how many people could be seen in each interval.",
        ),
    ],
)
def test_rhythms_that_cannot_be_compared_are_refused(make, sentence):
    assert said(make) == sentence
