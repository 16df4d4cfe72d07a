"""Do the formulas keep their figures at any size, for whole arrays, and beside the simulation?"""

import math

import hypothesis.strategies as st
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from refusals import said
from scipy import stats
from test_queueing import cases

from flowlib import Arrivals, Constant, LogNormal, Pathway, Step, simulate
from flowlib.diagnose.queueing import (
    beds_needed,
    erlang_a,
    erlang_b,
    erlang_c,
    ggc,
    kingman,
    mdc,
    mg1,
    mgc,
    mginf,
    mmc,
    mmck,
    servers_needed,
)

steady = settings(deadline=None, derandomize=True)
CLOSE = 1e-9  # relative
SMALLEST = 1e-290  # below it a computer's numbers lose figures, and further down there are none

SIZES = [
    (1e-9, 1), (1e-9, 20), (0.3, 1), (1.0, 1), (7.0, 15), (7.0, 16), (16.0, 16), (34.5, 30), (1e4, 0),
    (4_995.0, 5_000), (5_000.0, 5_000), (7_500.0, 5_000), (1e4, 1e4), (1e4, 9_000), (1e4, 100), (1e9, 5),
]  # fmt: skip


def full_house(load, servers):
    """Oracle: Erlang B by its recursion, with 40 figures."""
    with mpmath.workdps(40):
        full = mpmath.mpf(1)
        for number in range(1, int(servers) + 1):
            full = load * full / (number + load * full)
        return full


def everybody(load, servers):
    """Oracle: Erlang C from Erlang B, with 40 figures."""
    with mpmath.workdps(40):
        full, busy = full_house(load, servers), mpmath.mpf(load) / int(servers)
        return full / (1 - busy * (1 - full))


@pytest.mark.parametrize(("load", "servers"), SIZES)
def test_erlang_b_keeps_nine_figures_at_any_size(load, servers):
    truth = full_house(load, servers)
    assert truth > SMALLEST
    assert erlang_b(load, int(servers)) == pytest.approx(float(truth), rel=CLOSE)


@pytest.mark.parametrize(("load", "servers"), [(load, n) for load, n in SIZES if load < n])
def test_erlang_c_keeps_nine_figures_at_any_size(load, servers):
    assert erlang_c(load, int(servers)) == pytest.approx(float(everybody(load, servers)), rel=CLOSE)


def test_a_chance_below_all_numbers_is_none():
    assert erlang_b(10, 5_000) == 0.0


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize(("servers", "use"), [(1, 0.5), (34, 0.9), (5_000, 0.999)])
def test_mmc_keeps_nine_figures_in_any_unit_of_time(unit, servers, use):
    """The mean wait is Erlang C over the spare capacity; the rates are what a computer makes of them."""
    arrivals, service = servers * use * unit, unit
    with mpmath.workdps(40):
        load = mpmath.mpf(arrivals) / mpmath.mpf(service)
        wait = everybody(load, servers) / (servers * mpmath.mpf(service) - mpmath.mpf(arrivals))
    result = mmc(arrivals, service, servers=servers)
    assert result.mean_wait == pytest.approx(float(wait), rel=CLOSE)
    assert result.mean_queue == pytest.approx(float(wait * arrivals), rel=CLOSE)


@pytest.mark.parametrize(
    ("load", "servers", "places"), [(0.5, 1, 1), (30.0, 34, 40), (10_000.0, 5_000, 5_200), (990.0, 1_000, 1_100)]
)
def test_mmck_keeps_nine_figures(load, servers, places):
    """Oracle: the chances of each number of people, with 40 figures."""
    with mpmath.workdps(40):
        weights = [mpmath.mpf(1)]
        for number in range(1, places + 1):
            weights.append(weights[-1] * load / min(number, servers))
        total = mpmath.fsum(weights)
        lost = weights[-1] / total
        queue = mpmath.fsum((n - servers) * w for n, w in enumerate(weights) if n > servers) / total
    result = mmck(load, 1, servers=servers, places=places)
    assert result.chance_of_loss == pytest.approx(float(lost), rel=CLOSE)
    assert result.mean_queue == pytest.approx(float(queue), rel=CLOSE)


# Whole arrays


def test_an_array_gives_what_single_numbers_give():
    luck = np.random.default_rng(1)
    servers = luck.integers(1, 5_001, 300)
    loads = servers * luck.uniform(0.1, 1.5, 300)
    assert erlang_b(loads, servers).tolist() == [erlang_b(a, int(c)) for a, c in zip(loads, servers, strict=True)]
    waits = erlang_c(loads, servers)
    stable = loads < servers
    assert waits[stable].tolist() == [erlang_c(a, int(c)) for a, c in zip(loads[stable], servers[stable], strict=True)]
    assert (waits[~stable] == 1).all()


def test_a_row_of_loads_and_a_column_of_servers_make_a_table():
    table = erlang_b([0.0, 1.0, 10.0], [[1], [2]])
    assert table.shape == (2, 3)
    assert table[:, 1].tolist() == pytest.approx([1 / 2, 1 / 5], rel=1e-15)
    assert table[:, 0].tolist() == [0, 0]


REFUSED = {
    "The offered load must be 0 or more; -2 came at place 2.": lambda: erlang_b([1, -2, 3], 4),
    "The number of servers must be a whole number, 0 or more; 2.5 came at place 2.": lambda: erlang_b([1, 2], [3, 2.5]),
    "The number of servers must be a whole number, 1 or more; 0 came at place 1.": lambda: erlang_c([1, 2], [0, 3]),
    "The offered load must be a number; nan came at place 2.": lambda: erlang_b([1, math.nan], 4),
    "The offered load must be numbers; ['many'] came.": lambda: erlang_b(["many"], 4),
    "Offered loads and numbers of servers must go together; they have the shapes (3,) and (2,). Give as many of one as "
    "of the other, or a single one.": lambda: erlang_b([1, 2, 3], [4, 5]),
    "max_chance_of_longer and than go together: a share, and the wait that no more than it may exceed.": lambda: (
        servers_needed(10, 6, max_chance_of_longer=0.2)
    ),
    "Give a limit: max_chance_of_full or max_occupancy.": lambda: beds_needed(10),
    "The share must be below 1: no wait is the longest; 1 came. 9 in 10 is 0.9.": lambda: mmc(2, 3).wait_percentile(1),
    "This formula does not give the chance of so many people. Simulate to see how many are there.": lambda: mdc(
        1, 1, servers=2
    ).chance_of(3),
    "The number of people must be a whole number, 0 or more; 1.5 came.": lambda: mmc(2, 3).chance_of(1.5),
    "Demand must stay below capacity; 3 arrive per unit of time and 1 server can complete 3. Add servers (at least 2 "
    "in all), or simulate a fixed period.": lambda: kingman(3, 3, cv_arrivals=1, cv_service=1),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_cannot_be_worked_out_is_refused_in_a_sentence(sentence):
    assert said(REFUSED[sentence]) == sentence


# How long, how many: the spread, not the mean alone


@steady
@given(st.integers(1, 60), st.floats(0.05, 0.98), st.floats(0.01, 0.99))
def test_a_percentile_is_the_wait_that_so_many_exceed(servers, use, share):
    result = mmc(servers * use, 1, servers=servers)
    wait = result.wait_percentile(share)
    if wait == 0:
        assert 1 - result.chance_of_waiting >= share - 1e-12
    else:
        assert wait == pytest.approx(math.log(result.chance_of_waiting / (1 - share)) / (servers * (1 - use)), rel=1e-9)


def test_percentiles_of_other_queues_are_waits_that_so_many_exceed():
    for result in (mmck(40, 30, servers=3, places=7), erlang_a(3.3, 1 / 3, servers=9, mean_patience=5)):
        wait = result.wait_percentile(0.95)
        assert wait > 0
        assert result.wait_longer_than(wait) == pytest.approx(0.05, rel=1e-9)


@steady
@given(st.integers(1, 60), st.floats(0.05, 0.95))
def test_the_chances_of_so_many_are_those_of_a_chain_and_add_up(servers, use):
    """Oracle: neighbours balance (as many come as go), and the mean number is the one given."""
    result = mmc(servers * use, 1, servers=servers)
    chances = np.asarray([result.chance_of(n) for n in range(servers + 900)])
    busy = np.minimum(np.arange(1, len(chances)), servers)
    assert chances[1:] * busy == pytest.approx(chances[:-1] * servers * use, rel=1e-9, abs=1e-300)
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    assert chances @ np.arange(len(chances)) == pytest.approx(result.mean_in_system, rel=1e-9)
    assert result.chance_of_empty == pytest.approx(chances[0], rel=1e-9)


def test_mmck_holds_no_more_than_its_places():
    result = mmck(40, 30, servers=3, places=7)
    assert [result.chance_of(7), result.chance_of(8)] == [result.chance_of_loss, 0]
    assert result.chance_of(0) == result.chance_of_empty


def test_without_limits_the_number_there_is_a_poisson_count():
    """Oracle: scipy's Poisson; and M/M/c with far too many servers."""
    result = mginf(6, 0.2)
    assert [result.chance_of(n) for n in range(60)] == pytest.approx(stats.poisson(30).pmf(range(60)), rel=1e-9)
    many = mmc(6, 0.2, servers=200)
    assert [result.mean_in_system, result.chance_of(31)] == pytest.approx([many.mean_in_system, many.chance_of(31)])
    assert result.wait_longer_than(0) == 0


@steady
@given(st.floats(0.5, 200), st.floats(0.01, 0.9), st.floats(0, 3))
def test_servers_for_a_longest_wait_are_the_first_number_that_will_do(load, most, time):
    found = servers_needed(load, 1, max_chance_of_longer=most, than=time)
    assert mmc(load, 1, servers=found).wait_longer_than(time) <= most * (1 + 1e-9)
    if found - 1 > load * (1 + 1e-9):
        assert mmc(load, 1, servers=found - 1).wait_longer_than(time) > most * (1 - 1e-9)


@steady
@given(st.floats(0.1, 500), st.floats(0.05, 1), st.floats(0.01, 0.9))
def test_beds_for_an_occupancy_are_the_first_number_that_holds_all_who_come(load, use, most):
    """Oracle: division; and with a chance of being full too, the larger of the two numbers."""
    by_use = beds_needed(load, max_occupancy=use)
    assert load <= by_use * use * (1 + 1e-9)
    assert load > (by_use - 1) * use * (1 - 1e-9)
    both = beds_needed(load, max_occupancy=use, max_chance_of_full=most)
    assert both == max(by_use, beds_needed(load, max_chance_of_full=most))


# Any spread


@pytest.mark.parametrize("case", cases("M/D/c"))
def test_mdc_gives_the_published_figures(case):
    given_ = case["inputs"]
    for load, wait in zip(given_["load"], case["expected"]["Wq"], strict=True):
        result = mdc(load * given_["mu"] * given_["c"], given_["mu"], servers=given_["c"])
        assert result.mean_wait == pytest.approx(wait, abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("M/G/c"))
def test_mgc_gives_the_published_figures(case):
    given_ = case["inputs"]
    for load, queue in zip(given_["load"], case["expected"]["Lq"], strict=True):
        servers = given_["c"]
        result = mgc(load * servers, given_["mu"], servers=servers, cv_service=math.sqrt(given_["cv2"]))
        assert result.mean_queue == pytest.approx(queue, abs=case["tolerance"])


@steady
@given(st.floats(0.05, 0.98), st.floats(0, 3))
def test_mgc_is_exact_for_one_server_and_between_its_two_ends_for_more(use, spread):
    assert mgc(use, 1, servers=1, cv_service=spread).mean_wait == pytest.approx(
        mg1(use, 1, cv_service=spread).mean_wait
    )
    ends = [mgc(7 * use, 1, servers=7, cv_service=cv).mean_wait for cv in (0, min(spread, 1), 1)]
    assert ends[0] <= ends[1] * (1 + 1e-12) <= ends[2] * (1 + 1e-11)
    assert ends[2] == pytest.approx(mmc(7 * use, 1, servers=7).mean_wait)
    even = min(mdc(7 * use, 1, servers=7).mean_wait, 0.62 * ends[2])  # Whitt's limit for light loads
    assert ends[0] == pytest.approx(even)


@steady
@given(st.integers(1, 80), st.floats(0.05, 0.98), st.floats(0, 3), st.floats(0, 3))
def test_whitts_chance_of_waiting_is_a_chance_and_erlangs_where_arrivals_are_by_chance(servers, use, between, spread):
    load = servers * use
    chance = ggc(load, 1, servers=servers, cv_arrivals=between, cv_service=spread).chance_of_waiting
    assert 0 <= chance <= 1
    by_chance = ggc(load, 1, servers=servers, cv_arrivals=1, cv_service=spread).chance_of_waiting
    assert by_chance == pytest.approx(mmc(load, 1, servers=servers).chance_of_waiting, rel=1e-9)


@pytest.mark.parametrize("use", [0.3, 0.6, 0.9])
def test_kingmans_limit_holds_for_the_queues_that_are_solved(use):
    """M/M/1 and M/D/1; and D/M/1, whose wait follows from the root of s = exp(-(1 - s) / use)."""
    assert mg1(use, 1, cv_service=1).mean_wait <= kingman(use, 1, cv_arrivals=1, cv_service=1)
    assert mg1(use, 1, cv_service=0).mean_wait <= kingman(use, 1, cv_arrivals=1, cv_service=0)
    with mpmath.workdps(20):
        root = mpmath.findroot(lambda s: mpmath.exp(-(1 - s) / use) - s, use / 2)
    assert 0 < root < 1
    assert float(root / (1 - root)) <= kingman(use, 1, cv_arrivals=0, cv_service=1)


@pytest.mark.parametrize(
    ("time", "formula", "within"),
    [
        (Constant(1), lambda load: mdc(load, 1, servers=5), 0.04),
        (LogNormal(1, 0.5), lambda load: mgc(load, 1, servers=5, cv_service=0.5), 0.04),
        (LogNormal(1, 1.5), lambda load: mgc(load, 1, servers=5, cv_service=1.5), 0.10),
    ],
)
@pytest.mark.parametrize("use", [0.5, 0.8])
def test_near_formulas_are_as_near_the_simulation_as_they_say(time, formula, within, use):
    """Six runs of 2,000 days each; their own spread is allowed for, at four standard errors."""
    pathway = Pathway("five", [Step("a", 5, time)], [Arrivals("a", per_hour=5 * use)])
    log = simulate(pathway, days=2_000, warm_up_days=20, runs=6, seed=3)
    waits = log.visits.assign(wait=log.visits["wait_hours"]).groupby("run")["wait"].mean()
    error = 4 * waits.std(ddof=1) / math.sqrt(len(waits)) / waits.mean()
    assert abs(formula(5 * use).mean_wait / waits.mean() - 1) <= within + error
