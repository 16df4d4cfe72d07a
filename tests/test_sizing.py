"""Are the answers of `flowlib.diagnose.sizing` enough, no more than enough, and true of people who come and go?"""

import itertools
import math
from fractions import Fraction

import hypothesis.strategies as st
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from refusals import said
from scipy import integrate

from flowlib import Arrivals, Exponential, Pathway, Rota, Step, days, hours, minutes, simulate
from flowlib.diagnose.queueing import erlang_b, mmc, mmck
from flowlib.diagnose.sizing import carve_out, carve_out_beds, pooling, staff_by_hour, with_shrinkage
from flowlib.diagnose.sizing.by_hour import _spare
from flowlib.diagnose.sizing.loads import METHODS, mean_in_hand

# The same examples each time, however busy the computer.
steady = settings(deadline=None, derandomize=True, max_examples=60)

DAYS = 1500
WAVE = [20 + 15 * math.sin(2 * math.pi * (hour - 8) / 24) for hour in range(24)]
RIPPLE = [2 + 1.8 * math.sin(2 * math.pi * (hour - 8) / 24) for hour in range(24)]

rates = st.floats(0.1, 20)
profiles = st.lists(st.floats(0, 40), min_size=24, max_size=24).filter(any)
times = st.floats(0.02, 30)


# People to employ.


@given(
    st.integers(0, 500),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99),
    st.sampled_from(["whole", "tenths"]),
)
@steady
def test_those_employed_are_just_enough(on_duty, leave, breaks, other, to):
    """In fractions: with this many enough are at work, and with one step fewer they are not."""
    at_work = Fraction(100 - leave, 100) * Fraction(100 - breaks, 100) * Fraction(100 - other, 100)
    number = with_shrinkage(on_duty, leave=leave / 100, breaks=breaks / 100, other=other / 100, to=to)
    parts = {"whole": 1, "tenths": 10}[to]
    steps = round(number * parts)
    assert number == steps / parts
    assert Fraction(steps, parts) * at_work >= on_duty
    assert steps == 0 or Fraction(steps - 1, parts) * at_work < on_duty


def test_a_whole_number_of_people_stays_whole():
    """14 / (0.8 × 0.7) is 25; in a computer's decimals it is a little more, which would round to 26."""
    assert math.ceil(14 / ((1 - 0.2) * (1 - 0.3))) == 26
    assert with_shrinkage(14, leave=0.2, breaks=0.3) == 25
    assert with_shrinkage(7, leave=0.2, breaks=0.3, to="tenths") == 12.5


# Loads.


@pytest.mark.parametrize("mean", [0.1, 0.75, 3.0, 40.0])
def test_work_in_hand_is_that_of_a_step_with_no_limit(mean):
    """Oracle: those of each past hour who are there still, added up one by one; the mean by quadrature."""

    def load(moment):
        """Of those who came at s, exp((s - moment) / mean) are there still: below 1e-16 after 37 means."""
        total, begins = 0.0, moment - 37 * mean
        for hour in range(math.floor(begins), math.ceil(moment)):
            since, until = (math.exp((at - moment) / mean) for at in (max(hour, begins), min(hour + 1, moment)))
            total += RIPPLE[hour % 24] * mean * (until - since)
        return total

    largest, average = METHODS["offered_load"](np.array(RIPPLE), mean), mean_in_hand(np.array(RIPPLE), mean)
    for hour in (0, 9, 16):
        assert largest[hour] == pytest.approx(max(load(hour + part) for part in np.linspace(0, 1, 5)), rel=1e-9)
        assert average[hour] == pytest.approx(integrate.quad(load, hour, hour + 1)[0], rel=1e-7)


@given(profiles, times)
@steady
def test_loads_keep_the_work_that_comes(demand, mean):
    """Law: over a cycle the mean load is demand times service time, whenever it falls due."""
    demand = np.array(demand)
    work = demand.mean() * mean
    for loads in (METHODS["sipp"](demand, mean), METHODS["lagged"](demand, mean), mean_in_hand(demand, mean)):
        assert loads.mean() == pytest.approx(work, rel=1e-9)
    assert METHODS["offered_load"](demand, mean).mean() >= work * (1 - 1e-9)


def test_lagged_demand_is_moved_by_the_service_time():
    """Two hours move it by two hours; a quarter of an hour takes a quarter from the hour before."""
    demand = np.arange(24.0)
    assert METHODS["lagged"](demand, 2.0)[5] == 2 * 3
    assert METHODS["lagged"](demand, 0.25)[5] == 0.25 * (0.75 * 5 + 0.25 * 4)
    assert METHODS["lagged"](demand, 26.0)[5] == 26 * 3


def test_with_steady_demand_the_methods_agree():
    """One load all day: that of demand times service time."""
    plans = [staff_by_hour([9.0] * 24, minutes(20), max_mean_wait=minutes(5), method=name) for name in METHODS]
    loads = [plan.table["offered_load"].to_numpy() for plan in plans]
    assert np.allclose(loads, 3.0, rtol=1e-12)
    assert {plan.servers for plan in plans} == {(5,) * 24}
    assert mmc(9, 3, servers=5).mean_wait <= 1 / 12 < mmc(9, 3, servers=4).mean_wait


# Staff for a load.


@given(profiles, st.floats(0.05, 2), st.sampled_from(list(METHODS)), st.integers(0, 2), st.floats(0.05, 0.95))
@steady
def test_each_hour_has_enough_and_one_fewer_would_not_do(demand, mean, method, kind, level):
    """M/M/c at the hour's load keeps the target; with one server fewer it does not, or cannot keep up."""
    target = [
        {"max_chance_of_waiting": level},
        {"max_mean_wait": level * mean},
        {"served_within": (level, 0.3 * mean)},
    ][kind]

    def kept(line):
        worst = [line.chance_of_waiting, line.mean_wait, -line.served_within(0.3 * mean)][kind]
        return worst <= [level, level * mean, -level][kind] * (1 + 1e-9 if kind < 2 else 1 - 1e-9)

    plan = staff_by_hour(demand, mean, method=method, **target)
    rows = plan.table.to_dict("records")
    for row in rows:
        load, number = row["offered_load"], row["servers"]
        if load < 1e-9:
            assert number == (1 if row["demand_per_hour"] > 0 or load > 0 else 0)
            continue
        line = mmc(load / mean, 1 / mean, servers=number)
        assert kept(line)
        assert row["chance_of_waiting"] == pytest.approx(line.chance_of_waiting)
        assert row["mean_wait_minutes"] == pytest.approx(60 * line.mean_wait)
        assert row["utilisation"] == pytest.approx(line.utilisation)
        if kind == 2:
            assert row["start_in_time"] == pytest.approx(line.served_within(0.3 * mean))
        assert number == 1 or number - 1 <= load or not kept(mmc(load / mean, 1 / mean, servers=number - 1))


@pytest.mark.parametrize("chance", [0.01, 0.1, 0.5, 0.9, 0.999])
def test_the_square_root_rules_factor_solves_halfin_and_whitts_equation(chance):
    """Oracle: the equation as printed, in 40 figures."""
    with mpmath.workdps(40):
        beta = mpmath.mpf(_spare(chance))
        found = 1 / (1 + beta * mpmath.ncdf(beta) / mpmath.npdf(beta))
    assert float(found) == pytest.approx(chance, rel=1e-9)


@pytest.mark.parametrize("chance", [0.05, 0.2, 0.5])
def test_the_square_root_rule_is_erlang_c_but_for_one_server(chance):
    """Known of the rule (Borst, Mandelbaum and Reiman 2004): it hardly ever misses by more than one server."""
    demand = list(np.geomspace(1, 400, 24))
    exact, rule = (
        staff_by_hour(demand, hours(1), max_chance_of_waiting=chance, rule=name).servers
        for name in ("erlang_c", "square_root")
    )
    assert max(abs(one - other) for one, other in zip(exact, rule, strict=True)) <= 1


def test_no_hour_has_less_than_the_fewest_and_an_hour_with_people_has_one():
    """Nobody comes at night: none by SIPP, or the two asked for. A lag has somebody for the first hour too."""
    demand = [0.0] * 12 + [0.5] * 12
    assert staff_by_hour(demand, hours(1), max_chance_of_waiting=0.9).servers == (0,) * 12 + (1,) * 12
    assert staff_by_hour(demand, hours(1), max_chance_of_waiting=0.9, fewest=2).servers == (2,) * 24
    lagged = staff_by_hour(demand, hours(1), max_chance_of_waiting=0.9, method="lagged")
    assert lagged.servers == (1,) + (0,) * 11 + (1,) * 12
    assert lagged.table["chance_of_waiting"][12] == 0


def test_a_night_long_after_the_last_visit_needs_nobody():
    """One minute each until midnight: somebody is there for the last visits, then e to the power -60 is nobody."""
    plan = staff_by_hour([0.0] * 12 + [30.0] * 12, minutes(1), max_chance_of_waiting=0.2, method="offered_load")
    assert plan.servers[:12] == (2,) + (0,) * 11
    assert plan.table["chance_of_waiting"][1:12].tolist() == [0.0] * 11


# Staff against people who come and go.


def waits(plan, demand, mean, seed=1):
    """
    Oracle: share who wait and mean wait (hours) by hour of arrival in the simulator, with standard errors.

    Days are the units of chance: errors are those of a ratio of two daily sums.
    """
    step = Step("desk", plan.as_rota(), Exponential(mean))
    log = simulate(Pathway("Desk", [step], [Arrivals("desk", per_hour=demand)]), days=DAYS, warm_up_days=7, seed=seed)
    rows = log.in_hours
    rows = rows[(rows["arrived"] >= 0) & rows["started"].notna()]
    came, waited = rows["arrived"].to_numpy(), (rows["started"] - rows["arrived"]).to_numpy()
    where = came.astype(int) // 24, came.astype(int) % 24
    people, late, total = np.zeros((3, DAYS, 24))
    np.add.at(people, where, 1)
    np.add.at(late, where, waited > 1e-9)
    np.add.at(total, where, waited)
    found = []
    for sums in (late, total):
        mean_ = sums.sum(axis=0) / people.sum(axis=0)
        error = (sums - mean_ * people).std(axis=0, ddof=1) / math.sqrt(DAYS) / people.mean(axis=0)
        found.append((mean_, error))
    return found


@pytest.mark.parametrize(
    ("method", "mean", "demand"),
    [
        ("sipp", minutes(5), WAVE),
        ("lagged", minutes(30), WAVE),
        ("offered_load", minutes(30), WAVE),
        ("offered_load", hours(3), RIPPLE),
    ],
)
def test_the_target_is_kept_in_every_hour_where_the_method_promises_it(method, mean, demand):
    """Short services by SIPP, middling ones lagged, long ones by the load in hand; four standard errors."""
    plan = staff_by_hour(demand, mean, max_chance_of_waiting=0.2, method=method)
    (share, error), _ = waits(plan, demand, mean)
    assert (share <= 0.2 + 4 * error).all()
    assert share.max() > 0.12  # kept, and not by far: the plan is not merely lavish


@pytest.mark.parametrize(
    ("method", "mean", "demand"),
    [("sipp", minutes(30), WAVE), ("sipp", hours(3), RIPPLE), ("lagged", hours(3), RIPPLE)],
)
def test_hours_that_miss_the_target_are_among_those_named(method, mean, demand):
    """SIPP is off as demand falls, and lagged SIPP as it rises, when services are long. No hour misses unnamed."""
    plan = staff_by_hour(demand, mean, max_chance_of_waiting=0.2, method=method)
    (share, error), _ = waits(plan, demand, mean)
    missed = set(np.flatnonzero(share > 0.2 + 4 * error).tolist())
    assert len(missed) >= 5
    assert missed <= set(plan.too_few)


def test_long_services_make_sipp_miss_by_far_in_the_evening():
    """With three hours each, 8 in 10 wait at midnight where 2 in 10 were promised."""
    plan = staff_by_hour(RIPPLE, hours(3), max_chance_of_waiting=0.2)
    (share, _), _ = waits(plan, RIPPLE, hours(3))
    assert plan.table["chance_of_waiting"][0] <= 0.2
    assert share[0] > 0.75


def test_steady_demand_waits_as_the_table_says():
    """The same rate all day: each hour's mean wait and share who wait are the table's, within four standard errors."""
    demand = [18.0] * 24
    plan = staff_by_hour(demand, minutes(10), max_mean_wait=minutes(4))
    (share, off), (wait, error) = waits(plan, demand, minutes(10))
    assert (np.abs(share - plan.table["chance_of_waiting"].to_numpy()) < 4 * off).all()
    assert (np.abs(wait - plan.table["mean_wait_minutes"].to_numpy() / 60) < 4 * error).all()
    assert error.max() < 0.1 * wait.mean()  # fine enough to see a wait that is off by half


# Pooling.


@st.composite
def queues(draw):
    """Two to four stable queues: arrivals an hour, servers, and one mean service time."""
    numbers = draw(st.lists(st.integers(1, 8), min_size=2, max_size=4))
    mean = draw(st.floats(0.05, 5))
    uses = [draw(st.floats(0.05, 0.97)) for _ in numbers]
    return [use * number / mean for use, number in zip(uses, numbers, strict=True)], numbers, mean


@given(queues())
@steady
def test_pooling_never_lengthens_the_mean_wait(case):
    """Law (Smith and Whitt 1981): with one service time, one queue waits no longer, and fewer people wait."""
    arrivals, numbers, mean = case
    found = pooling(arrivals, mean, servers=numbers)
    assert found.pooled.mean_wait <= found.mean_wait * (1 + 1e-9)


@given(queues(), st.floats(0.02, 0.9))
@steady
def test_one_queue_never_needs_more_servers_for_the_same_target(case, chance):
    """Law, and each number is the fewest: one less server breaks the limit or cannot keep up."""
    arrivals, numbers, mean = case
    found = pooling(arrivals, mean, servers=numbers, max_chance_of_waiting=chance)
    assert found.pooled_needed <= sum(found.separate_needed)
    for rate, number in [*zip(arrivals, found.separate_needed, strict=True), (sum(arrivals), found.pooled_needed)]:
        assert mmc(rate, 1 / mean, servers=number).chance_of_waiting <= chance * (1 + 1e-9)
        assert (
            number - 1 <= rate * mean * (1 + 1e-9) or mmc(rate, 1 / mean, servers=number - 1).chance_of_waiting > chance
        )


def test_two_single_queues_beside_one_double_one():
    """M/M/1 at use 5/8 waits 12.5 minutes; M/M/2 at the same use 7.5 × 0.625² / (1 - 0.625²) = 4.8 minutes."""
    found = pooling([5, 5], minutes(7.5), servers=[1, 1])
    assert 60 * found.mean_wait == pytest.approx(12.5)
    assert 60 * found.pooled.mean_wait == pytest.approx(7.5 * 0.625**2 / (1 - 0.625**2))
    assert found.chance_of_waiting == pytest.approx(0.625)


def test_unequal_queues_are_averaged_over_people():
    """Nine in ten people are in the long queue: M/M/1 at 0.9 waits 9 services, at 0.1 a ninth of one."""
    found = pooling([9, 1], 0.1, servers=[1, 1])
    assert found.mean_wait == pytest.approx((9 * 9 + 1 / 9) / 10 * 0.1)


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.integers(2, 9), st.data())
@steady
def test_a_ring_fence_is_two_queues_beside_one(first, second, servers, data):
    """Oracle: a long queue with a limit of 3,000 places (M/M/c/K) in place of each endless one."""
    kept = data.draw(st.integers(1, servers - 1))
    arrivals = first * kept, second * (servers - kept)
    found = carve_out(*arrivals, 1.0, servers=servers, ring_fenced=kept)
    places = 3000
    oracle = [
        mmck(rate, 1, servers=number, places=places).mean_wait
        for rate, number in [(arrivals[0], kept), (arrivals[1], servers - kept), (sum(arrivals), servers)]
    ]
    assert [found.group.mean_wait, found.others.mean_wait, found.pooled.mean_wait] == pytest.approx(oracle, rel=1e-6)
    apart = (arrivals[0] * oracle[0] + arrivals[1] * oracle[1]) / sum(arrivals)
    assert found.extra_wait == pytest.approx(apart - oracle[2], rel=1e-6, abs=1e-9)
    assert found.extra_wait >= -1e-12


def both_kinds(first, second, stays, beds):
    """Oracle: chance that all beds are taken by two kinds of patient, from the rate matrix of how many of each."""
    states = [(a, b) for a, b in itertools.product(range(beds + 1), repeat=2) if a + b <= beds]
    place = {state: index for index, state in enumerate(states)}
    moves = np.zeros((len(states), len(states)))
    for (a, b), here in place.items():
        for there, rate in [
            ((a + 1, b), first),
            ((a, b + 1), second),
            ((a - 1, b), a / stays[0]),
            ((a, b - 1), b / stays[1]),
        ]:
            if there in place:
                moves[here, place[there]] += rate
                moves[here, here] -= rate
    chances = np.linalg.lstsq(np.vstack([moves.T, np.ones(len(states))]), [0] * len(states) + [1], rcond=None)[0]
    return sum(chances[place[a, beds - a]] for a in range(beds + 1))


def test_beds_that_all_may_use_are_full_as_often_as_the_two_kinds_make_them():
    """Stays that differ by group do not matter to Erlang B but for their mean: a chain of both kinds says the same."""
    found = carve_out_beds(
        group_per_day=0.5, others_per_day=2, group_stay=days(4), others_stay=days(1.5), beds=6, ring_fenced=2
    )
    assert found.pooled_turned_away == pytest.approx(both_kinds(0.5, 2, (4, 1.5), 6), rel=1e-9)
    assert found.group_turned_away == pytest.approx(both_kinds(0.5, 0, (4, 1), 2), rel=1e-9)
    assert found.others_turned_away == pytest.approx(both_kinds(0, 2, (1, 1.5), 4), rel=1e-9)
    assert found.a_year == pytest.approx(365 * (0.5 * found.group_turned_away + 2 * found.others_turned_away))
    assert found.pooled_a_year == pytest.approx(365 * 2.5 * found.pooled_turned_away)


@given(rates, rates, st.floats(0.1, 10), st.integers(2, 60), st.data())
@steady
def test_keeping_beds_apart_never_turns_fewer_away(group, others, stay, beds, data):
    """Law (Smith and Whitt 1981), with one mean stay."""
    kept = data.draw(st.integers(1, beds - 1))
    found = carve_out_beds(
        group_per_day=group,
        others_per_day=others,
        group_stay=days(stay),
        others_stay=days(stay),
        beds=beds,
        ring_fenced=kept,
    )
    assert found.pooled_a_year <= found.a_year * (1 + 1e-9)


def test_beds_kept_for_nobody_are_lost():
    """The others have the rest, and no more."""
    found = carve_out_beds(
        group_per_day=0, others_per_day=3, group_stay=days(1), others_stay=days(2), beds=9, ring_fenced=3
    )
    assert (found.group_turned_away, found.others_turned_away) == (0.0, erlang_b(6, 6))


# What is said.

CLINIC = {"arrivals_per_hour": [5, 5], "service_time": minutes(7.5), "servers": [1, 1]}

SENTENCES = {
    "waiting": (
        lambda: staff_by_hour([2] * 8 + [12] * 12 + [4] * 4, minutes(10), max_chance_of_waiting=0.5),
        "So that at most 50 in 100 people wait, have 1 to 3 staff, most at 08:00. That is 52 staff hours a day.",
    ),
    "steady": (
        lambda: staff_by_hour([12] * 168, minutes(10), max_mean_wait=minutes(5)),
        "So that the mean wait is at most 5 minutes, have 3 staff at all hours. That is 504 staff hours a week.",
    ),
    "too few": (
        lambda: staff_by_hour([2] * 12 + [12] * 12, hours(1), served_within=(0.8, minutes(15))),
        (
            "So that at least 80 in 100 people start within 15 minutes, have 4 to 15 staff, most at 12:00."
            " That is 228 staff hours a day. In 3 hours, first at 00:00, this may be too few, as earlier work is"
            " still in hand. The offered-load method allows for that."
        ),
    ),
    "pooling": (
        lambda: pooling(**CLINIC),
        (
            "In 2 separate queues people wait 12.5 minutes on average. In one queue for the same 2 staff it is"
            " 4.8 minutes. Of all people 62 in 100 wait apart, and 48 in 100 together."
        ),
    ),
    "pooling for a target": (
        lambda: pooling(**CLINIC, max_mean_wait=minutes(5)),
        (
            "In 2 separate queues people wait 12.5 minutes on average. In one queue for the same 2 staff it is"
            " 4.8 minutes. Of all people 62 in 100 wait apart, and 48 in 100 together. To keep the target,"
            " separate queues need 4 staff, and one queue needs 2."
        ),
    ),
    "a ring fence": (
        lambda: carve_out(5, 1, minutes(30), servers=4, ring_fenced=3),
        (
            "With 3 of 4 staff kept for one group, it waits 42.1 minutes on average. The others wait 30 minutes."
            " In one queue for all staff, everybody waits 15.3 minutes. Over all people the ring fence adds"
            " 24.8 minutes each."
        ),
    ),
    "beds": (
        lambda: carve_out_beds(
            group_per_day=0.5, others_per_day=2, group_stay=days(2), others_stay=days(3), beds=10, ring_fenced=2
        ),
        (
            "With 2 of 10 beds kept for one group, 20 in 100 of that group find no bed. Of the others,"
            " 12 in 100 find none. With every bed for everybody it is 8 in 100. That is 125 people turned away"
            " a year, against 72."
        ),
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_finding_is_said_in_short_sentences(name):
    make, words = SENTENCES[name]
    assert make().sentence() == words
    assert max(len(one.split()) for one in words.split(". ")) <= 20


def test_the_staff_are_a_steps_capacity():
    plan = staff_by_hour([2] * 8 + [12] * 12 + [4] * 4, minutes(10), max_mean_wait=minutes(5))
    assert plan.as_rota() == Rota([1] * 8 + [3] * 12 + [2] * 4)


DAY = [2.0] * 24
REFUSED = {
    "everybody on leave": (
        lambda: with_shrinkage(5, leave=1),
        "leave must be from 0 to below 1; 1 came. Nobody would be at work.",
    ),
    "per cent": (
        lambda: with_shrinkage(5, breaks=20),
        "breaks must be from 0 to below 1; 20 came. A fifth is 0.2, not 20.",
    ),
    "a share below nothing": (
        lambda: with_shrinkage(5, other=-0.1),
        "other must be from 0 to below 1; -0.1 came. A fifth is 0.2, not 20.",
    ),
    "people below nothing": (
        lambda: with_shrinkage(-5),
        "The number of people on duty must be 0 or more; -5 came.",
    ),
    "another rounding": (
        lambda: with_shrinkage(5, to="tenth"),
        'No rounding called "tenth"; there are "whole", "tenths". Did you mean "tenths"?',
    ),
    "a day of 23 hours": (
        lambda: staff_by_hour([1] * 23, 1, max_mean_wait=1),
        "Demand needs 24 numbers (an hour of the day each) or 168 (an hour of the week each); 23 came.",
    ),
    "demand below nothing": (
        lambda: staff_by_hour([-1] * 24, 1, max_mean_wait=1),
        "Demand, hour 0 must be 0 or more; -1 came.",
    ),
    "no demand": (
        lambda: staff_by_hour([0] * 24, 1, max_mean_wait=1),
        "Demand is 0 in every hour. Give at least one hour in which people come.",
    ),
    "no time": (
        lambda: staff_by_hour(DAY, 0, max_mean_wait=1),
        "The mean service time must be above 0 hours; 0 came.",
    ),
    "no target": (
        lambda: staff_by_hour(DAY, 1),
        "Give one target: max_chance_of_waiting, max_mean_wait or served_within.",
    ),
    "two targets": (
        lambda: staff_by_hour(DAY, 1, max_mean_wait=1, max_chance_of_waiting=0.2),
        "Give one target: max_chance_of_waiting, max_mean_wait or served_within.",
    ),
    "a chance of nothing": (
        lambda: staff_by_hour(DAY, 1, max_chance_of_waiting=0),
        "max_chance_of_waiting must be above 0 and below 1; 0 came. 1 in 5 is 0.2.",
    ),
    "everybody in time": (
        lambda: staff_by_hour(DAY, 1, served_within=(1, 0.25)),
        "The share in served_within must be above 0 and below 1; 1 came. 1 in 5 is 0.2.",
    ),
    "half a target": (
        lambda: staff_by_hour(DAY, 1, served_within=0.8),
        "served_within must be a share and a time, such as (0.8, minutes(15)); 0.8 came.",
    ),
    "no wait at all": (
        lambda: staff_by_hour(DAY, 1, max_mean_wait=0),
        "max_mean_wait must be above 0 hours; 0 came.",
    ),
    "another method": (
        lambda: staff_by_hour(DAY, 1, max_mean_wait=1, method="lag"),
        'No method called "lag"; there are "sipp", "lagged", "offered_load". Did you mean "lagged"?',
    ),
    "another rule": (
        lambda: staff_by_hour(DAY, 1, max_mean_wait=1, rule="erlang"),
        'No rule called "erlang"; there are "erlang_c", "square_root". Did you mean "erlang_c"?',
    ),
    "a mean wait by the square root": (
        lambda: staff_by_hour(DAY, 1, max_mean_wait=1, rule="square_root"),
        'The square-root rule takes max_chance_of_waiting only. Give that, or use rule="erlang_c".',
    ),
    "parts of people": (
        lambda: staff_by_hour(DAY, 1, max_mean_wait=1, fewest=0.5),
        "fewest must be a whole number, 0 or more; 0.5 came.",
    ),
    "a slip of unit": (
        lambda: staff_by_hour([2] * 167 + [2000], 10, max_mean_wait=1),
        (
            "At Sun 23:00 20,000 people would be in service at once. The most is 10,000."
            " Check that demand is people an hour, and the service time is hours."
        ),
    ),
    "one queue": (lambda: pooling([5], 0.1, servers=[1]), "Give two queues or more; 1 came."),
    "a queue without servers": (
        lambda: pooling([5, 5, 5], 0.1, servers=[1, 1]),
        "Give a number of servers for each queue; 3 queues and 2 numbers of servers came.",
    ),
    "a queue that grows": (
        lambda: pooling([5, 25], 0.1, servers=[1, 2]),
        "Queue 2 would grow for ever: 25 people come an hour and 2 of the servers can see 20. Give it at least 3.",
    ),
    "nobody in a queue": (
        lambda: pooling([5, 0], 0.1, servers=[1, 1]),
        "Arrivals an hour, queue 2 must be above 0; 0 came.",
    ),
    "half a server": (
        lambda: pooling([5, 5], 0.1, servers=[1, 1.5]),
        "Servers, queue 2 must be a whole number, 1 or more; 1.5 came.",
    ),
    "a group that grows": (
        lambda: carve_out(5, 1, 0.5, servers=4, ring_fenced=2),
        (
            "The ring-fenced group would grow for ever: 5 people come an hour and 2 of the servers can see 4."
            " Give it at least 3."
        ),
    ),
    "others that grow": (
        lambda: carve_out(1, 5, 0.5, servers=4, ring_fenced=2),
        "The others would grow for ever: 5 people come an hour and 2 of the servers can see 4. Give it at least 3.",
    ),
    "all servers kept": (
        lambda: carve_out(5, 1, 0.5, servers=4, ring_fenced=4),
        "ring_fenced must leave some servers for the others; 4 of 4 came.",
    ),
    "no others": (
        lambda: carve_out(5, 0, 0.5, servers=4, ring_fenced=2),
        "The others' arrivals an hour must be above 0; 0 came.",
    ),
    "nobody for the beds": (
        lambda: carve_out_beds(group_per_day=0, others_per_day=0, group_stay=1, others_stay=1, beds=4, ring_fenced=2),
        "Nobody comes: both rates of arrival are 0. Give at least one above 0.",
    ),
    "all beds kept": (
        lambda: carve_out_beds(group_per_day=1, others_per_day=1, group_stay=1, others_stay=1, beds=4, ring_fenced=5),
        "ring_fenced must leave some beds for the others; 5 of 4 came.",
    ),
    "no stay": (
        lambda: carve_out_beds(group_per_day=1, others_per_day=1, group_stay=0, others_stay=1, beds=4, ring_fenced=1),
        "The group's stay must be above 0 hours; 0 came.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_sized_is_refused_with_what_to_do(what):
    make, sentence = REFUSED[what]
    assert said(make) == sentence
