"""Are closed networks those of mean value analysis, of the finite-source queue, and of exact fractions?"""

import itertools
import math
from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from refusals import said

from flowlib.diagnose.queueing.closed import closed_network
from flowlib.diagnose.queueing.finite import finite_source

steady = settings(deadline=None, derandomize=True, max_examples=60)


def test_three_steps_are_the_chain_solved_by_linear_algebra():
    """States: how many at each step, of 6 people; from the first to the second or third, and back."""
    people, services, staff, shares = 6, (1.0, 0.7, 2.0), (2, 3, 1), (0.6, 0.4)
    states = [s for s in itertools.product(range(people + 1), repeat=3) if sum(s) == people]
    place = {state: n for n, state in enumerate(states)}
    flow = np.zeros((len(states),) * 2)
    for state in states:
        for here, there, share in ((0, 1, shares[0]), (0, 2, shares[1]), (1, 0, 1), (2, 0, 1)):
            if state[here]:
                target = tuple(n + (k == there) - (k == here) for k, n in enumerate(state))
                flow[place[state], place[target]] += services[here] * min(state[here], staff[here]) * share
    flow -= np.diag(flow.sum(axis=1))
    chances = np.linalg.lstsq(np.vstack([flow.T, np.ones(len(states))]), np.append(np.zeros(len(states)), 1))[0]
    found = closed_network(people, [1, *shares], services, servers=staff)
    for step in range(3):
        there = np.array([state[step] for state in states])
        met = services[step] * np.minimum(there, staff[step])
        assert found.steps[step].mean_in_system == pytest.approx(chances @ there)
        assert found.steps[step].mean_queue == pytest.approx(chances @ np.maximum(there - staff[step], 0))
        assert found.rates[step] == pytest.approx(chances @ met)
        assert found.steps[step].chance_of_empty == pytest.approx(chances @ (there == 0))
    # Those who come to the first step leave another: they see it one person short.
    leaving = sum(services[k] * np.array([min(s[k], staff[k]) for s in states]) for k in (1, 2))
    full = np.array([state[0] >= staff[0] for state in states])
    assert found.steps[0].chance_of_waiting == pytest.approx((chances * leaving) @ full / (chances @ leaving))


@steady
@given(st.lists(st.tuples(st.floats(0.1, 5), st.floats(0.1, 5)), min_size=1, max_size=6), st.integers(1, 40))
def test_with_one_server_a_step_it_is_mean_value_analysis(steps, people):
    """M. Reiser and S. Lavenberg, 1980: those who come see the network with one person fewer, person by person."""
    demands = [visits / service for visits, service in steps]
    queue = [0.0] * len(steps)
    for count in range(1, people + 1):
        stays = [demand * (1 + there) for demand, there in zip(demands, queue, strict=True)]
        rate = count / sum(stays)
        queue = [rate * stay for stay in stays]
    found = closed_network(people, *zip(*steps, strict=True), servers=[1] * len(steps))
    assert [line.mean_in_system for line in found.steps] == pytest.approx(queue, rel=1e-9)
    assert found.rates == pytest.approx([rate * visits for visits, _ in steps], rel=1e-9)
    assert found.mean_round == pytest.approx(sum(stays), rel=1e-9)


@pytest.mark.parametrize(("people", "servers"), [(1, 1), (12, 3), (400, 40), (400, 300)])
def test_with_a_step_for_everybody_it_is_the_finite_source_queue(people, servers):
    """The menders of machines, worked out in another room by another recursion."""
    mended = finite_source(people, 0.25, 2, servers=servers)
    found = closed_network(people, [1, 1], [0.25, 2], servers=[people, servers]).steps[1]
    for name in ("mean_in_system", "mean_queue", "mean_wait", "chance_of_waiting", "chance_of_empty", "utilisation"):
        assert getattr(found, name) == pytest.approx(getattr(mended, name), rel=1e-9, abs=1e-250)


def test_everybody_is_somewhere_and_rates_are_as_visits_at_any_size():
    """Rates from 10^-9 to 10^9, one step far slower than the rest, and 500 people: nothing overflows."""
    visits = [1, 3, 0.001]
    found = closed_network(500, visits, [1e-9, 1, 1e9], servers=[2, 7, 1])
    assert math.fsum(line.mean_in_system for line in found.steps) == pytest.approx(500, rel=1e-9)
    assert [rate / often for rate, often in zip(found.rates, visits, strict=True)] == pytest.approx(
        [2e-9] * 3, rel=1e-9
    )


def test_two_people_and_two_steps_by_hand():
    """Weights 1, 1/2, 1/4 and 1, 1, 1 of 0, 1, 2 at steps of rates 2 and 1: chances 4/7, 2/7, 1/7 at the first."""
    found = closed_network(2, [1, 1], [2, 1], servers=[1, 1])
    assert found.steps[0].mean_in_system == pytest.approx(float(Fraction(4, 7)))
    assert found.rates == pytest.approx((6 / 7, 6 / 7))


REFUSED = {
    "people": (
        lambda: closed_network(0, [1], [1], servers=[1]),
        "The number of people must be a whole number, 1 or more; 0 came.",
    ),
    "lengths": (
        lambda: closed_network(3, [1, 1], [1], servers=[1, 1]),
        "Each step needs its visits, service rate and number of servers; 2, 1 and 2 came.",
    ),
    "list": (lambda: closed_network(3, 1, [1], servers=[1]), "Give a list with one number for each step; 1 came."),
    "visits": (lambda: closed_network(3, [0], [1], servers=[1]), "The visits to step 1 must be above 0; 0 came."),
    "rate": (lambda: closed_network(3, [1], [-1], servers=[1]), "The service rate of step 1 must be above 0; -1 came."),
    "servers": (
        lambda: closed_network(3, [1], [1], servers=[0]),
        "The number of servers at step 1 must be a whole number, 1 or more; 0 came.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_answer_is_refused_with_a_sentence(name):
    ask, sentence = REFUSED[name]
    assert said(ask) == sentence
