"""Are queues with few sources those of the books, of chains solved by linear algebra, and of 50 figures?"""

import math
from fractions import Fraction

import hypothesis.strategies as st
import mpmath
import numpy as np
import pytest
from chains import settled
from hypothesis import given, settings
from refusals import said
from scipy import integrate, stats

from flowlib.diagnose.queueing import erlang_b, mmc
from flowlib.diagnose.queueing.finite import engset, finite_source

steady = settings(deadline=None, derandomize=True, max_examples=80)
few = st.tuples(st.integers(1, 25), st.floats(0.05, 5), st.floats(0.05, 5), st.integers(1, 30))


@steady
@given(few)
def test_losses_are_the_chain_solved_by_linear_algebra(case):
    """By the clock the share of time with all busy; by requests, those made then over all made."""
    sources, each, service, servers = case
    most = min(sources, servers)
    asked = each * (sources - np.arange(most + 1))
    chances = settled(asked[:-1], service * np.arange(1, most + 1))
    found = engset(sources, each, service, servers=servers)
    full = chances[servers] if servers <= sources else 0
    lost = full * asked[servers] / (chances @ asked) if servers < sources else 0
    assert found.chance_all_busy == pytest.approx(full, abs=1e-9)
    assert found.chance_of_loss == pytest.approx(lost, abs=1e-9)
    assert found.mean_in_system == pytest.approx(chances @ np.arange(most + 1), abs=1e-8)
    assert found.request_rate == pytest.approx(chances @ asked, rel=1e-7)
    assert found.utilisation == pytest.approx(found.mean_in_system / servers)
    assert found.served_rate == pytest.approx(found.request_rate * (1 - found.chance_of_loss), rel=1e-9)


@steady
@given(few)
def test_waits_are_the_chain_solved_by_linear_algebra(case):
    sources, each, service, servers = case
    there = np.arange(sources + 1)
    asked = each * (sources - there)
    chances = settled(asked[:-1], service * np.minimum(there[1:], servers))
    found = finite_source(sources, each, service, servers=servers)
    assert found.mean_in_system == pytest.approx(chances @ there, abs=1e-7)
    assert found.mean_queue == pytest.approx(chances @ np.maximum(there - servers, 0), abs=1e-7)
    assert found.chance_of_empty == pytest.approx(chances[0], abs=1e-9)
    seen = chances * asked / (chances @ asked)
    assert found.chance_of_waiting == pytest.approx(seen[servers:].sum(), abs=1e-7)
    longer = sum(chance * stats.poisson.cdf(n - servers, servers * service * 0.4) for n, chance in enumerate(seen)
                 if n >= servers)  # fmt: skip
    assert found.wait_longer_than(0.4) == pytest.approx(longer, abs=1e-7)
    assert found.mean_time_in_system * (chances @ asked) == pytest.approx(found.mean_in_system, rel=1e-6)


@steady
@given(few)
def test_the_mean_wait_is_the_area_under_the_chance_of_waiting_longer(case):
    """E[W] = the integral of P(W > t), of which no term is shared with Little's law."""
    sources, each, service, servers = case
    found = finite_source(sources, each, service, servers=servers)
    area, _ = integrate.quad(found.wait_longer_than, 0, 90 / service, limit=300, points=[10 / service])
    assert area == pytest.approx(found.mean_wait, rel=1e-5, abs=1e-7)


def by_hand(sources, each, service, servers, places):
    """Oracle: the binomial sums as printed, with 50 figures (mpmath)."""
    ratio, weight, weights = mpmath.mpf(each) / mpmath.mpf(service), mpmath.mpf(1), [mpmath.mpf(1)]
    for number in range(1, places + 1):
        weight *= (sources - number + 1) * ratio / min(number, servers)
        weights.append(weight)
    total = mpmath.fsum(weights)
    return [one / total for one in weights]


EDGES = [
    (5000, 1.0, 1.0, 2500),
    (5000, 1.0, 1.0, 2600),
    (5000, 0.01, 1.0, 40),
    (5000, 1e-9, 1.0, 3),
    (5000, 1e9, 1.0, 10),
    (5000, 1e-9, 1e-9, 4990),
    (3, 1e9, 2e9, 2),
    (2, 1e-9, 1e9, 1),
]


@pytest.mark.parametrize(("sources", "each", "service", "servers"), EDGES)
def test_losses_have_nine_figures_at_every_edge(sources, each, service, servers):
    with mpmath.workdps(50):
        chances = by_hand(sources, each, service, servers, servers)
        asked = [chance * (sources - n) for n, chance in enumerate(chances)]
        truth = [chances[-1], asked[-1] / mpmath.fsum(asked), mpmath.fsum(n * c for n, c in enumerate(chances))]
        truth.append(each * mpmath.fsum(asked))
    found = engset(sources, each, service, servers=servers)
    assert [found.chance_all_busy, found.chance_of_loss, found.mean_in_system, found.request_rate] == pytest.approx(
        [float(one) for one in truth], rel=1e-9, abs=1e-300
    )


@pytest.mark.parametrize(("sources", "each", "service", "servers"), EDGES)
def test_waits_have_nine_figures_at_every_edge(sources, each, service, servers):
    with mpmath.workdps(50):
        chances = by_hand(sources, each, service, servers, sources)
        queue = mpmath.fsum(max(n - servers, 0) * c for n, c in enumerate(chances))
        asked = [chance * (sources - n) for n, chance in enumerate(chances)]
        truth = [queue, queue / (each * mpmath.fsum(asked)), mpmath.fsum(asked[servers:]) / mpmath.fsum(asked)]
        truth.append(mpmath.fsum(n * c for n, c in enumerate(chances)))
    found = finite_source(sources, each, service, servers=servers)
    assert [found.mean_queue, found.mean_wait, found.chance_of_waiting, found.mean_in_system] == pytest.approx(
        [float(one) for one in truth], rel=1e-9, abs=1e-290
    )


def test_with_ever_more_sources_losses_become_erlangs_and_waits_those_of_mmc():
    """With a million sources the rate hardly falls: within some millionths of the formulas without end."""
    assert engset(1_000_000, 8e-6, 1, servers=10).chance_of_loss == pytest.approx(erlang_b(8, 10), rel=1e-4)
    open_, closed = mmc(8, 1, servers=10), finite_source(1_000_000, 8e-6, 1, servers=10)
    assert (closed.mean_wait, closed.chance_of_waiting) == pytest.approx(
        (open_.mean_wait, open_.chance_of_waiting), 1e-3
    )


def test_as_many_servers_as_sources_never_lose_and_never_wait():
    """By hand: each is in service a third of the time, whatever the others do; and 20 of 20 at once is (1/3)^20."""
    for servers in (20, 21, 5000):
        assert engset(20, 1, 2, servers=servers).chance_of_loss == 0
        waits = finite_source(20, 1, 2, servers=servers)
        assert (waits.mean_wait, waits.chance_of_waiting, waits.wait_longer_than(0)) == (0, 0, 0)
        assert waits.mean_in_system == pytest.approx(20 / 3)
    assert engset(20, 1, 2, servers=20).chance_all_busy == pytest.approx(float(Fraction(1, 3) ** 20))
    assert engset(20, 1, 2, servers=21).chance_all_busy == 0


def test_one_machine_and_one_mender_take_turns():
    """By hand: working 3 hours, mended in 1; nobody ever waits, and the mender is busy a quarter of the time."""
    one = finite_source(1, 1 / 3, 1, servers=1)
    assert (one.utilisation, one.mean_wait, one.mean_time_in_system) == pytest.approx((0.25, 0, 1))
    lost = engset(1, 1 / 3, 1, servers=1)
    assert (lost.chance_all_busy, lost.chance_of_loss) == (pytest.approx(0.25), 0)
    assert not math.isnan(lost.request_rate)


REFUSED = {
    "sources": (
        lambda: engset(0, 1, 1, servers=1),
        "The number of sources must be a whole number, 1 or more; 0 came.",
    ),
    "rate": (lambda: engset(5, 0, 1, servers=1), "The request rate of one source must be above 0; 0 came."),
    "service": (lambda: finite_source(5, 1, -1, servers=1), "The service rate must be above 0; -1 came."),
    "servers": (
        lambda: finite_source(5, 1, 1, servers=1.5),
        "The number of servers must be a whole number, 1 or more; 1.5 came.",
    ),
    "whole": (
        lambda: finite_source(2.5, 1, 1, servers=1),
        "The number of sources must be a whole number, 1 or more; 2.5 came.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_answer_is_refused_with_a_sentence(name):
    ask, sentence = REFUSED[name]
    assert said(ask) == sentence
