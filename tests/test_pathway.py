"""Pathways: frozen, refused in plain words where they cannot be, and kept in files."""

import dataclasses
import datetime as dt
import pickle
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib import (
    AlreadyHere,
    Arrivals,
    Constant,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Pathway,
    Refusal,
    Rota,
    Route,
    Slots,
    Step,
    Triangular,
    Uniform,
    Weibull,
    hours,
    minutes,
)
from flowlib.core.pathway_files import from_text, to_text

CARE = Exponential(minutes(20))
TRIAGE = Step("triage", 2, CARE)
DOCTOR = Step("doctor", 3, CARE)
BRIEF = f"{repr(TRIAGE)[:13]}...{repr(TRIAGE)[-14:]}"
COME = Arrivals("triage", per_hour=4)


def ed(**changes):
    """A small emergency department."""
    parts = {"steps": [TRIAGE, DOCTOR], "arrivals": [COME], "routes": [Route("triage", "doctor")]}
    return Pathway("ED", **(parts | changes))


# Frozen


def test_nothing_in_a_pathway_can_be_changed_in_place():
    step = Step("triage", 2, {"minor": CARE, "major": CARE}, priority=["major"])
    pathway = Pathway("ED", [step], [Arrivals("triage", "minor", 1), Arrivals("triage", "major", 1)])
    for part, name in ((pathway, "steps"), (step, "capacity"), (pathway.arrivals[0], "per_hour")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, name, None)
    assert isinstance(pathway.steps, tuple)
    assert step.priority == ("major",)
    frozen = "A step is never changed in place. Make another with with_step(...)."
    assert said(lambda: step.time.update(minor=Constant(0))) == frozen
    assert said(lambda: step.time.pop("minor")) == frozen


def test_a_step_does_not_follow_the_dict_it_was_made_from():
    times = {"minor": CARE}
    step = Step("triage", 2, times)
    times["minor"] = Constant(9)
    assert step.time_for("minor") == CARE


def test_a_pathway_can_be_a_key_and_go_to_another_process():
    pathway = Pathway("ED", [Step("triage", 2, {"minor": CARE})], [Arrivals("triage", "minor", 1)])
    again = pickle.loads(pickle.dumps(pathway))  # noqa: S301 - what this test made itself
    assert again == pathway
    assert len({pathway, again}) == 1


def test_with_step_gives_another_and_leaves_the_first():
    pathway = ed()
    wider = pathway.with_step("doctor", capacity=5)
    assert (pathway.step("doctor").capacity, wider.step("doctor").capacity) == (3, 5)
    assert wider.step("triage") is pathway.step("triage")


def test_numbers_of_any_make_are_taken():
    """A capacity or a rate that comes from a numpy or pandas sum is a number like any other."""
    step = Step("triage", np.int64(2), CARE, queue_limit=np.int64(3))
    assert (step.capacity, step.queue_limit, type(step.capacity)) == (2, 3, int)
    assert step.servers == 2
    assert Arrivals("triage", per_hour=np.int64(3)).mean_per_hour == 3
    assert Arrivals("triage", per_hour=np.full(24, 2.0)).mean_per_hour == 2
    assert Arrivals("triage", times=np.array([1.0, 2.0])).times == (1.0, 2.0)
    assert Rota(np.full(24, 2)).mean == 2


def test_a_day_and_a_week_of_rates_have_their_means():
    assert Arrivals("triage", per_hour=[1.5] * 8 + [3.0] * 16).mean_per_hour == 2.5
    assert Arrivals("triage", per_hour=[0] * 84 + [2] * 84).mean_per_hour == 1
    assert Rota([5] * 8 + [8] * 8 + [9] * 8).mean == pytest.approx(22 / 3)
    assert Slots([("Tue 10:30", 7), ("Mon 10:00", 8)]).moments == ((10.0, 8), (34.5, 7))


def test_a_group_has_its_own_routes_in_place_of_the_general_ones():
    """The rule: any route that names a group replaces, for that group, the general routes from that step."""
    general, own = Route("triage", "doctor", 0.5), Route("triage", "triage", 0.1, group="minor")
    pathway = ed(arrivals=[COME, Arrivals("triage", "minor", 1)], routes=[general, own])
    assert pathway.routes_from("triage", "everyone") == (general,)
    assert pathway.routes_from("triage", "minor") == (own,)
    assert pathway.groups == ("everyone", "minor")


# Refusals


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: ed(routes=[Route("traige", "doctor")]),
         'No step in pathway "ED" called "traige"; there are "triage", "doctor". Did you mean "triage"?'),
        (lambda: ed(routes=[Route("triage", "ward")]),
         'No step in pathway "ED" called "ward"; there are "triage", "doctor".'),
        (lambda: ed(arrivals=[Arrivals("tirage", per_hour=1)]),
         'No step in pathway "ED" called "tirage"; there are "triage", "doctor". Did you mean "triage"?'),
        (lambda: ed().step("docter"),
         'No step in pathway "ED" called "docter"; there are "triage", "doctor". Did you mean "doctor"?'),
        (lambda: ed().load_of("docter"),
         'No step in pathway "ED" called "docter"; there are "triage", "doctor". Did you mean "doctor"?'),
        (lambda: ed(steps=[TRIAGE, Step("doctor", 1, CARE, patience=CARE, gives_up_to="gp")]),
         'No step in pathway "ED" called "gp"; there are "triage", "doctor".'),
        (lambda: ed(steps=[TRIAGE, TRIAGE, DOCTOR]), 'Pathway "ED" has two steps called "triage". Rename one.'),
        (lambda: ed(steps=[]), 'Pathway "ED" has no steps. Give it at least one.'),
        (lambda: ed(steps=TRIAGE), f"steps must be a list such as [Step(...)]; {BRIEF} came."),
        (lambda: ed(arrivals=[TRIAGE]), f"arrivals must hold Arrivals(...) only; {BRIEF} came."),
        (lambda: ed(routes=[Route("triage", "doctor", 0.7), Route("triage", "triage", 0.4)]),
         'Shares that leave step "triage" add up to 1.1; they may be 1 at most. Lower one of them.'),
        (lambda: ed(routes=[Route("triage", "doctor", 0.7, "everyone"),
                            Route("triage", "doctor", 0.30001, "everyone")]),
         'Shares that leave step "triage" (everyone) add up to 1.0001; they may be 1 at most. Lower one of them.'),
        (lambda: ed(routes=[Route("triage", "doctor", group="majr")]),
         'No group that arrives in pathway "ED" (route from "triage") called "majr"; there are "everyone".'),
        (lambda: ed(steps=[TRIAGE, Step("doctor", 1, CARE, priority=["evryone"])]),
         ('No group that arrives in pathway "ED" (priority at "doctor") called "evryone"; there are "everyone". '
         'Did you mean "everyone"?')),
        (lambda: ed(steps=[Step("triage", 1, CARE, when_full="divert", divert_to="doctor"),
                           Step("doctor", 1, CARE, when_full="divert", divert_to="triage")]),
         'Diverts go in a circle: "triage", "doctor", "triage". Break it.'),
        (lambda: ed(steps=[TRIAGE, Step("doctor", 1, CARE, when_full="divert", divert_to="doctor")]),
         'Diverts go in a circle: "doctor", "doctor". Break it.'),
        (lambda: ed(steps=[TRIAGE, Step("doctor", 1, CARE, within="doctor")]),
         'Steps within steps go in a circle: "doctor", "doctor". Break it.'),
        (lambda: ed(starts=dt.datetime(2026, 1, 6)),  # noqa: DTZ001 - a pathway's clock has no zone
         "A pathway starts on a Monday at 00:00; Tuesday 06 January 2026 00:00 came."),
        (lambda: ed(starts=dt.datetime(2026, 1, 5, 9)),  # noqa: DTZ001
         "A pathway starts on a Monday at 00:00; Monday 05 January 2026 09:00 came."),
        (lambda: ed(starts=dt.datetime(2026, 1, 5, 0, 0, 30)),  # noqa: DTZ001
         "A pathway starts on a Monday at 00:00; Monday 05 January 2026 00:00 came."),
        (lambda: ed(starts=dt.datetime(2026, 1, 5, tzinfo=dt.UTC)),
         "starts is a plain date: a simulation has no clock changes. Leave the zone out."),
        (lambda: ed(starts="2026-01-05"), "starts must be a date such as 2026-01-05; '2026-01-05' came."),
        (lambda: ed().with_step("doctor", capcity=2),
         ('No word for a step called "capcity"; there are "name", "capacity", "time", "priority", "patience", '
         '"gives_up_to", "queue_limit", "when_full", "divert_to", "leaves_between", "leaves_on", "within". '
         'Did you mean "capacity"?')),
        (lambda: ed(routes=[Route("triage", "doctor"), Route("doctor", "triage")]).load_of("triage"),
         'In pathway "ED" people go round for ever through "triage", "doctor". Let some of them leave.'),
        (lambda: Step("", 1, CARE), "A step needs a name; an empty one came."),
        (lambda: Step(None, 1, CARE), "A step needs a name in text; None came. Put it in quotes."),
        (lambda: Step("a", -1, CARE), 'Step "a" capacity must be a whole number, 0 or more; -1 came.'),
        (lambda: Step("a", 1.5, CARE), 'Step "a" capacity must be a whole number, 0 or more; 1.5 came.'),
        (lambda: Step("a", "two", CARE), "Step \"a\" capacity must be a number; 'two' came."),
        (lambda: Step("a", True, CARE), 'Step "a" capacity must be a number; True came.'),
        (lambda: Step("a", 10**9, CARE),
         'Step "a" capacity must be 100,000 or less; 1,000,000,000 came. For no limit, use None.'),
        (lambda: Step("a", 1, 5),
         'Step "a" needs a distribution for its time, such as Exponential(minutes(20)); 5 came.'),
        (lambda: Step("a", 1, {"minor": 5}),
         'Step "a" needs a distribution for its time (minor), such as Exponential(minutes(20)); 5 came.'),
        (lambda: Step("a", 1, {}),
         'Step "a" needs a distribution for its time, such as Exponential(minutes(20)); none came.'),
        (lambda: Step("a", 1, {"minor": CARE}).time_for("major"),
         'No group with a time at step "a" called "major"; there are "minor". Did you mean "minor"?'),
        (lambda: Step("a", 1, CARE, patience=6),
         'Step "a" patience must be a distribution, such as Exponential(hours(6)); 6 came.'),
        (lambda: Step("a", 1, CARE, priority="major"),
         'Step "a" priority must be a list such as ["major", "minor"]; \'major\' came.'),
        (lambda: Step("a", 1, CARE, queue_limit=-1),
         'Step "a" queue_limit must be a whole number, 0 or more; -1 came.'),
        (lambda: Step("a", 1, CARE, when_full="divert"),
         'Step "a" must name divert_to when (and only when) when_full is "divert".'),
        (lambda: Step("a", 1, CARE, divert_to="b"),
         'Step "a" must name divert_to when (and only when) when_full is "divert".'),
        (lambda: Step("a", 1, CARE, when_full="explode"),
         'No when_full for Step "a" called "explode"; there are "wait_upstream", "turn_away", "divert".'),
        (lambda: Step("a", 1, CARE, leaves_between=("09:00", "25:00")),
         "Step \"a\" leaves_between must be a time of day such as \"09:00\"; '25:00' came."),
        (lambda: Step("a", 1, CARE, leaves_between=("20:00", "09:00")),
         'Step "a" leaves_between must be an opening and a later closing time, such as ("09:00", "20:00").'),
        (lambda: Step("a", 1, CARE, leaves_on="Weekdays"),
         'Step "a" leaves_on must be days such as "Mon-Fri" or "Mon, Thu"; \'Weekdays\' came.'),
        (lambda: Route("a", "b", 1.2),
         'Route from "a" to "b", share must be from 0 to 1; 1.2 came. Half is 0.5, not 50.'),
        (lambda: Route("a", "b", -0.1),
         'Route from "a" to "b", share must be from 0 to 1; -0.1 came. Half is 0.5, not 50.'),
        (lambda: Rota([1, 2, 3]),
         "A rota needs 24 numbers (an hour of the day each) or 168 (an hour of the week each); 3 came."),
        (lambda: Rota([1.5] * 24), "A rota, hour 0 must be a whole number, 0 or more; 1.5 came."),
        (lambda: Rota(5), "A rota must be a list such as [2] * 24; 5 came."),
        (lambda: Slots([]), 'Slots needs at least one moment, such as ("Mon 10:00", 8); none came.'),
        (lambda: Slots([("Monday 10:00", 8)]), "A moment of the week looks like \"Mon 10:00\"; 'Monday 10:00' came."),
        (lambda: Slots([("Mon 24:00", 8)]), "A moment of the week looks like \"Mon 10:00\"; 'Mon 24:00' came."),
        (lambda: Slots([("Mon 10:00",)]), "Slots are pairs such as (\"Mon 10:00\", 8); ('Mon 10:00',) came."),
        (lambda: Slots([("Mon 10:00", -1)]), "Slots at Mon 10:00 must be a whole number, 0 or more; -1 came."),
        (lambda: Arrivals("a"), 'Arrivals at "a" need either per_hour or times; give one of the two.'),
        (lambda: Arrivals("a", per_hour=1, times=[1]),
         'Arrivals at "a" need either per_hour or times; give one of the two.'),
        (lambda: Arrivals("a", per_hour=-1), 'Arrivals at "a", per_hour must be 0 or more; -1 came.'),
        (lambda: Arrivals("a", per_hour=[1] * 23),
         ('Arrivals at "a", per_hour needs 24 numbers (an hour of the day each) or 168 (an hour of the week each); '
         '23 came.')),
        (lambda: Arrivals("a", per_hour=minutes(15)),
         ('Arrivals at "a", per_hour is a rate, people an hour, and a length of time came. '
         'One every 15 minutes is per_hour=4.')),
        (lambda: Arrivals("a", times=[1, 3, 2]), 'Arrivals at "a": times must rise; some are out of order.'),
        (lambda: Arrivals("a", times=[-1]), 'Arrivals at "a", time 1 must be 0 or more; -1 came.'),
        (lambda: Arrivals("a", times=5), 'Arrivals at "a", times must be a list such as [0.5, 2, 2.25]; 5 came.'),
        (lambda: AlreadyHere("a", "everyone", 2, "asleep"),
         'No state called "asleep"; there are "waiting", "in_service", "blocked".'),
        (lambda: AlreadyHere("a", "everyone", 2, "blocked"), "Name next for the blocked, and only for them."),
        (lambda: AlreadyHere("a", "everyone", -2, "waiting"), "AlreadyHere since must be 0 hours or more; -2 came."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_sentence(make, sentence):
    assert said(make) == sentence


# Rates and loads


@st.composite
def leaking_routes(draw):
    """Shares between steps of which at least a tenth leaves from each."""
    size = draw(st.integers(1, 5))
    weights = draw(st.lists(st.lists(st.floats(0, 1), min_size=size, max_size=size), min_size=size, max_size=size))
    shares = np.asarray(weights)
    shares *= 0.9 / np.maximum(shares.sum(axis=1, keepdims=True), 1)
    outside = draw(st.lists(st.floats(0, 10), min_size=size, max_size=size))
    return shares, np.asarray(outside)


@given(leaking_routes())
@settings(derandomize=True, max_examples=60)
def test_visits_are_arrivals_and_all_their_further_moves(parts):
    """Jackson's equations another way: what comes from outside, plus one move on, plus two moves on, and so on."""
    shares, outside = parts
    names = [f"step {i}" for i in range(len(outside))]
    routes = [Route(a, b, shares[i, j]) for i, a in enumerate(names) for j, b in enumerate(names) if shares[i, j] > 0]
    come = [Arrivals(name, per_hour=rate) for name, rate in zip(names, outside, strict=True)]
    pathway = Pathway("any", [Step(name, 2, CARE) for name in names], come, routes)
    expected, moving = np.zeros(len(names)), outside.copy()
    for _ in range(400):  # a tenth leaves at each move: 0.9 ** 400 is nothing
        expected += moving
        moving = shares.T @ moving
    for name, rate in zip(names, expected, strict=True):
        assert pathway.visits_per_hour(name)["everyone"] == pytest.approx(rate, rel=1e-9, abs=1e-12)
        assert pathway.load_of(name) == pytest.approx(rate * CARE.mean / 2, rel=1e-9, abs=1e-12)


def test_loads_add_the_work_of_each_group():
    """By hand: 3 minor at 15 minutes and 1 major at 60 minutes an hour are 1.75 hours of work for 2 doctors."""
    doctor = Step("doctor", 2, {"minor": Exponential(minutes(15)), "major": Constant(hours(1))})
    pathway = Pathway("ED", [doctor], [Arrivals("doctor", "minor", 3), Arrivals("doctor", "major", 1)])
    assert pathway.visits_per_hour("doctor") == {"minor": 3, "major": 1}
    assert pathway.load_of("doctor") == pytest.approx(1.75 / 2)


def test_loads_of_rotas_slots_and_unlimited_steps():
    """By hand: 2 an hour of 20 minutes before a mean of 1.5 on duty is 4/9; before 168 starts a week it is 2."""
    capacities = {"rota": Rota([1] * 12 + [2] * 12), "slots": Slots([("Mon 10:00", 168)]), "free": None, "shut": 0}
    for name, capacity in capacities.items():
        pathway = Pathway("any", [Step(name, capacity, CARE)], [Arrivals(name, per_hour=2)])
        expected = {"rota": 4 / 9, "slots": 2, "free": 0, "shut": float("inf")}[name]
        assert pathway.load_of(name) == pytest.approx(expected)
    assert Pathway("any", [Step("shut", 0, CARE)], []).load_of("shut") == 0


def test_all_who_leave_a_step_may_go_on_to_the_next():
    """Everybody goes from triage to the doctor and home from there, except those sent back: 4 / (1 - 0.2) by hand."""
    assert ed().visits_per_hour("doctor") == {"everyone": pytest.approx(4)}
    again = ed(routes=[Route("triage", "doctor"), Route("doctor", "triage", 0.2)])
    assert again.visits_per_hour("triage") == {"everyone": pytest.approx(5)}


def test_a_loop_that_nobody_reaches_is_no_matter():
    pathway = ed(routes=[Route("doctor", "doctor")])
    assert pathway.visits_per_hour("doctor") == {"everyone": 0}
    assert pathway.load_of("triage") == pytest.approx(4 / 3 / 2)


def test_a_loop_of_shares_that_add_up_to_one_but_for_rounding_is_still_for_ever():
    """0.1 + 0.2 + 0.7 is not 1 in a computer; the people go round for ever all the same."""
    routes = [Route("a", "a", 0.1), Route("a", "b", 0.2), Route("a", "c", 0.7), Route("b", "a"), Route("c", "a")]
    pathway = Pathway("round", [Step(n, 1, CARE) for n in "abc"], [Arrivals("a", per_hour=1)], routes)
    assert said(lambda: pathway.load_of("a")) == (
        'In pathway "round" people go round for ever through "a", "b", "c". Let some of them leave.'
    )


# Files

ENGLISH = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12).filter(str.strip)
LENGTHS = st.floats(0.001, 1e5)
CVS = st.floats(0.01, 100)
TIMES = st.one_of(
    st.builds(Exponential, LENGTHS),
    st.builds(LogNormal, LENGTHS, CVS),
    st.builds(Gamma, LENGTHS, CVS),
    st.builds(Weibull, LENGTHS, CVS),
    st.builds(Constant, st.floats(0, 1e5)),
    st.builds(lambda low, wide: Uniform(low, low + wide), st.floats(0, 100), st.floats(0.5, 100)),
    st.builds(lambda a, b, c: Triangular(a, a + b, a + b + c), *[st.floats(0.5, 100)] * 3),
    st.builds(Empirical, st.lists(st.floats(0, 1e5), min_size=1, max_size=5)),
)
MOMENTS = st.builds(
    "{} {:02d}:{:02d}".format, st.sampled_from(["Mon", "Wed", "Sun"]), st.integers(0, 23), st.integers(0, 59)
)
CAPACITIES = st.one_of(
    st.none(),
    st.integers(0, 500),
    st.builds(Rota, st.just([3, 2] * 12)),
    st.just(Rota(range(168))),
    st.builds(Slots, st.lists(st.tuples(MOMENTS, st.integers(0, 30)), min_size=1, max_size=4)),
)
RATES = st.one_of(
    st.builds(lambda rate: {"per_hour": rate}, st.floats(0, 100)),
    st.builds(lambda rates: {"per_hour": rates}, st.just([1.5] * 23 + [0.1]) | st.just([0.0, 2.5] * 84)),
    st.builds(lambda times: {"times": sorted(times)}, st.lists(st.floats(0, 1000), max_size=6)),
)


@st.composite
def pathways(draw):
    """Any pathway at all."""
    names = draw(st.lists(ENGLISH, min_size=1, max_size=4, unique=True))
    groups = draw(st.lists(ENGLISH, min_size=1, max_size=3, unique=True))
    one_of, some = st.sampled_from(names), st.lists(st.sampled_from(groups), max_size=3, unique=True)
    steps = []
    for name in names:
        later = names[names.index(name) + 1 :]
        divert = draw(st.booleans()) and bool(later)
        by_group = draw(st.booleans())
        steps.append(
            Step(
                name,
                draw(CAPACITIES),
                {g: draw(TIMES) for g in groups} if by_group else draw(TIMES),
                priority=draw(some),
                patience=draw(st.none() | TIMES),
                gives_up_to=draw(st.none() | one_of),
                queue_limit=draw(st.none() | st.integers(0, 40)),
                when_full="divert" if divert else draw(st.sampled_from(["wait_upstream", "turn_away"])),
                divert_to=draw(st.sampled_from(later)) if divert else None,
                leaves_between=draw(st.none() | st.just(("09:00", "20:00"))),
                leaves_on=draw(st.sampled_from(["Mon-Sun", "Mon-Fri", "Mon, Thu-Sat"])),
                within=draw(st.sampled_from(later)) if later and draw(st.booleans()) else None,
            )
        )
    come = [Arrivals(draw(one_of), group, **draw(RATES)) for group in groups]
    pairs = draw(st.lists(st.tuples(one_of, one_of, st.none() | st.sampled_from(groups)), max_size=4, unique=True))
    routes = [Route(a, b, draw(st.floats(0, 0.25)), group=g) for a, b, g in pairs]
    starts = dt.date(2024, 1, 1) + dt.timedelta(weeks=draw(st.integers(0, 300)))
    return Pathway(draw(st.just("") | ENGLISH), steps, come, routes, starts)


@given(pathways())
@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_pathway_comes_back_from_its_file_as_it_was(pathway):
    assert from_text(to_text(pathway)) == pathway


@given(pathways(), st.randoms(use_true_random=False))
@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_that_was_damaged_gives_a_pathway_or_a_sentence(pathway, luck):
    """Bytes dropped, doubled, swapped or put in: never a traceback of Python's."""
    _, sentence = outcome(damaged(to_text(pathway), luck))
    assert sentence.endswith((".", "?"))


def outcome(text):
    """The pathway that a text gives, or the sentence of its refusal."""
    try:
        return from_text(text), "Read."
    except Refusal as refusal:
        return None, str(refusal)


def damaged(text, luck):
    """*text* with a few slips of the keyboard."""
    signs = list(text)
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(signs))
        slip = luck.choice(["drop", "double", "put", "swap", "line"])
        if slip == "drop":
            del signs[at : at + luck.choice([1, 1, 5, 60])]
        elif slip == "double":
            signs[at:at] = signs[at : at + luck.choice([1, 20, 80])]
        elif slip == "put":
            signs[at:at] = luck.choice([*"{}[],:-#&*!|>%@`'\"\t\n~?<=0.9e-", "!!", "null", "&a ", "*a", "!!set ", "- "])
        elif slip == "swap":
            other = luck.randrange(len(signs))
            signs[at], signs[other] = signs[other], signs[at]
        else:
            lines = "".join(signs).splitlines(keepends=True)
            luck.shuffle(lines)
            signs = list("".join(lines))
        signs = signs or [" "]
    return "".join(signs)


def test_damage_at_random_is_real_damage():
    """The test above would hold of anything if no damage were done: most damaged files are refused or differ."""
    luck, pathway = random.Random(1), ed()  # noqa: S311 - slips of the keyboard, not secrets
    whole = to_text(pathway)
    assert sum(outcome(damaged(whole, luck))[0] != pathway for _ in range(200)) > 150


STEPS = "steps: [{name: a, capacity: 1, time: 1}]\n"
GOOD = f"name: x\n{STEPS}arrivals: [{{step: a, per_hour: 1}}]\n"
NO_PATHWAY = [
    "", "~", "[]", "42", "text", "- a", "{", "}", "[" * 5000, "a: b: c", "\t- a", "a: 'b", "\0", "%YAML 9.9", "&a [*a]",
    "--- 1\n--- 2", "? {a: b}\n: c", "{[a]: b}", "name: !!python/object:os.system x", "starts: !!timestamp soon",
    "a: " + "9" * 5000, "name: !!float x", "name: !!int ''", "name: !!bool x", "steps: *missing", "<<: {a: b}",
    "nam: x\n" + STEPS, "name: [x]\n" + STEPS + "arrivals: []", STEPS, "steps: 5\narrivals: []",
    "steps: {}\narrivals: []", "steps: [5]\narrivals: []", "steps: [{}]\narrivals: []", "steps: []\narrivals: []",
]  # fmt: skip
NOT_YAML = "The text is not YAML near line 1. Check indents, colons and quotes there, and that no name stands twice."
SLIPS = [
    ("time: 1", "time: soon"), ("time: 1", "time: {}"), ("time: 1", "time: {Exp: 1}"), ("time: 1", "time: [1]"),
    ("time: 1", "time: {Exponential: 0}"), ("time: 1", "time: {Empirical: 3}"),
    ("time: 1", "time: {Empirical: [[1], 2]}"),
    ("time: 1", "time: {by_group: 3}"), ("time: 1", "time: {by_group: {g: 1}, more: 2}"), ("time: 1", "time: 1e9"),
    ("time: 1", "time: 1, priority: high"), ("time: 1", "time: 1, patience: never"),
    ("time: 1", "time: 1, colour: red"),
    ("time: 1", "time: 1, queue_limit: -1"), ("time: 1", "time: 1, queue_limit: {a: 1}"),
    ("time: 1", "time: 1, name: b"),
    ("time: 1", "time: 1, leaves_between: [9, 20]"), ("time: 1", "time: 1, divert_to: b"), ("time: 1", "tme: 1"),
    ("capacity: 1", "capacity: two"), ("capacity: 1", "capacity: [1]"), ("capacity: 1", "capacity: {rota: 5}"),
    ("capacity: 1", "capacity: {rota: [1, 2]}"), ("capacity: 1", "capacity: {slots: [[Mon, 8]]}"),
    ("capacity: 1", "capacity: {slots: [8]}"), ("capacity: 1", "capacity: 9999999999999"), ("name: a", "name: [a]"),
    ("name: a", "name: 1.5"), ("name: a", 'name: "a\\nb"'), ("per_hour: 1", "per_hour: -1"),
    ("per_hour: 1", "per_hour: {a: 1}"), ("per_hour: 1", "times: 5"), ("per_hour: 1", "times: [2, 1]"),
    ("per_hour: 1", "per_hour: !!binary aGk="), ("per_hour: 1", "per_hour: !!set {a}"), ("step: a,", "step: b,"),
    ("step: a,", ""), ("name: x", "routes: [{from: a}]"), ("name: x", "routes: [{from: a, to: b}]"),
    ("name: x", "routes: [{from: a, to: a, share: 50}]"), ("name: x", "routes: [{from: a, to: a, group: g}]"),
    ("name: x", "routes: 7"), ("name: x", "starts: 2026-02-30"), ("name: x", "starts: 2026-01-06"),
    ("name: x", "starts: soon"), ("name: x", "starts: 9999-12-27"), ("name: x", "starts: [2026]"),
    ("name: x", "arrivals: []"), ("name: x", "name: {x: y}"),
]  # fmt: skip


def test_the_file_that_is_spoilt_below_is_good_before():
    assert from_text(GOOD).step_names == ("a",)
    assert all(right in GOOD for right, _ in SLIPS)


@pytest.mark.parametrize("text", NO_PATHWAY + [GOOD.replace(*slip) for slip in SLIPS], ids=lambda text: text[:40])
def test_a_broken_file_ends_in_a_sentence(text):
    sentence = said(lambda: from_text(text))
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    assert len(sentence) < 400


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 'b", NOT_YAML),
        (GOOD + "name: y\n", NOT_YAML),
        ("nme: x\n" + GOOD,
         ('No part of a pathway called "nme"; there are "name", "starts", "steps", "arrivals", "routes". '
         'Did you mean "name"?')),
        ("name: x", "steps must be a list; nothing came."),
        ("soon", 'The file must be names with values, such as "name: triage"; text came.'),
        ("steps: [{name: a}]\narrivals: []", 'steps, entry 1 needs "capacity", "time". Add it.'),
        (GOOD.replace("capacity: 1", "capacity: some"),
         "step \"a\" capacity (a number, \"unlimited\", a rota or slots) must be a number; 'some' came."),
        (GOOD.replace("time: 1", "time: {Exponential: 0}"),
         'step "a" time: Exponential mean must be above 0 hours; 0 came.'),
        (GOOD + "starts: 2026-02-30\n", "starts must be a date such as 2026-01-05; '2026-02-30' came."),
    ],
)  # fmt: skip
def test_a_broken_file_says_what_is_wrong_and_where(text, sentence):
    assert said(lambda: from_text(text)) == sentence


def test_what_a_person_writes_by_hand_is_read_as_they_mean_it():
    """YAML of 2005 would read `no` as false, 20:00 as 1200 and 1 as a number where a name is meant."""
    pathway = from_text(
        """
        name: 2026
        starts: 2026-01-12
        steps:
          - {name: no, capacity: unlimited, time: 48 minutes, leaves_between: [09:00, 20:00], leaves_on: Mon-Fri}
          - name: 24
            capacity: {slots: [[Mon 10:00, 8]]}
            time: {by_group: {1: 0.5, 2: {LogNormal: {mean: 2 days, cv: 1}}}}
        arrivals: [{step: no, group: 1, per_hour: 2}, {step: no, group: 2, times: [1, 2.5]}]
        routes: [{from: no, to: 24, share: 0.5}]
        """
    )
    assert pathway.name == "2026"
    assert pathway.step_names == ("no", "24")
    assert pathway.groups == ("1", "2")
    assert pathway.step("no").time.mean == pytest.approx(0.8)
    assert pathway.step("no").leaves_between == ("09:00", "20:00")
    assert pathway.step("24").time_for("2").mean == 48
    assert pathway.starts == dt.datetime(2026, 1, 12)  # noqa: DTZ001


def test_files_are_written_read_and_refused_by_name(tmp_path):
    file = tmp_path / "ed.yaml"
    ed().save(file)
    assert Pathway.load(file) == ed()
    file.write_text("steps: 5\narrivals: []\n", encoding="utf-8")
    assert said(lambda: Pathway.load(file)) == 'In "ed.yaml": steps must be a list; a number came.'
    assert said(lambda: ed().save(tmp_path / "ed.txt")) == (
        'A pathway is saved as a .yaml or .xlsx file; "ed.txt" came. Change its ending.'
    )
    assert said(lambda: ed().save(tmp_path / "missing" / "ed.yaml")) == (
        '"ed.yaml" cannot be written. Check that its folder is there, and close the file in other programs.'
    )
    assert said(lambda: Pathway.load(tmp_path / "no.yaml")).startswith('There is no file "no.yaml" in ')
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\xff\xfe")
    assert said(lambda: Pathway.load(tmp_path / "picture.yaml")) == (
        '"picture.yaml" is not a text file, so it holds no pathway.'
    )
