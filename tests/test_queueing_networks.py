"""Are networks of queues those of the books, of chains solved by linear algebra, and of simulated journeys?"""

import math
from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from chains import published, settled_states
from hypothesis import given, settings
from refusals import said
from scipy import stats

from flowlib import Arrivals, Exponential, Pathway, Route, Step, simulate
from flowlib.diagnose.queueing import mmc
from flowlib.diagnose.queueing.networks import jackson, jackson_by_class

steady = settings(deadline=None, derandomize=True, max_examples=60)


def test_a_central_server_is_the_published_one():
    """Its table has rows of where from, as ours."""
    case = published("Q22")
    inputs, expected = case["inputs"], case["expected"]
    found = jackson(inputs["ext"], [1 / time for time in inputs["S"]], inputs["P"], servers=inputs["c"])
    assert found.arrival_rates == pytest.approx(expected["X"], abs=case["tolerance"])
    for name, symbol in (("utilisation", "U"), ("mean_time_in_system", "R"), ("mean_in_system", "Q")):
        values = [getattr(line, name) for line in found.steps]
        assert values == pytest.approx(expected[symbol], abs=case["tolerance"]), symbol


def test_three_facilities_are_the_published_ones():
    """Hillier and Lieberman: 5 = 1 + 0.1 × 10 + 0.4 × 7.5, so its table as kept here has rows of where from."""
    case = published("Q25")
    inputs, expected = case["inputs"], case["expected"]
    found = jackson(inputs["ext"], inputs["mu"], inputs["P"], servers=inputs["c"])
    assert found.arrival_rates == pytest.approx(expected["lam"], abs=case["tolerance"])
    assert [line.utilisation for line in found.steps] == pytest.approx(expected["rho"], abs=case["tolerance"])
    assert [line.mean_in_system for line in found.steps] == pytest.approx(expected["L"], abs=case["tolerance"])
    assert found.mean_in_system == pytest.approx(expected["L_total"], abs=case["tolerance"])
    assert found.mean_time_in_system == pytest.approx(expected["W_total"], abs=case["tolerance"])
    assert found.mean_wait == pytest.approx(expected["W_total"] - sum(expected["lam"]) / 10 / 8)
    assert found.visits == pytest.approx([rate / 8 for rate in expected["lam"]])


def test_one_step_is_mmc():
    found, alone = jackson([4], [1], [[0]], servers=5), mmc(4, 1, servers=5)
    assert found.steps == (alone,)
    assert (found.mean_in_system, found.mean_time_in_system) == pytest.approx(
        (alone.mean_in_system, alone.mean_time_in_system)
    )


def test_two_steps_with_a_way_back_are_the_chain_solved_by_linear_algebra():
    """States: how many at each step. Cut at 40 at each, beyond which there is less than 1 in 10^9."""
    top, outside, services, staff, back, on = 40, (0.5, 0.2), (1.0, 1.5), (2, 1), 0.3, 0.6

    def moves(state):
        first, second = state
        if first < top:
            yield (first + 1, second), outside[0]
        if second < top:
            yield (first, second + 1), outside[1]
        if first:
            rate = services[0] * min(first, staff[0])
            yield (first - 1, second), rate * (1 - on)
            if second < top:
                yield (first - 1, second + 1), rate * on
        if second:
            rate = services[1] * min(second, staff[1])
            yield (first, second - 1), rate * (1 - back)
            if first < top:
                yield (first + 1, second - 1), rate * back

    chances = settled_states((0, 0), moves)
    found = jackson(outside, services, [[0, on], [back, 0]], servers=staff)
    for place in (0, 1):
        there = sum(chance * state[place] for state, chance in chances.items())
        busy = sum(chance * min(state[place], staff[place]) for state, chance in chances.items())
        assert found.steps[place].mean_in_system == pytest.approx(there, rel=1e-7)
        assert found.steps[place].utilisation == pytest.approx(busy / staff[place], rel=1e-9)


def test_two_classes_in_turn_are_the_chain_of_who_stands_where():
    """States: the class of each person in each queue, in order. Cut at 7 people: the rest add less than 1 in 10^4."""
    outside, services, top = ((0.05, 0.03), (0.07, 0.0)), (1.0, 1.2), 7
    routings = [[[0, 0], [0.5, 0]], [[0, 0.7], [0, 0]]]

    def moves(state):
        if len(state[0]) + len(state[1]) < top:
            for kind in (0, 1):
                for place in (0, 1):
                    if outside[kind][place]:
                        yield tuple(q + (kind,) * (k == place) for k, q in enumerate(state)), outside[kind][place]
        for place in (0, 1):
            if state[place]:
                kind, other = state[place][0], 1 - place
                on = routings[kind][place][other]
                kept = list(state)
                kept[place] = state[place][1:]
                yield tuple(kept), services[place] * (1 - on)
                if on:
                    kept[other] += (kind,)
                    yield tuple(kept), services[place] * on

    chances = settled_states(((), ()), moves)
    found = jackson_by_class(outside, services, routings, servers=1)
    for kind in (0, 1):
        there = sum(chance * (state[0] + state[1]).count(kind) for state, chance in chances.items())
        assert found.classes[kind].mean_in_system == pytest.approx(there, rel=1e-4)
        assert found.classes[kind].mean_time_in_system == pytest.approx(there / sum(outside[kind]), rel=1e-4)


tables = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.floats(0, 1), min_size=n, max_size=n), min_size=n, max_size=n),
        st.lists(st.floats(0.01, 5), min_size=n, max_size=n),
        st.lists(st.integers(1, 9), min_size=n, max_size=n),
    )
)


@steady
@given(tables, st.floats(0.05, 0.99), st.floats(0.01, 0.9))
def test_what_comes_is_what_leaves_and_little_holds(table, use, leaving):
    """Flow in is flow out at each step and in all; and people are rate times time (J. D. C. Little, 1961)."""
    rows, outside, staff = table
    routing = np.array([np.array(row) / max(sum(row), 1) * (1 - leaving) for row in rows])
    rates = np.linalg.solve(np.eye(len(outside)) - routing.T, outside)
    services = rates / use / staff
    found = jackson(outside, services, routing, servers=staff)
    assert found.arrival_rates == pytest.approx(rates, rel=1e-9)
    assert sum(rates * (1 - routing.sum(axis=1))) == pytest.approx(sum(outside), rel=1e-9)
    assert found.mean_in_system == pytest.approx(sum(outside) * found.mean_time_in_system, rel=1e-12)
    per_visit = [visits * line.mean_time_in_system for visits, line in zip(found.visits, found.steps, strict=True)]
    assert sum(per_visit) == pytest.approx(found.mean_time_in_system, rel=1e-9)
    assert found.classes[0].mean_wait == pytest.approx(found.mean_wait, rel=1e-9, abs=1e-300)


@steady
@given(tables, st.floats(0.05, 0.99))
def test_people_told_apart_who_do_the_same_are_one_class(table, use):
    """Split in two, each class's journey is that of all."""
    rows, outside, staff = table
    routing = np.array([np.array(row) / max(sum(row), 1) * 0.8 for row in rows])
    services = np.linalg.solve(np.eye(len(outside)) - routing.T, outside) / use / staff
    one = jackson(outside, services, routing, servers=staff)
    split = [[0.25 * rate for rate in outside], [0.75 * rate for rate in outside]]
    two = jackson_by_class(split, services, [routing, routing], servers=staff)
    assert two.arrival_rates == pytest.approx(one.arrival_rates, rel=1e-9)
    for kind in two.classes:
        assert kind.mean_time_in_system == pytest.approx(one.mean_time_in_system, rel=1e-7)
    assert sum(kind.mean_in_system for kind in two.classes) == pytest.approx(two.mean_in_system, rel=1e-9)


@pytest.mark.parametrize("leaves", [2.0**-36, 2.0**-20, 0.5])
@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_rates_keep_all_figures_where_people_hardly_ever_leave(leaves, scale):
    """By hand, in fractions: round and round, and out of the last only; each has the outside rate over that share."""
    rate = float(Fraction(scale) / Fraction(leaves))
    found = jackson([scale, 0, 0], [2 * rate] * 3, [[0, 1, 0], [0, 0, 1], [1 - leaves, 0, 0]], servers=1)
    assert found.arrival_rates == pytest.approx([rate] * 3, rel=1e-13)
    assert found.mean_in_system == pytest.approx(3, rel=1e-9)


def test_thousands_of_servers_and_use_near_1_are_mmc():
    found = jackson([4995, 0], [1, 4995 * 0.5 / 0.999999], [[0, 0.5], [0, 0]], servers=[5000, 1])
    assert found.steps[0] == mmc(4995, 1, servers=5000)
    assert found.steps[1].mean_in_system == pytest.approx(0.999999 / 1e-6, rel=1e-9)


def test_a_step_that_nobody_reaches_is_empty_and_may_lead_nowhere():
    """By hand: the second step has no way in; the one before it is an M/M/1 at half use."""
    found = jackson([1, 0], [2, 4], [[0, 0], [0, 1]], servers=1)
    idle = found.steps[1]
    assert (idle.utilisation, idle.mean_in_system, idle.mean_time_in_system, idle.chance_of_empty) == (0, 0, 0.25, 1)
    assert idle.wait_longer_than(0) == 0
    assert (found.mean_in_system, found.visits) == (pytest.approx(1), (1, 0))


# Simulated

RUNS = 16
WIDE = float(stats.t.ppf(0.9995, RUNS - 1))  # standard errors that a mean strays but 1 time in 1,000


def test_simulated_journeys_of_two_classes_are_the_formula():
    """Total time in steps of each class, a person, in the fast engine."""
    steps = [Step("a", 2, Exponential(1)), Step("b", 1, Exponential(0.5)), Step("c", 3, Exponential(2))]
    routes = [
        Route("a", "b", 0.5, group="x"),
        Route("b", "a", 0.4, group="x"),
        Route("a", "c", 0.6, group="y"),
        Route("c", "b", 1.0, group="y"),
    ]
    pathway = Pathway("two", steps, [Arrivals("a", "x", per_hour=0.6), Arrivals("a", "y", per_hour=0.8)], routes)
    routings = [[[0, 0.5, 0], [0.4, 0, 0], [0, 0, 0]], [[0, 0, 0.6], [0, 0, 0], [0, 1, 0]]]
    truth = jackson_by_class([[0.6, 0, 0], [0.8, 0, 0]], [1, 2, 0.5], routings, servers=[2, 1, 3])
    found = []
    for run in range(RUNS):
        rows = simulate(pathway, days=150, warm_up_days=20, seed=700 + run).in_hours
        rows = rows[rows["arrived"] >= 0]
        spent = (rows["left"] - rows["arrived"]).groupby(rows["group"].astype(str)).sum()
        found.append([spent[name] / (150 * 24) for name in "xy"])
    error = np.std(found, axis=0, ddof=1) / math.sqrt(RUNS)
    for place in (0, 1):
        expected = truth.classes[place].mean_in_system
        assert np.mean(found, axis=0)[place] == pytest.approx(expected, abs=WIDE * error[place])
        assert error[place] < expected / 20


TURNED = " If your rows are where people go to, turn the table round."
REFUSED = {
    "row": (
        lambda: jackson([1, 1], [4, 4], [[0.5, 0.6], [0, 0]], servers=1),
        "Row 1 of the routing sums to 1.1; a row holds the shares that go on from one step, 1 at most." + TURNED,
    ),
    "class row": (
        lambda: jackson_by_class([[1], [1]], [4], [[[0]], [[2]]], servers=1),
        "Row 1 of the routing of class 2 sums to 2; a row holds the shares that go on from one step, 1 at most."
        + TURNED,
    ),
    "stuck": (
        lambda: jackson([1, 0, 0], [4, 4, 4], [[0, 0.5, 0], [0, 0, 1], [0, 1, 0]], servers=1),
        "People who reach step 2 can never leave. Let some row on their way sum to less than 1.",
    ),
    "full": (
        lambda: jackson([2, 0], [4, 3], [[0, 1], [0.5, 0]], servers=[2, 1]),
        (
            "Step 2: Demand must stay below capacity; 4 arrive per unit of time and 1 server can complete 3."
            " Add servers (at least 2 in all), or simulate a fixed period."
        ),
    ),
    "nobody": (
        lambda: jackson([0, 0], [4, 3], [[0, 1], [0, 0]], servers=1),
        "Nobody comes from outside. Give at least one step an external rate above 0.",
    ),
    "outside": (
        lambda: jackson([1], [4, 3], [[0, 1], [0, 0]], servers=1),
        "The external rates and the service rates must be as many; 1 and 2 came.",
    ),
    "table": (
        lambda: jackson([1, 1], [4, 3], [[0, 1], [0]], servers=1),
        "The routing must have 2 rows of 2 numbers, a row for each step that people come from; its rows have 2, 1.",
    ),
    "flat": (
        lambda: jackson([1, 1], [4, 3], [0, 1], servers=1),
        "Give a list with one entry for each step; 0 came.",
    ),
    "share": (
        lambda: jackson([1, 1], [4, 3], [[0, -1], [0, 0]], servers=1),
        "A share in row 1 of the routing must be 0 or more; -1 came.",
    ),
    "servers": (
        lambda: jackson([1, 1], [4, 3], [[0, 1], [0, 0]], servers=[1, 2, 3]),
        "Give one number of servers for each of 2 steps, or one for all; 3 came.",
    ),
    "server": (
        lambda: jackson([1, 1], [4, 3], [[0, 1], [0, 0]], servers=[1, 0]),
        "The number of servers at step 2 must be a whole number, 1 or more; 0 came.",
    ),
    "service": (
        lambda: jackson([1, 1], [4, 0], [[0, 1], [0, 0]], servers=1),
        "The service rate of step 2 must be above 0; 0 came.",
    ),
    "rate": (
        lambda: jackson_by_class([[1], [-1]], [4], [[[0]], [[0]]], servers=1),
        "The external rate of class 2 at step 1 must be 0 or more; -1 came.",
    ),
    "classes": (
        lambda: jackson_by_class([[1], [1]], [4], [[[0]]], servers=1),
        "Each class needs its external rates and its routing; 2 and 1 came.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_answer_is_refused_with_a_sentence(name):
    ask, sentence = REFUSED[name]
    assert said(ask) == sentence
