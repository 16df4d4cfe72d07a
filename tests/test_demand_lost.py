"""Does `flowlib.measure.lost` count lost capacity, and overbook no further than the chance allows?"""

import math
from fractions import Fraction
from itertools import product

import pytest
from refusals import said
from scipy import stats

from flowlib.measure.lost import lost_capacity, overbooking


def enumerated(book, slots, attend):
    """Every way in which *book* people can attend or not: chance of too many, mean over, mean empty."""
    chance = over = empty = Fraction(0)
    for people in product((0, 1), repeat=book):
        came = sum(people)
        weight = attend**came * (1 - attend) ** (book - came)
        chance += weight * (came > slots)
        over += weight * max(came - slots, 0)
        empty += weight * max(slots - came, 0)
    return chance, over, empty


def exact(book, slots, attend):
    """The same by counting the ways with whole numbers, for more people than can be listed."""
    weights = [math.comb(book, k) * attend**k * (1 - attend) ** (book - k) for k in range(book + 1)]
    return (
        sum(weights[slots + 1 :]),
        sum(w * max(k - slots, 0) for k, w in enumerate(weights)),
        sum(w * max(slots - k, 0) for k, w in enumerate(weights)),
    )


# What was lost.


def test_a_clinic_adds_up_as_it_does_by_head():
    """
    220 slots of 20 minutes: 200 booked, 170 attend, 12 of the 30 are refilled.

    By head: 20 + 18 slots stay empty, 760 minutes; with 100 late and 40 early, 900 of 4,400 minutes.
    """
    made = lost_capacity(200, 170, slots=220, refilled=12, minutes_each=20, late_starts=100, early_finishes=40)
    assert (made.missed, made.empty_slots) == (30, 38)
    assert (made.minutes_empty, made.minutes_late) == (760, 140)
    assert made.share_missed == 30 / 200
    assert made.share_lost == 38 / 220
    assert made.share_of_time_lost == 900 / 4_400


@pytest.mark.parametrize(("missed", "booked", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)])
def test_the_interval_of_people_who_do_not_attend_is_wilsons(missed, booked, low, high):
    """R. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3; without refilling, slots are alike."""
    made = lost_capacity(booked, booked - missed, minutes_each=10)
    assert (made.missed_lower_95_ci, made.missed_upper_95_ci) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )
    assert (made.lost_lower_95_ci, made.lost_upper_95_ci) == (made.missed_lower_95_ci, made.missed_upper_95_ci)


def test_the_interval_of_lost_slots_is_of_slots_and_not_of_bookings():
    """Against scipy's Wilson interval of 38 in 220."""
    made = lost_capacity(200, 170, slots=220, refilled=12, minutes_each=20)
    wilson = stats.binomtest(38, 220).proportion_ci(method="wilson")
    assert (made.lost_lower_95_ci, made.lost_upper_95_ci) == (pytest.approx(wilson.low), pytest.approx(wilson.high))


def test_slots_that_are_all_refilled_lose_no_time():
    made = lost_capacity(100, 90, refilled=10, minutes_each=15)
    assert (made.empty_slots, made.share_lost, made.share_of_time_lost) == (0, 0, 0)


def test_real_people_are_rounded_and_few_are_hidden_with_their_share():
    """1 hour of 4 empty slots at 15 minutes; 97 bookings shown to the nearest 5."""
    told = lost_capacity(97, 93, minutes_each=15).sentence()
    assert told == (
        "Of 95 people booked, fewer than 8 did not attend. Of 95 slots, fewer than 8 stayed empty. "
        "With late starts and early finishes, fewer than 2 hours were lost."
    )


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: lost_capacity(100, 101, minutes_each=15),
            ("No more people can attend than were booked; 101 of 100 came. Count those who came unbooked as refilled."),
        ),
        (
            lambda: lost_capacity(100, 90, refilled=11, minutes_each=15),
            (
                "Only slots of people who did not attend can be refilled; 11 were, and 10 did not attend. "
                "Correct one of the two."
            ),
        ),
        (
            lambda: lost_capacity(100, 90, slots=80, minutes_each=15),
            "90 people were seen in 80 slots. Give the slots that were offered, extra ones too.",
        ),
        (
            lambda: lost_capacity(10, 8, minutes_each=15, late_starts=121),
            (
                "Late starts and early finishes are 121 minutes, and the slots that were used have 120. "
                "Leave out minutes of empty slots."
            ),
        ),
        (lambda: lost_capacity(10, 8, minutes_each=0), "minutes_each must be above 0 minutes; 0 came."),
    ],
)
def test_counts_that_cannot_be_are_refused(make, sentence):
    assert said(make) == sentence


# Overbooking.


@pytest.mark.parametrize("attend", [Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)])
@pytest.mark.parametrize("slots", [1, 3, 6])
@pytest.mark.parametrize("limit", [0.05, 0.2])
def test_the_number_to_book_is_found_by_listing_everything_that_can_happen(slots, attend, limit):
    """Every way that people can attend or not: below the limit at the number, and not with one more."""
    made = overbooking(slots, float(attend), chance_over=limit)
    assert made.book <= 14
    chance, over, empty = enumerated(made.book, slots, attend)
    assert chance < limit <= enumerated(made.book + 1, slots, attend)[0]
    assert made.chance_over == pytest.approx(float(chance), rel=1e-12, abs=1e-15)
    assert made.people_over == pytest.approx(float(over), rel=1e-12, abs=1e-15)
    assert made.slots_empty == pytest.approx(float(empty), rel=1e-12, abs=1e-12)
    assert made.slots_empty_before == pytest.approx(float(enumerated(slots, slots, attend)[2]))


@pytest.mark.parametrize("slots", [20, 60])
@pytest.mark.parametrize("attend", [Fraction(7, 10), Fraction(19, 20)])
def test_larger_sessions_agree_with_whole_number_arithmetic(slots, attend):
    made = overbooking(slots, float(attend), chance_over=0.1, minutes_each=12)
    chance, over, empty = exact(made.book, slots, attend)
    assert chance < 0.1 <= exact(made.book + 1, slots, attend)[0]
    assert made.chance_over == pytest.approx(float(chance), rel=1e-9)
    assert made.people_over == pytest.approx(float(over), rel=1e-9)
    assert made.slots_empty == pytest.approx(float(empty), rel=1e-9)
    assert made.minutes_over == pytest.approx(12 * float(over), rel=1e-9)


def test_where_everybody_attends_nobody_more_is_booked():
    made = overbooking(12, 1)
    assert (made.book, made.chance_over, made.people_over, made.slots_empty) == (12, 0, 0, 0)
    assert made.sentence() == (
        "Book no more people than there are slots, 12: one more would be too many too often. "
        "Empty slots are 0 a session on average."
    )


def test_one_slot_and_one_minute_are_said_as_one():
    """By head: both of 2 booked into 1 slot attend in 1 of 4 sessions; 4 minutes each make 1 minute of overrun."""
    assert overbooking(1, 0.5, chance_over=0.3, minutes_each=4).sentence() == (
        "Book 2 people into 1 slot. More than 1 attend in 25 of 100 sessions. "
        "Empty slots fall from 0.5 to 0.2 a session, at the price of 1 minute of overrun."
    )


def test_a_chance_just_at_the_limit_is_too_much():
    """By head: of 3 booked into 2 slots who attend every other time, all attend in 1 of 8 sessions."""
    assert overbooking(2, 0.5, chance_over=0.125 + 1e-9).book == 3
    assert overbooking(2, 0.5, chance_over=0.125 - 1e-9).book == 2


def test_the_cost_is_that_of_empty_slots_and_of_people_beyond_them():
    """
    By head, 3 booked into 2 slots who attend every other time.

    All 3 attend in 1 of 8, so 1/8 of a person is over; 1, 3/8 and 2, 1/8 slots are empty: 5/8. Before: 1 slot.
    """
    made = overbooking(2, 0.5, chance_over=0.2, cost_empty=80, cost_over=40)
    assert made.people_over == pytest.approx(1 / 8)
    assert made.slots_empty == pytest.approx(5 / 8)
    assert made.cost == pytest.approx(80 * 5 / 8 + 40 / 8)
    assert made.cost_before == pytest.approx(80)
    assert overbooking(2, 0.5).cost is None


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: overbooking(10, 0),
            "attend_share must be above 0: if nobody attends, no number of bookings helps.",
        ),
        (lambda: overbooking(10, 80), "attend_share must be from 0 to 1; 80 came. Half is 0.5, not 50."),
        (
            lambda: overbooking(10, 0.8, chance_over=0),
            "chance_over must be above 0 and below 1; 0 came. 1 in 20 is 0.05.",
        ),
        (
            lambda: overbooking(10, 0.8, cost_empty=5),
            "A cost needs both its sides. Give cost_empty and cost_over in one unit, or neither.",
        ),
        (
            lambda: overbooking(100, 0.001),
            "More than 10,000 people would be booked. Check the slots and the share who attend.",
        ),
        (lambda: overbooking(0, 0.8), "slots must be a whole number, 1 or more; 0 came."),
    ],
)
def test_bookings_that_cannot_be_planned_are_refused(make, sentence):
    assert said(make) == sentence
