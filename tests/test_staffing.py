"""Does `flowlib.redesign.staffing` find the rota that fits best, keep the rules, and say truly what is left?"""

import itertools
import math
import types

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from refusals import said
from scipy.optimize import linprog

from flowlib import Arrivals, Exponential, Pathway, Rota, Step, minutes, simulate
from flowlib.redesign.staffing import ShiftRules, fit, fit_rota

# The same examples each time, however busy the computer.
steady = settings(deadline=None, derandomize=True, max_examples=60)

WEEK = [
    max(0, round(6 + 4 * math.sin(2 * math.pi * (hour - 9) / 24)) + (hour // 24 < 5) + hour * 7 % 3)
    for hour in range(168)
]
RULES = {
    "three shifts": ShiftRules([7, 15, 23], 8),
    "staggered breaks": ShiftRules([6, 7, 9, 12, 15, 21, 22], [8, 10, 12], break_after=[3, 4], most=6),
    "two at least": ShiftRules([7, 11, 15, 23], [8, 12], fewest=2),
    "four days in a row": ShiftRules([7, 9, 12, 19, 21], [8, 12], break_after=4, days_in_a_row=4),
}
EASY = ShiftRules([8, 12], 8)
DAY = [0] * 8 + [2] * 4 + [5] * 4 + [3] * 4 + [0] * 4


def at_work(start, length, break_after, hours=24):
    """Oracle: the hours of a shift, counted on a clock face."""
    return [(start + part) % hours for part in range(length) if part != break_after]


def every_rota(rules, most):
    """Oracle: all rotas of a day with at most *most* people on each line, as (cover, paid hours) by enumeration."""
    ways = [(s, n, b) for s in rules.starts for n in rules.lengths for b in (rules.break_after or [None])]
    for people in itertools.product(range(most + 1), repeat=len(ways)):
        on_shift, cover = {}, [0] * 24
        for (start, length, pause), number in zip(ways, people, strict=True):
            on_shift[start, length] = on_shift.get((start, length), 0) + number
            for hour in at_work(start, length, pause):
                cover[hour] += number
        if all(n == 0 or rules.fewest <= n <= (rules.most or math.inf) for n in on_shift.values()):
            yield cover, sum(cover)


def recounted(result, hours):
    """Oracle: people at work by hour, from the printed lines alone."""
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    cover = [0] * hours
    for row in result.lines.to_dict("records"):
        first = days.index(row.get("first_day", "Mon"))
        start = int(row["start"][:2])
        pause = (int(row["break_at"][:2]) - start) % 24 if row.get("break_at") else None
        for day in range(row.get("days", 1)):
            for hour in at_work(24 * (first + day) + start, row["length"], pause, hours):
                cover[hour] += row["people"]
    return cover


@st.composite
def small(draw):
    """A day's need and rules with few enough rotas to try them all."""
    starts = draw(st.lists(st.integers(0, 23), min_size=2, max_size=3, unique=True))
    breaks = draw(st.sampled_from([None, [3], [2, 4]]))
    lengths = [draw(st.integers(8, 24))]
    fewest = draw(st.integers(1, 2))
    most = draw(st.one_of(st.none(), st.integers(fewest, 3)))
    rules = ShiftRules(starts if breaks is None or len(breaks) == 1 else starts[:2], lengths, breaks, fewest, most)
    served = sorted({h for s in rules.starts for b in (breaks or [None]) for h in at_work(s, lengths[0], b)})
    need = [0.0] * 24
    for hour in draw(st.lists(st.sampled_from(served), min_size=1, max_size=8)):
        need[hour] = draw(st.sampled_from([0.5, 1, 1.5, 2]))
    return need, rules


@given(small())
@steady
def test_the_fewest_hours_are_those_of_trying_every_rota(case):
    """Every rota of up to 4 people on each line is tried; no best rota has more on a line than need or *fewest*."""
    need, rules = case
    covering = [paid for cover, paid in every_rota(rules, 4) if all(c >= n for c, n in zip(cover, need, strict=True))]
    if not covering:
        assert "cannot cover every hour" in said(lambda: fit_rota(need, rules))
        return
    found = fit_rota(need, rules)
    assert found.proven
    assert found.total_hours == min(covering)


@given(small(), st.integers(0, 60), st.sampled_from([(10, 1), (1, 1), (1, 3), (2, 0)]))
@steady
def test_limited_hours_are_spent_as_well_as_trying_every_rota_would(case, most_hours, weights):
    need, rules = case
    cheapest = min(
        sum(weights[0] * max(n - c, 0) + weights[1] * max(c - n, 0) for c, n in zip(cover, need, strict=True))
        for cover, paid in every_rota(rules, 4)
        if paid <= most_hours
    )
    found = fit_rota(need, rules, hours_at_most=most_hours, short_weight=weights[0], over_weight=weights[1])
    assert found.proven
    assert found.total_hours <= most_hours
    assert weights[0] * found.shortfall_hours + weights[1] * found.surplus_hours == pytest.approx(cheapest)


@pytest.mark.parametrize("seed", range(4))
def test_a_day_without_night_shifts_is_as_cheap_as_with_parts_of_people(seed):
    """A table of hours in a row is totally unimodular, so the linear programme has a whole-numbered best answer."""
    rng = np.random.default_rng(seed)
    need = rng.integers(0, 12, 24)
    starts, lengths = range(17), [4, 6, 8]
    ways = [(s, n) for s in starts for n in lengths]
    cover = np.array([[s <= hour < s + n for s, n in ways] for hour in range(24)], dtype=float)
    best = linprog([n for _, n in ways], A_ub=-cover, b_ub=-need)
    assert fit_rota(need, ShiftRules(starts, lengths)).total_hours == round(best.fun)


@pytest.mark.parametrize("name", RULES)
def test_a_weeks_rota_costs_no_less_than_parts_of_people_would(name):
    """A linear programme on a cover counted anew bounds the hours; whole people cost at most a fifth more."""
    rules = RULES[name]
    row = rules.days_in_a_row or 1
    ways = itertools.product(range(7), rules.starts, rules.lengths, rules.break_after or [None])
    cover = np.zeros((168, 0))
    for day, start, length, pause in ways:
        one = np.zeros((168, 1))
        for later in range(row):
            one[at_work(24 * (day + later) + start, length, pause, 168)] += 1
        cover = np.hstack([cover, one])
    bound = linprog(cover.sum(axis=0), A_ub=-cover, b_ub=-np.array(WEEK)).fun
    found = fit_rota(WEEK, rules, time_limit=5)
    assert bound - 1e-6 <= found.total_hours <= 1.2 * bound


@pytest.mark.parametrize("limit", [None, 700])
@pytest.mark.parametrize("name", RULES)
def test_the_printed_shifts_give_the_printed_cover(name, limit):
    """People at work are counted again from the table of lines; hours and rules from the table of shifts."""
    rules = RULES[name]
    found = fit_rota(WEEK, rules, hours_at_most=limit, time_limit=3)
    counted = recounted(types.SimpleNamespace(lines=found.lines.assign(days=rules.days_in_a_row or 1)), 168)
    assert list(found.by_hour) == counted == found.cover["cover"].tolist()
    assert found.cover["need"].tolist() == WEEK
    gaps = [have - want for have, want in zip(counted, WEEK, strict=True)]
    assert found.surplus_hours == sum(gap for gap in gaps if gap > 0)
    assert found.shortfall_hours == -sum(gap for gap in gaps if gap < 0)
    assert found.cover["surplus"].tolist() == [max(gap, 0) for gap in gaps]
    assert found.cover["shortfall"].tolist() == [max(-gap, 0) for gap in gaps]
    assert found.total_hours == sum(counted)
    on_shifts = found.shifts["people"] * (found.shifts["length"] - (rules.break_after is not None))
    assert found.total_hours == on_shifts.sum()
    assert found.shifts["people"].between(rules.fewest, rules.most or math.inf).all()
    assert found.total_hours <= (limit or math.inf)
    assert limit is not None or found.shortfall_hours == 0


def test_a_night_shift_covers_the_morning_of_the_next_day():
    """One person from 22:00, eight hours: all that a need from 22:00 to 06:00 asks."""
    found = fit_rota([1] * 6 + [0] * 16 + [1] * 2, ShiftRules(["06:00", "22:00"], 8))
    assert found.shifts.to_dict("records") == [{"start": "22:00", "length": 8, "people": 1}]


def test_a_sunday_night_shift_covers_monday_morning():
    """Need at Monday 02:00 alone, with nights from 22:00: the shift that begins on Sunday."""
    found = fit_rota([0, 0, 1] + [0] * 165, ShiftRules(22, 8))
    assert found.shifts.to_dict("records") == [{"day": "Sun", "start": "22:00", "length": 8, "people": 1}]


def test_staggered_breaks_leave_nobody_alone():
    """Two are needed from 8 to 16. Three with breaks at 11, 12 and 13 do it; breaks at one hour ask for four."""
    need = [0] * 8 + [2] * 3 + [2] * 3 + [2] * 2 + [0] * 8
    staggered = fit_rota(need, ShiftRules(8, 8, break_after=[3, 4, 5]))
    assert staggered.shifts["people"].tolist() == [3]
    assert sorted(staggered.lines["break_at"]) == ["11:00", "12:00", "13:00"]
    assert said(lambda: fit_rota(need, ShiftRules(8, 8, break_after=3))) == (
        "No shift covers 11:00 to 12:00, where 2 are needed."
        " Allow another start, length or break, or set that need to 0."
    )


def test_seven_people_who_work_five_days_in_a_row_give_five_each_day():
    """35 days of work and 5 a person make 7 people: each begins on a day of their own."""
    found = fit_rota(([0] * 8 + [5] * 8 + [0] * 8) * 7, ShiftRules(8, 8, days_in_a_row=5))
    assert found.lines["people"].sum() == 7
    assert (found.total_hours, found.surplus_hours, found.proven) == (280, 0.0, True)


def test_limited_hours_go_where_they_are_short():
    """Five are needed from 12 to 16, fewer around; 32 hours make four shifts: one or two early, the rest late."""
    found = fit_rota(DAY, EASY, hours_at_most=32)
    assert (found.total_hours, found.shortfall_hours, found.surplus_hours) == (32, 8.0, 0.0)


@given(small())
@steady
def test_another_start_never_costs_more(case):
    """Law: whatever a rota did under fewer rules it may still do."""
    need, rules = case
    wider = ShiftRules([*rules.starts, *({0, 12} - set(rules.starts))], rules.lengths, rules.break_after)
    alone = ShiftRules(rules.starts, rules.lengths, rules.break_after)
    assert fit_rota(need, wider).total_hours <= fit_rota(need, alone).total_hours


def test_as_many_hours_as_covering_takes_leave_nothing_short():
    covered = fit_rota(WEEK, RULES["three shifts"])
    again = fit_rota(WEEK, RULES["three shifts"], hours_at_most=covered.total_hours, over_weight=0)
    assert again.shortfall_hours == 0


def test_the_rota_is_a_steps_capacity():
    """The simulator takes it, and never has more in service than it says."""
    rota = fit_rota(DAY, EASY).as_rota()
    assert rota == Rota(DAY)
    arrivals = [Arrivals("clinic", per_hour=[0] * 8 + [10] * 8 + [0] * 8)]
    log = simulate(Pathway("Clinic", [Step("clinic", rota, Exponential(minutes(15)))], arrivals), days=5, seed=3)
    started = log.in_hours["started"].dropna() % 24
    assert len(started) > 200
    assert started.between(8, 20).all()


def test_a_search_cut_short_says_so_and_still_keeps_every_rule():
    """A week of 24 starts, staggered breaks and at least two on a shift is far beyond one second."""
    rules = ShiftRules(range(24), [8, 10, 12], break_after=[3, 4, 5], fewest=2, most=6)
    found = fit_rota(WEEK, rules, time_limit=1)
    assert not found.proven
    assert 0 < found.gap < 1
    assert found.shortfall_hours == 0
    assert found.sentence().endswith(f"The best rota is at most {100 * found.gap:.1f}% better.")


def answers(monkeypatch, **answer):
    """Let the solver answer so."""
    monkeypatch.setattr(fit, "milp", lambda *_, **__: types.SimpleNamespace(**answer))


@pytest.mark.parametrize(
    ("bound", "gap", "words"),
    [
        (31.0, 0.2, "The search stopped at its time limit. The best rota is at most 20.0% better."),
        (32.5, 0.0, "No rota under these rules does better."),
        (40.0, 0.0, "No rota under these rules does better."),
    ],
)
def test_the_gap_is_what_a_better_rota_could_save(monkeypatch, bound, gap, words):
    """Forty hours found, in shifts of 8: above 31 hours the next possible is 32, above 32.5 it is 40."""
    answers(monkeypatch, status=1, x=np.array([2.0, 3.0]), mip_dual_bound=bound)
    found = fit_rota(DAY, EASY)
    assert found.gap == pytest.approx(gap)
    assert found.proven == (gap == 0)
    assert found.sentence().endswith(words)


def test_a_gap_of_weighted_hours_counts_from_the_solvers_own_zero(monkeypatch):
    """Two early and two late are 8 hours short, weighing 10 each: 80. A bound of 40 leaves half."""
    answers(monkeypatch, status=1, x=np.array([2.0, 2.0, *[0] * 24]), mip_dual_bound=40.0 + sum(DAY))
    found = fit_rota(DAY, EASY, hours_at_most=32)
    assert (found.shortfall_hours, found.gap) == (8.0, pytest.approx(0.5))


def test_a_very_small_gap_is_said_to_be_one(monkeypatch):
    answers(monkeypatch, status=1, x=np.array([2.0, 2.0, *[0] * 24]), mip_dual_bound=79.96 + sum(DAY))
    said_ = fit_rota(DAY, EASY, hours_at_most=32).sentence()
    assert said_.endswith("The best rota is less than 0.1% better.")


def test_an_answer_that_breaks_a_rule_is_not_shown(monkeypatch):
    answers(monkeypatch, status=0, x=np.array([2.0, 2.0]), mip_dual_bound=32.0)
    assert said(lambda: fit_rota(DAY, EASY)) == (
        "The solver's answer broke a rule, so it is not shown. Change the rules a little, and try again."
    )


def test_no_answer_in_time_is_said(monkeypatch):
    answers(monkeypatch, status=1, x=None, mip_dual_bound=None)
    assert said(lambda: fit_rota(DAY, EASY, time_limit=2)) == (
        "No rota was found in 2 seconds. Give a longer time_limit, or allow fewer starts and lengths."
    )


SENTENCES = {
    "covered": (
        lambda: fit_rota(DAY, EASY),
        (
            "5 shifts, 40 paid hours a day. Every hour is covered. 0 hours are more than is needed."
            " No rota under these rules does better."
        ),
    ),
    "short": (
        lambda: fit_rota([0] * 9 + [1.5] + [0] * 14, ShiftRules(9, 1), hours_at_most=1),
        (
            "1 shift, 1 paid hour a day. 0.5 hours are not covered, most at 09:00 to 10:00. 0 hours are more than"
            " is needed. No rota under these rules does better."
        ),
    ),
    "no hours at all": (
        lambda: fit_rota(DAY, EASY, hours_at_most=0),
        (
            "0 shifts, 0 paid hours a day. 40 hours are not covered, most at 12:00 to 13:00."
            " 0 hours are more than is needed. No rota under these rules does better."
        ),
    ),
    "one over": (
        lambda: fit_rota(([0] * 9 + [1] + [0] * 14) * 7, ShiftRules(9, 2), over_weight=2),
        (
            "7 shifts, 14 paid hours a week. Every hour is covered. 7 hours are more than is needed."
            " No rota under these rules does better."
        ),
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_finding_is_said_in_short_sentences(name):
    make, words = SENTENCES[name]
    assert make().sentence() == words
    assert max(len(one.split()) for one in words.split(". ")) <= 20


REFUSED = {
    "a list that is too short": (
        lambda: fit_rota([1] * 23, EASY),
        "The need by hour needs 24 numbers (an hour of the day each) or 168 (an hour of the week each); 23 came.",
    ),
    "a need below nothing": (lambda: fit_rota([-1] * 24, EASY), "The need by hour, hour 0 must be 0 or more; -1 came."),
    "no need at all": (
        lambda: fit_rota([0] * 24, EASY),
        "Nobody is needed in any hour. Give at least one hour with a need above 0.",
    ),
    "hours that no shift covers": (
        lambda: fit_rota(([0] * 3 + [2] * 2 + [0] * 19) * 7, EASY),
        (
            "No shift covers Mon 03:00 to 04:00, where 2 are needed. Allow another start, length or break,"
            " or set that need to 0. 13 more hours are like this."
        ),
    ),
    "one more such hour": (
        lambda: fit_rota([0] * 3 + [2] * 2 + [0] * 19, EASY),
        (
            "No shift covers 03:00 to 04:00, where 2 are needed. Allow another start, length or break,"
            " or set that need to 0. 1 more hour is like this."
        ),
    ),
    "too many needed": (
        lambda: fit_rota(DAY * 2 + [0] * 12 + [9] + [0] * 107, ShiftRules([8, 12], 8, most=4)),
        (
            "These rules cannot cover every hour; Wed 12:00 to 13:00 needs 9 and would have 8. Raise most,"
            " allow other shifts, or give hours_at_most to share it out."
        ),
    ),
    "parts of people on a shift": (
        lambda: ShiftRules(8, 8, fewest=1.5),
        "fewest must be a whole number, 1 or more; 1.5 came.",
    ),
    "parts of people at most": (
        lambda: ShiftRules(8, 8, most=2.5),
        "most must be a whole number, 0 or more; 2.5 came.",
    ),
    "most below fewest": (
        lambda: ShiftRules(8, 8, fewest=3, most=2),
        "most must be at least fewest, 3; 2 came.",
    ),
    "parts of an hour": (
        lambda: ShiftRules(8, 7.5),
        "A shift's length must be a whole number, 1 or more; 7.5 came.",
    ),
    "a start on the half hour": (
        lambda: ShiftRules("07:30", 8),
        'A shift starts on the hour; "07:30" came.',
    ),
    "a start after midnight": (
        lambda: ShiftRules(24, 8),
        'A shift\'s start is an hour from 0 to 23, or such as "07:00"; 24 came.',
    ),
    "a shift of more than a day": (lambda: ShiftRules(8, 25), "A shift lasts 24 hours at most; 25 came."),
    "no starts": (lambda: ShiftRules([], 8), "Give at least one of starts; none came."),
    "no lengths": (lambda: ShiftRules(8, []), "Give at least one of lengths; none came."),
    "no breaks": (lambda: ShiftRules(8, 8, break_after=[]), "Give at least one of break_after; none came."),
    "a start twice": (lambda: ShiftRules([8, "08:00"], 8), "Each of starts stands once; 8 came more than once."),
    "a break at the end": (
        lambda: ShiftRules(8, [8, 12], break_after=7),
        (
            "The break must lie inside the shift; 7 hours after the start does not, in a shift of 8."
            " Give at most 6, or allow no shift as short."
        ),
    ),
    "a break in a very short shift": (
        lambda: ShiftRules(8, 2, break_after=1),
        "A shift of 2 hours has no room for a break hour. Allow none as short, or give no break.",
    ),
    "eight days in a row": (lambda: ShiftRules(8, 8, days_in_a_row=8), "days_in_a_row is from 1 to 7; 8 came."),
    "days in a row of one day": (
        lambda: fit_rota(DAY, ShiftRules([8, 12], 8, days_in_a_row=5)),
        "days_in_a_row needs a need for each hour of the week (168 numbers); 24 came.",
    ),
    "too many ways to work": (
        lambda: fit_rota(DAY * 7, ShiftRules(range(24), range(13, 25), break_after=range(1, 12))),
        "These rules allow 22,176 ways to work; at most 20,000 can be searched. Allow fewer starts, lengths or breaks.",
    ),
    "hours below nothing": (
        lambda: fit_rota(DAY, EASY, hours_at_most=-8),
        "hours_at_most must be 0 hours or more; -8 came.",
    ),
    "a shortfall of no weight": (
        lambda: fit_rota(DAY, EASY, short_weight=0),
        "short_weight must be above 0; 0 came.",
    ),
    "a surplus that is wanted": (
        lambda: fit_rota(DAY, EASY, over_weight=-1),
        "over_weight must be 0 or more; -1 came.",
    ),
    "no time": (lambda: fit_rota(DAY, EASY, time_limit=0), "time_limit must be above 0 seconds; 0 came."),
    "too much time": (
        lambda: fit_rota(DAY, EASY, time_limit=4000),
        "time_limit is in seconds, 3,600 at most; 4,000 came.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_planned_is_refused_with_what_to_do(what):
    make, sentence = REFUSED[what]
    assert said(make) == sentence
