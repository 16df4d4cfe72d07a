"""The ciw engine, held to formulas, to a plain recursion, to stories one can check in the head, and to its limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said
from scipy import stats

from flowlib import (
    Arrivals,
    Constant,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Pathway,
    Rota,
    Route,
    Slots,
    Step,
    Uniform,
)
from flowlib.diagnose import queueing
from flowlib.simulation import fast_engine
from flowlib.simulation import simulate as machine
from flowlib.simulation.draws import Luck, arrivals, mixed, offsets, phases

NAN = math.nan
RUNS = 16
# With 16 runs a mean lies within this many of its own standard errors but for 1 time in 1,000 (Student's t).
WIDE = float(stats.t.ppf(0.9995, RUNS - 1))


@pytest.fixture(autouse=True)
def no_other_engine(monkeypatch):
    """The fast engine cannot stand in for ciw here: it raises."""

    def refuse(*_, **__):
        raise AssertionError("the fast engine was used")

    monkeypatch.setattr(fast_engine, "run", refuse)


def simulate(pathway, **asked):
    return machine.simulate(pathway, engine="ciw", **asked)


def wait(rows):
    return (rows["started"] - rows["arrived"]).mean()


def share(outcome):
    return lambda rows: (rows["outcome"] == outcome).mean()


def agrees(pathway, expected, *, days, seed=1):
    """The mean over runs of each measure, beside its formula and how far from it chance may put it."""
    log = simulate(pathway, days=days, warm_up_days=2, seed=seed, runs=RUNS).in_hours
    parts = [part for _, part in log[log["arrived"] >= 0].groupby("run")]
    for measure, truth in expected:
        found = np.asarray([measure(part) for part in parts])
        assert found.mean() == pytest.approx(truth, abs=WIDE * found.std(ddof=1) / math.sqrt(RUNS))


def one_step(per_hour, capacity, mean, **more):
    step = Step("desk", capacity, Exponential(mean), **more)
    return Pathway("one step", [step], [Arrivals("desk", per_hour=per_hour)])


# Formulas


@pytest.mark.parametrize(("per_hour", "servers", "mean"), [(5, 1, 1 / 8), (10, 2, 1 / 6), (16, 5, 1 / 4), (3, 12, 3)])
def test_waits_are_those_of_the_formula_for_one_queue(per_hour, servers, mean):
    """M/M/c: mean wait, and the share who wait at all (Erlang C)."""
    truth = queueing.mmc(per_hour, 1 / mean, servers=servers)
    waited = lambda rows: (rows["started"] > rows["arrived"]).mean()  # noqa: E731 - as the other measures
    agrees(one_step(per_hour, servers, mean), [(wait, truth.mean_wait), (waited, truth.chance_of_waiting)], days=8)


@pytest.mark.parametrize(("per_hour", "servers", "limit"), [(9, 1, 3), (9, 2, 0), (24, 3, 5)])
def test_the_share_turned_away_is_that_of_the_formula(per_hour, servers, limit):
    """M/M/c/K: places are those in service and those waiting; its mean wait is of those admitted."""
    truth = queueing.mmck(per_hour, 8, servers=servers, places=servers + limit)
    pathway = one_step(per_hour, servers, 1 / 8, queue_limit=limit, when_full="turn_away")
    agrees(pathway, [(share("turned_away"), truth.chance_of_loss), (wait, truth.mean_wait)], days=5)


@pytest.mark.parametrize(("per_hour", "servers", "patience"), [(10, 1, 0.2), (16, 2, 1.0), (6, 1, 0.5)])
def test_the_share_who_give_up_is_that_of_the_formula(per_hour, servers, patience):
    """M/M/c+M (Erlang A): the share who give up, and the time that all spend in the queue."""
    truth = queueing.erlang_a(per_hour, 8, servers=servers, mean_patience=patience)
    queued = lambda rows: (rows["started"].fillna(rows["left"]) - rows["arrived"]).mean()  # noqa: E731
    pathway = one_step(per_hour, servers, 1 / 8, patience=Exponential(patience))
    agrees(pathway, [(share("gave_up"), truth.chance_of_loss), (queued, truth.mean_wait)], days=5)


def test_priority_moves_the_wait_from_one_group_to_the_other():
    """
    A. Cobham (Operations Research 2, 1954), non-preemptive M/M/c.

    The wait of class k is C / (c mu) / ((1 - s[k-1]) (1 - s[k])), with C the chance of waiting and s the load
    of the classes up to k.
    """
    rates, servers, service = (3.0, 5.0), 2, 5.0
    step = Step("desk", servers, Exponential(1 / service), priority=["first"])
    pathway = Pathway("two groups", [step], [Arrivals("desk", "first", rates[0]), Arrivals("desk", "second", rates[1])])
    base = queueing.erlang_c(sum(rates) / service, servers) / (servers * service)
    loads = [0, rates[0] / service / servers, sum(rates) / service / servers]
    truth = [base / (1 - loads[k]) / (1 - loads[k + 1]) for k in range(2)]
    own = [lambda rows, g=group: wait(rows[rows["group"] == g]) for group in ("first", "second")]
    agrees(pathway, zip(own, truth, strict=True), days=12)


def test_two_steps_in_a_row_are_two_queues_of_their_own():
    """J. R. Jackson: with exponential times each step waits as if it stood alone, at the rate that comes to it."""
    steps = [Step("a", 1, Exponential(1 / 8)), Step("b", 2, Exponential(1 / 3))]
    pathway = Pathway("tandem", steps, [Arrivals("a", per_hour=5)], [Route("a", "b", 0.8)])
    truth = [queueing.mmc(5, 8).mean_wait, queueing.mmc(4, 3, servers=2).mean_wait]
    own = [lambda rows, s=step: wait(rows[rows["step"] == s]) for step in ("a", "b")]
    agrees(pathway, zip(own, truth, strict=True), days=12)


def test_people_who_come_again_load_the_step_as_the_traffic_equations_say():
    """A quarter come back: 4.5 an hour are 6 visits an hour, each waiting as in M/M/1 (Jackson again)."""
    come = [Arrivals("a", per_hour=4.5)]
    pathway = Pathway("loop", [Step("a", 1, Exponential(1 / 8))], come, [Route("a", "a", 0.25)])
    assert pathway.visits_per_hour("a")["everyone"] == pytest.approx(6)
    each = lambda rows: rows.groupby("person").size().mean()  # noqa: E731
    agrees(pathway, [(wait, queueing.mmc(6, 8).mean_wait), (each, 4 / 3)], days=12)


def test_an_unlimited_step_is_a_pure_delay():
    """M/G/infinity: nobody waits, and the number there is Poisson, its mean rate times length whatever the shape."""
    pathway = Pathway("delay", [Step("a", None, Gamma(5, 1.5))], [Arrivals("a", per_hour=4)])
    log = simulate(pathway, days=120, warm_up_days=10, seed=3)
    assert (log.in_hours["started"] == log.in_hours["arrived"]).all()
    there = log.census("2D")["there"]  # ten stays apart, so each count is one of its own
    assert there.mean() == pytest.approx(20, abs=4 * math.sqrt(20 / len(there)))


# A plain recursion, person by person


def by_hand(pathway, *, until, seed):
    """
    First come, first served, without any engine: J. Kiefer and J. Wolfowitz (Trans. AMS 78, 1955).

    Each person takes the place that is free first. Times are drawn by the names in the design: seed, run,
    stream, step, purpose and visit, and the person's place in the stream.
    """
    (step,) = pathway.steps
    luck = Luck(seed, 0)
    people = arrivals(phases(pathway), luck, until=until)
    free, rows = [0.0] * step.capacity, []
    for time, stream, index in zip(people.time, people.stream, people.index, strict=True):
        (u,) = mixed(luck.key(people.streams[stream].name, step.name, "time", 0) + offsets(np.asarray([index])))
        length = float(step.time_for(pathway.arrivals[stream].group).ppf(u))
        place = free.index(min(free))
        start = max(time, free[place])
        free[place] = start + length
        rows.append((time, start, start + length))
    return np.asarray(rows)


@pytest.mark.parametrize("capacity", [1, 2, 5])
@pytest.mark.parametrize(
    "time",
    [Exponential(0.4), LogNormal(0.4, 1.7), Constant(0.4), Uniform(0.1, 0.9), Empirical([0, 0.25, 1]),
     {"x": Gamma(0.3, 0.5), "y": Constant(0.7)}],
    ids=lambda time: type(time).__name__,
)  # fmt: skip
def test_the_log_is_that_of_a_plain_recursion_person_by_person(capacity, time):
    come = [
        Arrivals("desk", "x", per_hour=[2 * capacity, 1.5 * capacity] * 12),
        Arrivals("desk", "y", per_hour=capacity / 2),
    ]
    pathway = Pathway("one step", [Step("desk", capacity, time)], come)
    log = simulate(pathway, days=5, seed=9).in_hours
    expected = by_hand(pathway, until=120.0, seed=9)
    assert len(log) == len(expected) > 200
    begun = expected[:, 1] < 120
    over = expected[:, 2] < 120
    assert log["arrived"].to_numpy() == pytest.approx(expected[:, 0], abs=1e-9)
    assert log["started"].to_numpy()[begun] == pytest.approx(expected[begun, 1], abs=1e-9)
    assert log["finished"].to_numpy()[over] == pytest.approx(expected[over, 2], abs=1e-9)
    assert log["started"].notna().tolist() == begun.tolist()
    assert log["finished"].notna().tolist() == over.tolist()


# Stories


def story(steps, come, routes=(), until=100.0):
    """What happens to people who come at stated hours: rows of who, where, joined, began, ended, left, how."""
    pathway = Pathway("story", steps, come, routes)
    log = simulate(pathway, days=until / 24).in_hours
    names = {}
    for person in log["person"]:
        names.setdefault(person, len(names) + 1)
    table = log.assign(person=log["person"].map(names))[
        ["person", "step", "arrived", "started", "finished", "left", "outcome"]
    ]
    return [
        tuple("-" if isinstance(v, float) and math.isnan(v) else v for v in row)
        for row in table.round(9).itertuples(index=False)
    ]


def test_three_people_and_a_full_ward():
    """
    One doctor, an hour each; one bed, three hours each, and nobody may queue for it.

    The second finishes with the doctor at 2, but the bed is taken until 4. So the doctor's place is held
    until 4, and the third, there since 2, begins at 4.
    """
    steps = [Step("doctor", 1, Constant(1)), Step("bed", 1, Constant(3), queue_limit=0)]
    assert story(steps, [Arrivals("doctor", times=[0, 1, 2])], [Route("doctor", "bed")]) == [
        (1, "doctor", 0, 0, 1, 1, "completed"),
        (1, "bed", 1, 1, 4, 4, "completed"),
        (2, "doctor", 1, 1, 2, 4, "completed"),
        (3, "doctor", 2, 4, 5, 7, "completed"),
        (2, "bed", 4, 4, 7, 7, "completed"),
        (3, "bed", 7, 7, 10, 10, "completed"),
    ]


def test_those_blocked_first_are_pulled_first_whatever_their_priority():
    """Two wait upstream for one bed: the minor case since 1, the major since 2. The bed is free at 10."""
    steps = [Step("door", None, Constant(0)), Step("bed", 1, Constant(10), queue_limit=0, priority=["major"])]
    come = [Arrivals("door", "minor", times=[0, 1]), Arrivals("door", "major", times=[2])]
    beds = [row for row in story(steps, come, [Route("door", "bed")]) if row[1] == "bed"]
    assert [(who, start) for who, _, _, start, *_ in beds] == [(1, 0), (2, 10), (3, 20)]


def test_a_queue_before_a_full_bed_goes_first_then_the_blocked():
    """One may queue for the bed: the second does from 1, the third is blocked from 2. Both hold what they have."""
    steps = [Step("door", None, Constant(0)), Step("bed", 1, Constant(10), queue_limit=1)]
    rows = story(steps, [Arrivals("door", times=[0, 1, 2])], [Route("door", "bed")])
    assert [row for row in rows if row[1] == "door"][2] == (3, "door", 2, 2, 2, 10, "completed")
    assert [row[2:4] for row in rows if row[1] == "bed"] == [(0, 0), (1, 10), (10, 20)]


def test_major_goes_before_minor_but_nobody_is_stopped():
    """One nurse, an hour each. Minor at 0 and 0.1, major at 0.2: the major begins at 1, the second minor at 2."""
    step = Step("nurse", 1, Constant(1), priority=["major", "minor"])
    come = [Arrivals("nurse", "minor", times=[0, 0.1]), Arrivals("nurse", "major", times=[0.2])]
    assert [(row[0], row[3]) for row in story([step], come)] == [(1, 0), (2, 2), (3, 1)]


def test_groups_that_priority_does_not_name_come_last():
    step = Step("nurse", 1, Constant(1), priority=["major"])
    come = [
        Arrivals("nurse", "a", times=[0, 0.1]),
        Arrivals("nurse", "b", times=[0.05]),
        Arrivals("nurse", "major", times=[0.2]),
    ]
    assert [(row[0], row[3]) for row in story([step], come)] == [(1, 0), (2, 2), (3, 3), (4, 1)]


def test_those_who_give_up_leave_at_the_end_of_their_patience():
    """One nurse, two hours each, patience half an hour: the second gives up at 0.75, the third waits 0.2."""
    step = Step("nurse", 1, Constant(2), patience=Constant(0.5))
    assert story([step], [Arrivals("nurse", times=[0, 0.25, 1.8])]) == [
        (1, "nurse", 0, 0, 2, 2, "completed"),
        (2, "nurse", 0.25, "-", "-", 0.75, "gave_up"),
        (3, "nurse", 1.8, 2, 4, 4, "completed"),
    ]


def test_those_who_give_up_may_go_elsewhere():
    steps = [
        Step("nurse", 1, Constant(2), patience=Constant(0.5), gives_up_to="advice"),
        Step("advice", 1, Constant(1)),
    ]
    rows = story(steps, [Arrivals("nurse", times=[0, 0.25])])
    assert rows[1:] == [
        (2, "nurse", 0.25, "-", "-", 0.75, "gave_up"),
        (2, "advice", 0.75, 0.75, 1.75, 1.75, "completed"),
    ]


def test_patience_does_not_run_while_blocked_upstream():
    """Blocked for the bed from 1 to 4, then its queue: patience runs from 4, so the wait ends at 6, not at 3."""
    steps = [Step("door", None, Constant(0)),
             Step("bed", 1, Constant(4), queue_limit=1, patience=Constant(20)),
             ]  # fmt: skip
    rows = story(steps, [Arrivals("door", times=[0, 0.5, 1])], [Route("door", "bed")])
    assert [row[2:4] for row in rows if row[1] == "bed"] == [(0, 0), (0.5, 4), (4, 8)]
    patient = [steps[0], Step("bed", 1, Constant(4), queue_limit=1, patience=Constant(3.75))]
    rows = story(patient, [Arrivals("door", times=[0, 0.5, 1])], [Route("door", "bed")])
    assert [(row[2], row[5]) for row in rows if row[6] == "gave_up"] == [(4, 7.75)]


def test_those_turned_away_leave_a_row_of_no_length():
    step = Step("desk", 1, Constant(2), queue_limit=1, when_full="turn_away")
    assert story([step], [Arrivals("desk", times=[0, 0.5, 1, 2.5])]) == [
        (1, "desk", 0, 0, 2, 2, "completed"),
        (2, "desk", 0.5, 2, 4, 4, "completed"),
        (3, "desk", 1, "-", "-", 1, "turned_away"),
        (4, "desk", 2.5, 4, 6, 6, "completed"),
    ]


def test_people_still_there_stay_in_the_log():
    """At hour 5: one in service, one blocked since 2, one waiting since 3; none shows a time after 5."""
    steps = [Step("doctor", 1, Constant(1)), Step("bed", 1, Constant(30), queue_limit=0)]
    assert story(steps, [Arrivals("doctor", times=[0, 1, 3])], [Route("doctor", "bed")], until=5) == [
        (1, "doctor", 0, 0, 1, 1, "completed"),
        (1, "bed", 1, 1, "-", "-", "still_here"),
        (2, "doctor", 1, 1, 2, "-", "still_here"),
        (3, "doctor", 3, "-", "-", "-", "still_here"),
    ]


def test_a_shut_step_keeps_everybody_waiting():
    rows = story([Step("desk", 0, Constant(1), patience=Constant(2))], [Arrivals("desk", times=[0, 99])])
    assert rows == [(1, "desk", 0, "-", "-", 2, "gave_up"), (2, "desk", 99, "-", "-", "-", "still_here")]


# Ties, by the order in the design


def test_at_one_instant_a_finish_comes_before_an_arrival():
    """The desk is free at 1, so who comes at 1 is not turned away."""
    step = Step("desk", 1, Constant(1), queue_limit=0, when_full="turn_away")
    assert [row[6] for row in story([step], [Arrivals("desk", times=[0, 1, 1])])] == [
        "completed",
        "completed",
        "turned_away",
    ]


def test_at_one_instant_a_finish_comes_before_giving_up():
    step = Step("desk", 1, Constant(1), patience=Constant(1))
    assert [row[6] for row in story([step], [Arrivals("desk", times=[0, 0])])] == ["completed", "completed"]


def test_at_one_instant_an_arrival_comes_before_giving_up():
    """The second gives up at 1, when the third comes: with one place to wait in, the third is sent away."""
    step = Step("desk", 1, Constant(9), patience=Constant(1), queue_limit=1, when_full="turn_away")
    assert [row[6] for row in story([step], [Arrivals("desk", times=[0, 0, 1])])] == [
        "completed",
        "gave_up",
        "turned_away",
    ]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_at_one_instant_the_earlier_step_goes_first(order):
    """Two people finish at 1 in two steps and want the same bed: the step that stands first in the pathway has it."""
    steps = [*(Step(name, 1, Constant(1)) for name in order), Step("bed", 1, Constant(5), queue_limit=0)]
    rows = story(steps, [Arrivals("a", times=[0]), Arrivals("b", times=[0])], [Route("a", "bed"), Route("b", "bed")])
    blocked = [row[1] for row in rows if row[5] != row[4]]
    assert blocked == [order[1]]


def test_at_one_instant_the_person_who_came_first_goes_first():
    """Three finish at 1 in one step and move on to a desk for one, in the order of their coming."""
    steps = [Step("hall", 3, Constant(1)), Step("desk", 1, Constant(1))]
    rows = story(steps, [Arrivals("hall", times=[0, 0, 0])], [Route("hall", "desk")])
    assert [(row[0], row[3]) for row in rows if row[1] == "desk"] == [(1, 1), (2, 2), (3, 3)]


# Locks and loops


def crossing(**more):
    """Two wards that send to each other: x goes a then b, y goes b then a."""
    steps = [Step("door", None, Constant(0)), Step("a", 1, Constant(1), **more), Step("b", 1, Constant(1), **more)]
    routes = [
        Route("door", "a", group="x"),
        Route("a", "b", group="x"),
        Route("door", "b", group="y"),
        Route("b", "a", group="y"),
    ]
    return Pathway("crossing", steps, [Arrivals("door", "x", times=[0]), Arrivals("door", "y", times=[0.5])], routes)


def test_steps_that_lock_each_other_stop_the_run_with_a_sentence():
    assert said(lambda: simulate(crossing(queue_limit=0), days=1)) == (
        'The steps "a", "b" lock each other after 0.1 days. Every place in them is held by somebody who waits for '
        "another of them. Add places, or a way out."
    )


def test_a_place_in_the_queue_keeps_them_from_locking():
    assert len(simulate(crossing(queue_limit=1), days=1)) == 6


def test_a_shut_step_elsewhere_is_not_taken_for_a_lock():
    """A step without places holds nobody, so it locks nobody; the second person is only blocked until 4."""
    steps = [Step("doctor", 1, Constant(1)), Step("bed", 1, Constant(3), queue_limit=0), Step("shut", 0, Constant(1))]
    rows = story(steps, [Arrivals("doctor", times=[0, 1])], [Route("doctor", "bed")])
    assert [row[5] for row in rows if row[1] == "doctor"] == [1, 4]


def test_a_queue_that_will_give_up_is_no_lock():
    """
    Each ward holds somebody for the other, and one waits in each: a lock, unless those who wait give up.

    The one who joined ward a at 0.2 gives up at 5.2. That lets y out of b, which lets the one who waits there begin
    and x out of a: one gave up, and all else was completed.
    """
    more = [Arrivals("door", "x", times=[0, 0.2]), Arrivals("door", "y", times=[0.5, 0.6])]
    stuck, pathway = crossing(queue_limit=1), crossing(queue_limit=1, patience=Constant(5))
    assert " lock each other " in said(lambda: simulate(Pathway("x", stuck.steps, more, stuck.routes), days=1))
    log = simulate(Pathway("crossing", pathway.steps, more, pathway.routes), days=1).frame
    assert log["outcome"].value_counts().to_dict() == {"completed": 10, "gave_up": 1}


def test_going_round_without_end_is_refused_with_a_sentence():
    steps = [Step("a", None, Constant(0)), Step("b", None, Constant(0))]
    routes = [Route("a", "b"), Route("b", "a")]
    assert said(lambda: simulate(Pathway("round", steps, [Arrivals("a", times=[1])], routes), days=1)) == (
        'Somebody has come to step "a" 10,000 times, so people go round without end. '
        "Let time pass on the way, or let some of them leave."
    )


def test_each_visit_has_luck_of_its_own():
    """One person comes six times on average: the lengths of the visits differ, and are those of the distribution."""
    pathway = Pathway(
        "loop", [Step("a", None, Exponential(1))], [Arrivals("a", times=range(200))], [Route("a", "a", 5 / 6)]
    )
    log = simulate(pathway, days=365).in_hours
    took = (log["finished"] - log["started"]).round(9)
    assert took.is_unique
    assert took.mean() == pytest.approx(1, abs=4 / math.sqrt(len(took)))


# Limits

STAFF = "its capacity is a rota or slots, where ciw brings a fresh set of staff at each change"


@pytest.mark.parametrize(
    ("pathway", "why"),
    [
        (lambda: alone(capacity=Rota([1] * 24)), STAFF),
        (lambda: alone(capacity=Slots([("Mon 10:00", 3)])), STAFF),
        (lambda: alone(leaves_between=("09:00", "20:00")), "it has leaving hours"),
        (lambda: alone(queue_limit=2), "people from outside would wait at its door, where ciw turns them away"),
        (lambda: alone(queue_limit=2, when_full="divert", divert_to="b"), "it diverts people"),
        (lambda: alone(within="b"), "it is done within another step"),
        (lambda: alone([Route("b", "a")], queue_limit=2, when_full="turn_away"),
         "it turns away people who come from another step, where ciw makes them wait there"),
        (lambda: alone([Route("a", "a", 0.5)], come="b", queue_limit=2),
         "people return to it and its queue is limited"),
    ],
)  # fmt: skip
def test_what_ciw_cannot_express_is_refused_with_the_step_and_the_reason(pathway, why):
    assert said(lambda: simulate(pathway(), days=1)) == f'ciw cannot simulate step "a": {why}. Use engine="fast".'


def alone(routes=(), come="a", **more):
    """A step that asks for something, beside one that does not."""
    given = {"capacity": 1, "time": Constant(1)} | more
    return Pathway("any", [Step("a", **given), Step("b", 1, Constant(1))], [Arrivals(come, per_hour=1)], routes)


def test_a_limit_that_those_who_give_up_would_overrun_is_refused():
    steps = [Step("a", 1, Constant(1), patience=Constant(1), gives_up_to="b"), Step("b", 1, Constant(1), queue_limit=0)]
    pathway = Pathway("any", steps, [Arrivals("a", per_hour=1)])
    assert said(lambda: simulate(pathway, days=1)) == (
        'ciw cannot simulate step "a": those who give up go to "b", whose limit ciw would not keep. Use engine="fast".'
    )


# Anything at all

NAMES = ["a", "b", "c"]


@st.composite
def worlds(draw):
    """Any pathway that ciw can express: limits only on steps that nobody enters from outside, and no way back."""
    come_to = [name for name in NAMES if draw(st.booleans())] or ["a"]
    steps, routes = [], []
    for place, name in enumerate(NAMES):
        limit = draw(st.none() | st.integers(0, 3))
        away = name in come_to and not any(route.to_step == name for route in routes)
        limited = limit is not None and (name not in come_to or away)
        capacity = draw(st.none() | st.integers(1, 3))
        patience = draw(st.none() | st.just(Exponential(1)))
        priority = draw(st.sampled_from([(), ("x",), ("y", "x")]))
        steps.append(
            Step(name, capacity, draw(st.sampled_from([Exponential(0.5), Constant(0.25), Uniform(0, 1), Constant(0)])),
                 patience=patience, priority=priority, queue_limit=limit if limited else None,
                 when_full="turn_away" if limited and name in come_to else "wait_upstream")
        )  # fmt: skip
        turns_away = {step.name for step in steps if step.when_full == "turn_away"}
        later = [other for other in NAMES[place + 1 :] if other not in turns_away and other not in come_to]
        if later:
            routes.append(Route(name, draw(st.sampled_from(later)), draw(st.floats(0.1, 1))))
    come = [Arrivals(name, group, per_hour=draw(st.floats(0.1, 3))) for name in come_to for group in ("x", "y")]
    return Pathway("any", steps, come, routes), draw(st.integers(0, 1000))


@given(worlds())
@settings(derandomize=True, deadline=None, max_examples=60)
def test_in_any_world_the_rules_hold_at_every_moment(world):
    """Places are never over-filled, queues never over their limit, times never run backwards, and nobody is lost."""
    pathway, seed = world
    log = simulate(pathway, days=4, seed=seed)
    table = log.in_hours
    times = table[["arrived", "started", "finished", "left"]]
    assert (times.ffill(axis=1).diff(axis=1).iloc[:, 1:].fillna(0) >= 0).all(axis=None)
    assert times.max().max() <= 96 or table.empty
    for step in pathway.steps:
        own = table[(table["step"] == step.name) & (table["outcome"] != "turned_away")]
        served = own[own["started"].notna()]
        assert most_at_once(served["started"], served["left"]) <= step.servers
        until = own["started"].fillna(own["left"])
        if step.queue_limit is not None:
            assert most_at_once(own["arrived"], until) <= step.queue_limit
        if step.capacity is None:
            assert (own["started"] == own["arrived"]).all()
        if not step.priority and step.patience is None:
            assert served.sort_values("arrived", kind="stable")["started"].is_monotonic_increasing
    last = log.visits.groupby("person").tail(1)
    assert ((last["outcome"] == "still_here") | (last["next_step"] == "")).all()
    if len(log):
        expected = len(arrivals(phases(pathway), Luck(seed, 0), until=96.0))
        assert log.people == expected


def most_at_once(begin, end):
    """Most people there at one time; who leaves makes room for who comes at that instant, and no length is nobody."""
    stays = [(b, 96.5 if math.isnan(e) else e) for b, e in zip(begin, end, strict=True)]
    moves = sorted(
        [(b, 1) for b, e in stays if e > b] + [(e, -1) for b, e in stays if e > b], key=lambda move: (move[0], move[1])
    )
    there = most = 0
    for _, change in moves:
        there += change
        most = max(most, there)
    return most
