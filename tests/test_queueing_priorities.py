"""Are waits by priority, and with the shortest job first, those of the books, of chains, and simulated?"""

import heapq
import itertools
import math

import hypothesis.strategies as st
import mpmath
import numpy as np
import pytest
from chains import published, settled_states
from hypothesis import given, settings
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
    Step,
    Triangular,
    Uniform,
    Weibull,
    simulate,
)
from flowlib.diagnose.queueing import mg1, mmc
from flowlib.diagnose.queueing.priorities import priority_mg1, priority_mmc
from flowlib.diagnose.queueing.shortest import shortest_job_first

steady = settings(deadline=None, derandomize=True, max_examples=60)
shares = st.lists(st.floats(0.01, 1), min_size=1, max_size=6)


# M/M/c


def test_waits_are_the_published_ones_where_services_are_finished():
    case = published("Q33")
    lines = priority_mmc(case["inputs"]["lam"], case["inputs"]["mu"], servers=case["inputs"]["c"])
    assert [line.mean_wait for line in lines] == pytest.approx(case["expected"]["Wq_exact"], abs=case["tolerance"])


def test_waits_are_the_published_ones_where_the_higher_take_over():
    case = published("Q35")
    lines = priority_mmc(case["inputs"]["lam"], case["inputs"]["mu"], servers=case["inputs"]["c"], preemptive=True)
    waits = [line.mean_wait for line in lines]
    assert waits == pytest.approx(case["expected"]["W_minus_1overmu"], abs=case["tolerance"])


@steady
@given(shares, st.floats(0.05, 0.99), st.integers(1, 200), st.floats(1e-3, 1e3), st.booleans())
def test_priority_moves_waiting_about_and_never_removes_it(parts, use, servers, service, preemptive):
    """L. Kleinrock's conservation law: with one service rate, the sum of rates times waits is that of M/M/c."""
    rates = [use * servers * service * part / sum(parts) for part in parts]
    lines = priority_mmc(rates, service, servers=servers, preemptive=preemptive)
    whole = mmc(sum(rates), service, servers=servers)
    assert sum(line.mean_queue for line in lines) == pytest.approx(whole.mean_queue, rel=1e-9, abs=1e-300)
    assert sum(line.mean_in_system for line in lines) == pytest.approx(whole.mean_in_system, rel=1e-9)
    assert sum(line.utilisation for line in lines) == pytest.approx(whole.utilisation, rel=1e-12)
    assert lines[-1].chance_of_waiting == pytest.approx(whole.chance_of_waiting, rel=1e-9)
    assert [line.chance_of_empty for line in lines] == pytest.approx([whole.chance_of_empty] * len(lines), rel=1e-9)
    for lower, higher in itertools.pairwise(reversed(lines)):
        assert lower.mean_wait >= higher.mean_wait
    for rate, line in zip(rates, lines, strict=True):
        assert line.mean_queue == pytest.approx(rate * line.mean_wait, rel=1e-12)
        assert line.mean_in_system == pytest.approx(rate * line.mean_time_in_system, rel=1e-12)


@steady
@given(st.floats(0.05, 0.99), st.integers(1, 100), st.booleans())
def test_one_class_is_mmc(use, servers, preemptive):
    (line,), whole = (
        priority_mmc([use * servers], 1, servers=servers, preemptive=preemptive),
        mmc(use * servers, 1, servers=servers),
    )
    for name in ("utilisation", "chance_of_waiting", "mean_wait", "mean_queue", "mean_in_system", "chance_of_empty"):
        assert getattr(line, name) == pytest.approx(getattr(whole, name), rel=1e-9)
    assert line.wait_longer_than(0.3) == pytest.approx(whole.wait_longer_than(0.3), rel=1e-9)


@pytest.mark.parametrize("servers", [1, 2, 5])
def test_two_classes_in_turn_are_the_chain_solved_by_linear_algebra(servers):
    """States: people in service, and how many of each class wait. Cut at 45 waiting of each, less than 1 in 10^9."""
    high, low, service, top = 0.25 * servers, 0.3 * servers, 1.0, 45

    def moves(state):
        busy, first, second = state
        if busy < servers:
            yield (busy + 1, 0, 0), high + low
        else:
            if first < top:
                yield (busy, first + 1, second), high
            if second < top:
                yield (busy, first, second + 1), low
        if first or second:
            yield (busy, first - 1, second) if first else (busy, 0, second - 1), busy * service
        elif busy:
            yield (busy - 1, 0, 0), busy * service

    chances = settled_states((0, 0, 0), moves)
    found = priority_mmc([high, low], service, servers=servers)
    assert found[0].mean_queue == pytest.approx(sum(c * state[1] for state, c in chances.items()), rel=1e-8)
    assert found[1].mean_queue == pytest.approx(sum(c * state[2] for state, c in chances.items()), rel=1e-8)
    waiting = sum(c for state, c in chances.items() if state[0] == servers)
    assert [line.chance_of_waiting for line in found] == pytest.approx([waiting, waiting], rel=1e-9)
    assert found[1].chance_of_empty == pytest.approx(chances[0, 0, 0], rel=1e-9)
    # One of the first class waits for as many departures as there are of its own ahead, and one more.
    longer = sum(c * stats.poisson.cdf(state[1], servers * 0.7) for state, c in chances.items() if state[0] == servers)
    assert found[0].wait_longer_than(0.7) == pytest.approx(longer, rel=1e-8)


@pytest.mark.parametrize("servers", [1, 2, 5])
def test_two_classes_that_take_over_are_the_chain_solved_by_linear_algebra(servers):
    """States: how many of each class are there. Cut at 50 of each, less than 1 in 10^9."""
    high, low, top = 0.25 * servers, 0.3 * servers, 50

    def moves(state):
        first, second = state
        if first < top:
            yield (first + 1, second), high
        if second < top:
            yield (first, second + 1), low
        if first:
            yield (first - 1, second), min(first, servers)
        if second and first < servers:
            yield (first, second - 1), min(second, servers - first)

    chances = settled_states((0, 0), moves)
    found = priority_mmc([high, low], 1, servers=servers, preemptive=True)
    for place in (0, 1):
        assert found[place].mean_in_system == pytest.approx(sum(c * s[place] for s, c in chances.items()), rel=1e-8)
    met = (
        sum(c for state, c in chances.items() if state[0] >= servers),
        sum(c for state, c in chances.items() if sum(state) >= servers),
    )
    assert [line.chance_of_waiting for line in found] == pytest.approx(met, rel=1e-8)


def by_hand(rates, service, servers, preemptive):
    """Oracle: the formulas as printed, with 120 figures, so that differences lose none that matter."""
    with mpmath.workdps(120):
        ahead, before, waits = mpmath.mpf(0), mpmath.mpf(0), []

        def queue(rate):
            load = mpmath.mpf(rate) / mpmath.mpf(service)
            full = mpmath.mpf(1)
            for number in range(1, servers + 1):
                full = load * full / (number + load * full)
            waiting = servers * full / (servers - load * (1 - full))
            return waiting, waiting * load / (servers - load)

        total = sum(map(mpmath.mpf, rates))
        waiting = None if preemptive else queue(total)[0]
        for rate in map(mpmath.mpf, rates):
            capacity = servers * mpmath.mpf(service)
            if preemptive:
                now = queue(ahead + rate)[1]
                waits.append((now - before) / rate)
                before = now
            else:
                waits.append(waiting / capacity / (1 - ahead / capacity) / (1 - (ahead + rate) / capacity))
            ahead += rate
        return [float(wait) for wait in waits]


@pytest.mark.parametrize("preemptive", [False, True])
@pytest.mark.parametrize(
    ("rates", "service", "servers"),
    [
        ([2000, 1500, 1495], 1, 5000),
        ([4990, 1e-9, 5], 1, 5000),
        ([1e-9, 0.999999], 1, 1),
        ([0.9, 1e-9, 0.0999], 1, 1),
        ([1e9, 2e9, 9e8], 1e9, 4),
        ([1e-9, 2e-9, 9e-10], 1e-9, 4),
        ([3.5, 1e-15, 0.4999], 1, 4),
        ([1e-9, 3.9], 1, 4),
    ],
)
def test_waits_have_nine_figures_at_every_edge(rates, service, servers, preemptive):
    """The printed formulas in 120 figures (mpmath): thousands of servers, use near 1, rates from 10^-9 to 10^9."""
    found = [line.mean_wait for line in priority_mmc(rates, service, servers=servers, preemptive=preemptive)]
    assert found == pytest.approx(by_hand(rates, service, servers, preemptive), rel=1e-9, abs=1e-290)


def test_a_starved_class_has_no_end_and_the_others_are_as_if_the_servers_never_rest():
    """By hand, one server at 3 an hour: 1/3 / (14/15), then / (14/15 × 11/15); the rest of the server is the last's."""
    lines = priority_mmc([0.2, 0.6, 2.4, 1], 3, servers=1)
    assert [line.mean_wait for line in lines[:2]] == pytest.approx([5 / 14, 75 / 154])
    assert [line.utilisation for line in lines] == pytest.approx([1 / 15, 1 / 5, 11 / 15, 0])
    for line in lines[2:]:
        assert (line.mean_wait, line.mean_queue, line.mean_in_system, line.mean_time_in_system) == (math.inf,) * 4
    assert [line.chance_of_waiting for line in lines] == [1] * 4
    assert {line.chance_of_empty for line in lines} == {0}
    above, _, full, _ = priority_mmc([0.2, 0.6, 2.4, 1], 3, servers=1, preemptive=True)
    assert (above.mean_wait, above.chance_of_waiting) == pytest.approx((1 / 42, 1 / 15))  # an M/M/1 of its own
    assert (above.chance_of_empty, full.mean_wait, full.utilisation) == (0, math.inf, pytest.approx(11 / 15))


# M/G/1


def staged(rates, services, stages, *, preemptive, top):
    """Two classes whose services are sums of equal stages (A. K. Erlang): the mean number of each, by a chain."""

    def arrived(state):
        for place in (0, 1):
            if state[place] < top:
                yield (*(n + (place == k) for k, n in enumerate(state[:2])), *state[2:]), rates[place]

    def moves(state):
        first, second, at, done = state  # of each class; who is in service; stages done by first and second
        serving = (0 if first else 1) if preemptive or at is None else at
        for (a, b, _, d), rate in arrived(state):
            yield (
                (a, b, at if (first or second) and not preemptive else (None if preemptive else (0 if a else 1)), d),
                rate,
            )
        if not first and not second:
            return
        rate = services[serving] * stages[serving]
        now = list(done)
        now[serving] += 1
        if now[serving] < stages[serving]:
            yield (first, second, at, tuple(now)), rate
            return
        now[serving] = 0
        left = [first, second]
        left[serving] -= 1
        following = None if preemptive or not any(left) else (0 if left[0] else 1)
        yield (*left, following, tuple(now)), rate

    chances = settled_states((0, 0, None, (0, 0)), moves)
    return [sum(c * state[place] for state, c in chances.items()) for place in (0, 1)]


@pytest.mark.parametrize("preemptive", [False, True])
@pytest.mark.parametrize(("services", "stages"), [((1.0, 1.0), (1, 1)), ((4.0, 0.8), (1, 1)), ((0.7, 3.0), (3, 2))])
def test_two_kinds_of_time_are_the_chain_solved_by_linear_algebra(services, stages, preemptive):
    """Cut at 40 of each class, beyond which there is less than 1 in 10^9."""
    rates = (0.25 * services[0], 0.25 * services[1])
    spreads = [1 / math.sqrt(count) for count in stages]
    found = [line.mean_in_system for line in priority_mg1(rates, services, spreads, preemptive=preemptive)]
    truth = staged(rates, services, stages, preemptive=preemptive, top=40)
    assert found == pytest.approx(truth, rel=1e-6)


@steady
@given(shares, st.floats(0.05, 0.98), st.data())
def test_work_done_in_turn_is_conserved(parts, use, data):
    """The sum of use times wait is that of any order, first come or last (L. Kleinrock, 1965)."""
    count = len(parts)
    services = data.draw(st.lists(st.floats(0.1, 10), min_size=count, max_size=count))
    spreads = data.draw(st.lists(st.floats(0, 3), min_size=count, max_size=count))
    loads = [use * part / sum(parts) for part in parts]
    rates = [load * service for load, service in zip(loads, services, strict=True)]
    lines = priority_mg1(rates, services, spreads)
    rest = sum(load * (1 + cv**2) / 2 / service for load, service, cv in zip(loads, services, spreads, strict=True))
    spread_work = sum(load * line.mean_wait for load, line in zip(loads, lines, strict=True))
    assert spread_work == pytest.approx(use * rest / (1 - use), rel=1e-9)


@steady
@given(shares, st.floats(0.05, 0.98), st.booleans())
def test_with_one_time_and_the_spread_of_chance_mg1_is_mm1(parts, use, preemptive):
    rates = [use * part / sum(parts) for part in parts]
    general = priority_mg1(rates, [1] * len(rates), [1] * len(rates), preemptive=preemptive)
    chance = priority_mmc(rates, 1, servers=1, preemptive=preemptive)
    for one, other in zip(general, chance, strict=True):
        for name in ("utilisation", "chance_of_waiting", "mean_wait", "mean_in_system", "chance_of_empty"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-9)


def test_one_kind_of_time_before_one_server_is_mg1():
    """F. Pollaczek and A. Khinchine, by the other room's own formula."""
    (line,) = priority_mg1([0.7], [1], [1.5])
    assert line.mean_wait == pytest.approx(mg1(0.7, 1, cv_service=1.5).mean_wait, rel=1e-12)


def test_above_a_starved_kind_of_time_the_server_is_always_found_at_work():
    """By hand: class 1 uses 0.2 and rests 0.5 × 1; class 2, clockwork of 4, has the other 0.8 and rests 2."""
    first, second = priority_mg1([0.2, 1], [1, 0.25], [0, 0])
    assert first.mean_wait == pytest.approx((0.2 * 0.5 + 0.8 * 2) / 0.8)
    assert (first.chance_of_waiting, second.utilisation) == pytest.approx((1, 0.8))
    assert (second.mean_wait, second.mean_in_system) == (math.inf, math.inf)
    first, second = priority_mg1([0.2, 1], [1, 0.25], [0, 0], preemptive=True)
    assert first.mean_wait == pytest.approx(0.2 * 0.5 / 0.8)
    assert second.mean_wait == math.inf


# Simulated

RUNS = 16
WIDE = float(stats.t.ppf(0.9995, RUNS - 1))  # standard errors that a mean strays but 1 time in 1,000


def agrees(capacity, times, rates, truths, *, days):
    """The mean wait of each group over the runs lies as near the formula as its own spread allows."""
    names = [f"class {place}" for place in range(len(rates))]
    pathway = Pathway(
        "one",
        [Step("a", capacity, times if not isinstance(times, list) else dict(zip(names, times, strict=True)),
              priority=names)],
        [Arrivals("a", name, per_hour=rate) for name, rate in zip(names, rates, strict=True)],
    )  # fmt: skip
    found = []
    for run in range(RUNS):
        rows = simulate(pathway, days=days, warm_up_days=20, seed=300 + run).in_hours
        rows = rows[rows["arrived"] >= 0]
        waits = (rows["started"] - rows["arrived"]).groupby(rows["group"].astype(str)).mean()
        found.append([waits[name] for name in names])
    for place, truth in enumerate(truths):
        error = np.std(found, axis=0, ddof=1)[place] / math.sqrt(RUNS)
        assert np.mean(found, axis=0)[place] == pytest.approx(truth, abs=WIDE * error)
        assert error < truth / 10


def test_simulated_waits_by_priority_are_the_formulas():
    rates = [0.4, 0.8, 1.2]
    lines = priority_mmc(rates, 1, servers=3)
    agrees(3, Exponential(1), rates, [line.mean_wait for line in lines], days=250)


def test_simulated_waits_of_different_times_are_the_formulas():
    times = [Gamma(0.5, 0.6), LogNormal(2, 1.2)]
    lines = priority_mg1([0.6, 0.2], [2, 0.5], [0.6, 1.2])
    agrees(1, times, [0.6, 0.2], [line.mean_wait for line in lines], days=600)


def test_simulated_waits_above_a_starved_class_are_the_formulas():
    rates = [0.5, 0.9, 2.0]
    lines = priority_mmc(rates, 1, servers=2)
    agrees(2, Exponential(1), rates, [line.mean_wait for line in lines[:2]], days=150)


# Shortest job first


def test_shortest_job_first_is_phipps_integral():
    """The integral over the lengths of exponential jobs, with mpmath's own quadrature."""
    for use in (0.1, 0.8, 0.99):
        with mpmath.workdps(30):

            def wait(x, use=use):
                used = use * (1 - (1 + x) * mpmath.exp(-x))
                return use / (1 - used) ** 2 * mpmath.exp(-x)

            truth = float(mpmath.quad(wait, [0, 0.5, 1, 2, 4, 6, 8, 12, 20, 40]))
        assert shortest_job_first(use, Exponential(1)).mean_wait == pytest.approx(truth, rel=1e-9)


def test_shortest_job_first_of_any_even_spread_is_a_sum_by_hand():
    """Uniform from 0 to 2: σ is a parabola, and 1 / (1 - u² / 2)² has an integral in closed form."""
    a = math.sqrt(0.5)
    factor = 0.5 * (1 / (1 - a * a) + math.atanh(a) / a)
    assert shortest_job_first(0.5, Uniform(0, 2)).mean_wait == pytest.approx(0.5 * (4 / 3) / 2 * factor, rel=1e-10)


def test_jobs_of_a_few_lengths_are_classes_by_priority():
    """Cobham, with a class for each length, clockwork within it; two of one length are one class."""
    classes = priority_mg1([0.1, 0.2, 0.1], [4, 1, 0.4], [0, 0, 0])
    mean = sum(line.mean_queue for line in classes) / 0.4
    assert shortest_job_first(0.4, Empirical([0.25, 1, 1, 2.5])).mean_wait == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize(
    "time",
    [LogNormal(1, 1.5), Gamma(1, 0.4), Weibull(1, 1.5), Triangular(0.2, 0.5, 2.3)],
    ids=lambda time: type(time).__name__,
)
def test_many_narrow_classes_come_to_shortest_job_first(time):
    """Cobham with 4,000 and 8,000 classes of equal shares, each at its middle, and the limit of the two."""

    def classes(count):
        lengths = time.ppf((np.arange(count) + 0.5) / count)
        used = 0.8 / time.mean / count * np.append(0, np.cumsum(lengths))
        used *= 0.8 / used[-1]
        return float(np.mean(1 / ((1 - used[:-1]) * (1 - used[1:]))))

    rest = 0.8 * time.mean * (1 + time.cv**2) / 2
    found = shortest_job_first(0.8 / time.mean, time).mean_wait / rest
    coarse, fine = classes(4_000), classes(8_000)
    assert found == pytest.approx(fine, abs=4 * abs(fine - coarse))
    assert abs(fine - coarse) < 0.005


@pytest.mark.parametrize("time", [Exponential(2), Gamma(0.5, 0.5), Gamma(1, 3)], ids=["chance", "even", "wild"])
def test_the_shortest_first_never_lengthens_the_mean_wait(time):
    served = shortest_job_first(0.9 / time.mean, time)
    in_turn = mg1(0.9 / time.mean, 1 / time.mean, cv_service=time.cv)
    assert served.mean_wait < in_turn.mean_wait
    assert (served.utilisation, served.chance_of_waiting) == pytest.approx((0.9, 0.9))
    assert served.mean_in_system == pytest.approx(0.9 / time.mean * served.mean_time_in_system)


def test_jobs_of_one_length_are_served_in_turn():
    assert shortest_job_first(0.9, Constant(1)).mean_wait == pytest.approx(mg1(0.9, 1, cv_service=0).mean_wait)


def played(rng, rate, time, count):
    """Oracle: one server and a heap of those who wait, by length; the mean wait of all."""
    comes, lengths = np.cumsum(rng.exponential(1 / rate, count)), time.draw(rng, count)
    heap, free, place, waits = [], 0.0, 0, []
    while len(waits) < count:
        if not heap:
            free = max(free, comes[place])
        while place < count and comes[place] <= free:
            heapq.heappush(heap, (lengths[place], place))
            place += 1
        length, who = heapq.heappop(heap)
        waits.append(free - comes[who])
        free += length
    return np.mean(waits)


def test_shortest_job_first_is_what_a_heap_of_jobs_gives():
    time = LogNormal(1, 1.2)
    rng = np.random.default_rng(11)
    found = [played(rng, 0.75, time, 30_000) for _ in range(RUNS)]
    error = np.std(found, ddof=1) / math.sqrt(RUNS)
    assert np.mean(found) == pytest.approx(shortest_job_first(0.75, time).mean_wait, abs=WIDE * error)
    assert error < 0.05


TOO_MUCH = "Demand must stay below capacity; 5 arrive per unit of time and 1 server can complete 4."
REFUSED = {
    "first": (
        lambda: priority_mmc([5, 1], 4, servers=1),
        f"Class 1, the highest: {TOO_MUCH} Add servers (at least 2 in all), or simulate a fixed period.",
    ),
    "none": (
        lambda: priority_mmc([], 4, servers=1),
        "Give one number for each class, highest priority first; [] came.",
    ),
    "number": (
        lambda: priority_mmc(3, 4, servers=1),
        "Give one number for each class, highest priority first; 3 came.",
    ),
    "zero": (lambda: priority_mmc([1, 0], 4, servers=1), "The arrival rate of class 2 must be above 0; 0 came."),
    "lengths": (
        lambda: priority_mg1([1, 1], [4], [1, 1]),
        "Each class needs an arrival rate, a service rate and a cv; 2, 1 and 2 came.",
    ),
    "spread": (lambda: priority_mg1([1, 1], [4, 4], [1, -1]), "The cv of class 2 must be 0 or more; -1 came."),
    "full": (
        lambda: priority_mg1([5, 1], [4, 4], [1, 1]),
        (
            "Class 1, the highest, alone fills the server; its load is 1.25."
            " Shorten its service times, or simulate a fixed period."
        ),
    ),
    "tail": (
        lambda: priority_mmc([1, 1], 4, servers=1)[1].wait_longer_than(1),
        "This formula gives the mean wait, not its spread. Simulate to see how many wait longer.",
    ),
    "long": (
        lambda: shortest_job_first(2, Exponential(0.5)),
        (
            "Demand must stay below capacity; 2 arrive per hour and 1 server can complete 2."
            " Shorten the service times, or simulate a fixed period."
        ),
    ),
    "kind": (
        lambda: shortest_job_first(2, 0.25),
        "The time must be a kind of time, such as Exponential(0.5) for half an hour; 0.25 came.",
    ),
    "none at all": (lambda: shortest_job_first(2, Constant(0)), "The mean service time must be above 0 hours; 0 came."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_answer_is_refused_with_a_sentence(name):
    ask, sentence = REFUSED[name]
    assert said(ask) == sentence
