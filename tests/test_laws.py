"""The fast engine held to laws of queues: those that hold in every run, and those that hold on average."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from pathways import cases
from scipy import stats
from scipy.integrate import solve_ivp

from flowlib import Arrivals, Constant, Exponential, Gamma, LogNormal, Pathway, Rota, Route, Step, simulate
from flowlib.core.checks import Refusal
from flowlib.diagnose import queueing
from flowlib.simulation import draws, fast_engine

RUNS = 24
# With so many runs a mean lies within this many of its own standard errors but for 1 time in 1,000 (Student's t).
WIDE = float(stats.t.ppf(0.9995, RUNS - 1))
COMPLETED, STILL_HERE, GAVE_UP, TURNED_AWAY = range(4)
FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


# Laws of every run


def played(case):
    try:
        return fast_engine.run(case.course, case.people, case.luck, until=case.until)
    except Refusal:
        return None


@FEW
@given(cases())
def test_everybody_who_came_has_gone_or_is_still_there(case):
    """Flow in is flow out and those still there, in person and in all."""
    log = played(case)
    if log is None:
        return
    came = np.flatnonzero(case.people.time < case.until)
    assert set(log["person"].tolist()) == set(came.tolist())
    for person in came:
        mine = log["person"] == person
        last = log["next_step"][mine & (log["outcome"] != STILL_HERE)]
        here = bool((mine & (log["outcome"] == STILL_HERE)).any())
        away = bool((mine & (log["outcome"] == TURNED_AWAY)).any())
        gone = bool((last == -1).any()) or away
        assert here != gone


@FEW
@given(cases())
def test_little_holds_at_every_step_of_every_run(case):
    """The area under the number there, counted move by move, is the sum of stays (J. D. C. Little, 1961)."""
    log = played(case)
    if log is None:
        return
    for step in range(len(draws.step_names(case.course))):
        at = (log["step"] == step) & (log["outcome"] != TURNED_AWAY)
        begins = np.maximum(log["arrived"][at], 0)
        ends = np.where(np.isnan(log["left"][at]), case.until, log["left"][at])
        moments = np.concatenate([begins, ends, [case.until]])
        change = np.concatenate([np.ones(len(begins)), -np.ones(len(ends)), [0]])
        order = np.argsort(moments, kind="stable")
        there = np.cumsum(change[order])[:-1]
        area = float((there * np.diff(moments[order])).sum())
        assert area == pytest.approx(float((ends - begins).sum()), abs=1e-6)


def one_step(capacity, time, *streams, **more):
    return Pathway("one", [Step("a", capacity, time, **more)], streams)


@pytest.mark.parametrize("capacity", [1, 3, Rota([2, 4, 1, 3] * 6)], ids=["one", "three", "rota"])
def test_nobody_waits_while_a_place_is_free(capacity):
    """Work conservation: at each moment at which somebody waits, as many are in service as may be."""
    pathway = one_step(capacity, LogNormal(0.8, 1.2), Arrivals("a", "x", per_hour=2), Arrivals("a", "y", per_hour=1),
                       priority=["y"])  # fmt: skip
    log = simulate(pathway, days=20, seed=3).in_hours
    rows = log[["arrived", "started", "left"]].fillna(480.0).to_numpy()
    waited = rows[rows[:, 1] > rows[:, 0]]
    assert len(waited) > 100
    for arrived, started, _ in waited:
        for t in np.linspace(arrived, started, 7)[1:-1]:
            inside = ((rows[:, 1] <= t) & (rows[:, 2] > t)).sum()
            most = capacity if isinstance(capacity, int) else capacity.by_hour[int(t) % 24]
            assert inside >= most  # more, where a rota has just fallen


@pytest.mark.parametrize("seed", range(6))
def test_another_place_never_lengthens_anybodys_wait_where_first_come_is_first_served(seed):
    """
    With the same luck each starts no later: true of one first-come queue (J. Kiefer and J. Wolfowitz, 1955).

    It is not true of a journey: a place more upstream can send people to a later queue sooner.
    """
    starts = [
        simulate(one_step(c, Gamma(1, 1.5), Arrivals("a", per_hour=3.5)), days=30, seed=seed).in_hours["started"]
        for c in (3, 4, 5)
    ]
    for fewer, more in itertools.pairwise(starts):
        assert (more.fillna(720.0).to_numpy() <= fewer.fillna(720.0).to_numpy() + 1e-9).all()
    assert starts[2].sub(starts[0]).min() < -1


# Laws of the mean


def agrees(pathway, measure, truth, *, days, warm_up_days=20):
    """The mean over runs lies as near its formula as its own spread allows."""
    found = []
    for run in range(RUNS):
        log = simulate(pathway, days=days, warm_up_days=warm_up_days, seed=100 + run)
        rows = log.in_hours
        found.append(measure(rows[rows["arrived"] >= 0]))
    error = np.std(found, ddof=1) / math.sqrt(RUNS)
    assert np.mean(found) == pytest.approx(truth, abs=WIDE * error)
    assert error < truth / 10


def wait(rows):
    return (rows["started"] - rows["arrived"]).mean()


def lost(rows):
    return (rows["outcome"] == "turned_away").mean()


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (5, 0.8), (40, 0.95)])
def test_waits_are_those_of_mmc(servers, load):
    pathway = one_step(servers, Exponential(1), Arrivals("a", per_hour=servers * load))
    agrees(pathway, wait, queueing.mmc(servers * load, 1, servers=servers).mean_wait, days=200)


@pytest.mark.parametrize("time", [Constant(1), Gamma(1, 0.5), LogNormal(1, 1.5)], ids=lambda t: type(t).__name__)
def test_waits_are_those_of_mg1(time):
    """F. Pollaczek and A. Khinchine."""
    pathway = one_step(1, time, Arrivals("a", per_hour=0.7))
    agrees(pathway, wait, queueing.mg1(0.7, 1, cv_service=time.cv).mean_wait, days=600)


def test_losses_are_those_of_a_full_waiting_room_and_of_erlang():
    limited = one_step(3, Exponential(1), Arrivals("a", per_hour=3), queue_limit=4, when_full="turn_away")
    agrees(limited, lost, queueing.mmck(3, 1, servers=3, places=7).chance_of_loss, days=200)
    none = one_step(5, Gamma(1, 0.6), Arrivals("a", per_hour=4), queue_limit=0, when_full="turn_away")
    agrees(none, lost, queueing.erlang_b(4, 5), days=200)


def test_waits_by_priority_are_cobhams():
    """A. Cobham, Operations Research 2, 1954, for one kind of time: W / ((1 - s) (1 - s'))."""
    pathway = one_step(2, Exponential(1), Arrivals("a", "x", per_hour=0.6), Arrivals("a", "y", per_hour=1),
                       priority=["x", "y"])  # fmt: skip
    all_busy = queueing.erlang_c(1.6, 2)
    first, second = all_busy / 2 / (1 - 0.3), all_busy / 2 / ((1 - 0.3) * (1 - 0.8))
    agrees(pathway, lambda rows: wait(rows[rows["group"] == "x"]), first, days=200)
    agrees(pathway, lambda rows: wait(rows[rows["group"] == "y"]), second, days=200)


def test_a_journey_of_queues_is_jacksons():
    """J. R. Jackson, 1957: each step is a queue of its own at the rate of the traffic equations; 3 in 10 come back."""
    steps = [Step("a", 2, Exponential(1)), Step("b", 1, Exponential(0.4)), Step("c", None, Exponential(3))]
    routes = [Route("a", "b", 0.8), Route("b", "c", 1.0), Route("c", "a", 0.3)]
    pathway = Pathway("journey", steps, [Arrivals("a", per_hour=1.2)], routes)
    rates = {name: sum(pathway.visits_per_hour(name).values()) for name in "abc"}
    assert rates["a"] == pytest.approx(1.2 / (1 - 0.8 * 0.3))
    for name, step in zip("ab", steps, strict=False):
        truth = queueing.mmc(rates[name], 1 / step.time.mean, servers=step.capacity).mean_wait
        agrees(pathway, lambda rows, name=name: wait(rows[rows["step"] == name]), truth, days=300)


def test_numbers_there_follow_the_hours_as_the_differential_equations_say():
    """M(t)/M/c from empty, hour by hour over a day: Kolmogorov's forward equations, up to 80 people, by scipy."""
    rates = [0.5] * 7 + [2, 4, 5, 5, 4, 4, 3, 3, 3, 2, 2, 1, 1] + [0.5] * 4
    servers, most, runs = 3, 80, 1_500

    def forward(t, chances):
        up, down = rates[int(t) % 24], np.minimum(np.arange(most + 1), servers)
        flow = -(down + up * (np.arange(most + 1) < most)) * chances
        flow[1:] += up * chances[:-1]
        flow[:-1] += down[1:] * chances[1:]
        return flow

    chances, truth = np.eye(most + 1)[0], []
    for hour in range(24):
        chances = solve_ivp(forward, (hour, hour + 1 - 1e-9), chances, rtol=1e-8, atol=1e-10).y[:, -1]
        truth.append(float(np.arange(most + 1) @ chances))
    pathway = one_step(servers, Exponential(1), Arrivals("a", per_hour=rates))
    log = simulate(pathway, days=1, seed=5, runs=runs).arrays
    left = np.where(np.isnan(log["left"]), 25, log["left"])
    for hour in range(1, 25):
        there = np.bincount(log["run"][(log["arrived"] < hour) & (left >= hour)], minlength=runs)
        error = there.std(ddof=1) / math.sqrt(runs)
        assert there.mean() == pytest.approx(truth[hour - 1], abs=4.5 * error)
