"""Are queues by the hour those of steady formulas, of uniformisation, and of simulated days?"""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from refusals import said
from scipy import stats

from flowlib import Arrivals, Exponential, Pathway, Step, simulate
from flowlib.diagnose.queueing import mmc
from flowlib.diagnose.queueing.varying import _kept, hour_by_hour, modified_offered_load, pointwise_stationary

steady = settings(deadline=None, derandomize=True, max_examples=12)
MEASURES = ["mean_in_system", "chance_of_waiting", "mean_queue"]
DAY = [0.5] * 7 + [2, 4, 5, 5, 4, 4, 3, 3, 3, 2, 2, 1, 1] + [0.5] * 4  # above capacity of 3 for 6 hours
ROTA = [1] * 7 + [4] * 8 + [2] * 9  # falls while people are in service


def uniformised(rates, service, staff, size, patterns):
    """
    Oracle: the chain looked at in the moments of one quick clock, from empty, through so many patterns.

    Rows are the measures' means over each hour of the last pattern, and the chances at the start of each.
    """
    there, chances = np.arange(size), np.eye(size)[0]
    for _ in range(patterns):
        rows, starts = [], []
        for rate, servers in zip(rates, staff, strict=True):
            starts.append(chances)
            down = service * np.minimum(there, servers)
            up = np.where(there < size - 1, rate, 0.0)
            quick = float((down + up).max())
            ticks = np.arange(int(quick + 12 * math.sqrt(quick) + 40))
            weights, beyond = stats.poisson.pmf(ticks, quick), stats.poisson.sf(ticks, quick)
            end, mean = np.zeros(size), np.zeros(size)
            for weight, later in zip(weights, beyond, strict=True):
                end += weight * chances
                mean += later / quick * chances
                moved = (1 - (down + up) / quick) * chances
                moved[1:] += (up * chances)[:-1] / quick
                moved[:-1] += (down * chances)[1:] / quick
                chances = moved
            chances = end
            waiting = np.maximum(there - servers, 0)
            rows.append([mean @ there, mean[servers:].sum(), mean @ waiting])
    return np.array(rows), np.array(starts)


@pytest.mark.parametrize(
    ("rates", "service", "staff", "patterns"),
    [
        ([2, 7], 1.0, [6, 6], 120),
        (DAY, 1.0, [3] * 24, 12),
        (DAY, 1.0, ROTA, 24),
        ([30, 5, 0], 4.0, [5, 6, 2], 80),
    ],
    ids=["two hours", "day", "rota", "quick"],
)
def test_exact_hours_are_those_of_uniformisation_with_twice_as_many_people_in_view(rates, service, staff, patterns):
    """From empty, through so many patterns that nothing changes any more; no routine is shared."""
    size = 2 * (_kept(rates, service, staff) + 1)
    truth, starts = uniformised(rates, service, staff, size, patterns)
    found = hour_by_hour(rates, service, servers=staff)
    assert found[MEASURES].to_numpy() == pytest.approx(truth, rel=1e-7, abs=1e-9)
    assert (starts[:, size // 2 :].sum(axis=1) < 1e-14).all()  # as the bound promises


@steady
@given(st.floats(0.1, 0.85), st.integers(1, 20), st.floats(0.2, 8), st.integers(1, 4))
def test_with_one_rate_all_three_are_mmc(use, servers, service, hours):
    rate = use * servers * service
    truth = mmc(rate, service, servers=servers)
    for answer in (pointwise_stationary, modified_offered_load, hour_by_hour):
        table = answer([rate] * hours, service, servers=servers)
        for name in MEASURES:
            expected = [getattr(truth, name)] * hours
            assert table[name].tolist() == pytest.approx(expected, rel=1e-7, abs=1e-10), answer.__name__


def test_with_servers_for_all_the_modified_load_is_exact():
    """People there without a queue are those of M(t)/M/∞, whose mean is the offered load (Eick, Massey and Whitt)."""
    exact, load = hour_by_hour(DAY, 1, servers=40), modified_offered_load(DAY, 1, servers=40)
    assert load["offered_load"].tolist() == pytest.approx(exact["mean_in_system"].tolist(), rel=1e-9)
    assert load["mean_in_system"].tolist() == pytest.approx(exact["mean_in_system"].tolist(), rel=1e-9)


def test_the_offered_load_is_a_sum_over_all_hours_past():
    """By hand: what came in each of the last 60 hours, at what is left of it, averaged over the hour."""
    rates, service = [2.0, 8.0, 5.0], 0.4
    moments = (np.arange(1000) + 0.5) / 1000
    load = modified_offered_load(rates, service, servers=30)["offered_load"]
    for hour in range(3):
        left = rates[hour] * (1 - np.exp(-service * moments)) / service
        for back in range(1, 61):
            since = np.exp(-service * (moments + back - 1))
            left += rates[(hour - back) % 3] * since * (1 - math.exp(-service)) / service
        assert load[hour] == pytest.approx(left.mean(), rel=1e-6)


def test_hours_that_are_long_beside_services_are_as_if_for_ever():
    """Services ten times as quick leave a tenth of the difference: it is what the hour before leaves over."""

    def apart(quick):
        rates = [0.6 * quick, 1.8 * quick, 2.4 * quick]
        exact, near = (answer(rates, quick, servers=3) for answer in (hour_by_hour, pointwise_stationary))
        return np.abs(exact[MEASURES] - near[MEASURES]).to_numpy()

    slow, quick = apart(500), apart(5000)
    assert 0.01 < slow.max() < 0.1
    assert quick == pytest.approx(slow / 10, rel=1e-4)


@steady
@given(st.lists(st.floats(0, 6), min_size=2, max_size=6), st.integers(2, 5), st.floats(0.8, 2))
def test_over_the_pattern_what_comes_is_what_is_served(rates, servers, service):
    """Flow in is flow out: arrivals are the service rate times the mean number in service."""
    if not 0.05 < sum(rates) / len(rates) / servers / service < 0.8:
        return
    table = hour_by_hour(rates, service, servers=servers)
    served = service * (table["mean_in_system"] - table["mean_queue"]).sum()
    assert served == pytest.approx(sum(rates), rel=1e-8)


@pytest.mark.parametrize("few", [1e-9, 1e-4])
def test_hardly_anybody_is_counted_as_well(few):
    """By hand, one server and constant rates: a queue of u² / (1 - u), which here is far below one person."""
    table = hour_by_hour([few, few], 1, servers=1)
    assert table["mean_in_system"].tolist() == pytest.approx([few / (1 - few)] * 2, rel=1e-9)


# Simulated

RUNS = 400
WIDE = 4.5  # standard errors: 1 in 150,000 for one mean, 1 in 1,000 for all that are compared


def test_simulated_days_are_the_exact_hours():
    """People there and waiting, by hour of the eighth day of many runs."""
    truth = hour_by_hour(DAY, 1, servers=3)
    pathway = Pathway("one", [Step("a", 3, Exponential(1))], [Arrivals("a", per_hour=DAY)])
    log = simulate(pathway, days=8, seed=21, runs=RUNS).arrays
    left = np.where(np.isnan(log["left"]), 193, log["left"])
    started = np.where(np.isnan(log["started"]), 193, log["started"])
    for hour in range(24):
        low = 7 * 24 + hour
        for until, name in ((left, "mean_in_system"), (started, "mean_queue")):
            spent = np.clip(until, low, low + 1) - np.clip(log["arrived"], low, low + 1)
            found = np.bincount(log["run"], spent, minlength=RUNS)
            error = found.std(ddof=1) / math.sqrt(RUNS)
            assert found.mean() == pytest.approx(truth[name][hour], abs=WIDE * error), (hour, name)
            assert name == "mean_queue" or error < truth[name][hour] / 5


REFUSED = {
    "pattern": (
        lambda: hour_by_hour([2, 4], 1, servers=3),
        (
            "Demand must stay below capacity over the whole pattern; 6 arrive in it and the servers can complete 6."
            " Add servers, or simulate a fixed period."
        ),
    ),
    "hour": (
        lambda: pointwise_stationary([2, 4], 1, servers=4),
        (
            "Hour 1: Demand must stay below capacity; 4 arrive per unit of time and 4 servers can complete 4."
            " Add servers (at least 5 in all), or simulate a fixed period. hour_by_hour takes hours above capacity."
        ),
    ),
    "many": (
        lambda: hour_by_hour([4985] * 2, 1, servers=5000),
        (
            "More people may be there at once than the 900 that can be followed exactly."
            " Use modified_offered_load, or simulate."
        ),
    ),
    "nobody": (
        lambda: hour_by_hour([0, 0], 1, servers=4),
        "Give an arrival rate for each hour of the pattern, at least one above 0.",
    ),
    "none": (lambda: hour_by_hour(3, 1, servers=4), "Give a list with one number for each hour; 3 came."),
    "negative": (lambda: hour_by_hour([1, -1], 1, servers=4), "The arrival rate of hour 1 must be 0 or more; -1 came."),
    "servers": (
        lambda: hour_by_hour([1, 1], 1, servers=[4]),
        "Give one number of servers for each of 2 hours, or one for all; 1 came.",
    ),
    "server": (
        lambda: hour_by_hour([1, 1], 1, servers=[4, 0]),
        "The number of servers in hour 1 must be a whole number, 1 or more; 0 came.",
    ),
    "service": (lambda: hour_by_hour([1, 1], 0, servers=4), "The service rate must be above 0; 0 came."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_answer_is_refused_with_a_sentence(name):
    ask, sentence = REFUSED[name]
    assert said(ask) == sentence
