"""Luck belongs to the person: the same in every scenario, and at the rates that were asked for."""

import math

import numpy as np
import pytest
from scipy import stats

from flowlib import Arrivals, Exponential, Pathway, Step
from flowlib.simulation import draws, loops
from flowlib.simulation.draws import Luck, phases

CARE = Exponential(0.1)
DAY = [0.2, 0, 0, 0, 0, 0.5, 1, 2, 4, 6, 6.1, 6.3, 6.1, 5.9, 5.8, 5.7, 5.5, 5.1, 4.5, 3.8, 3.7, 2.9, 2.4, 1 / 1024]
WEEK = [rate * (1.3 if hour < 24 else 0.8) for hour, rate in enumerate(DAY * 7)]


def clinic(*streams, steps=("a", "b")):
    return Pathway("any", [Step(name, 2, CARE) for name in steps], streams)


def arrivals(pathway, luck, *, until):
    return draws.arrivals(phases(pathway), luck, until=until)


def people(pathway, *, seed=1, run=0, until=240.0):
    """Everyone by name: who they are, and when they come."""
    came = arrivals(pathway, Luck(seed, run), until=until)
    streams = [f"{pathway.arrivals[s].step} {pathway.arrivals[s].group}" for s in came.stream]
    return dict(
        zip(zip(streams, came.band.tolist(), came.number.tolist(), strict=True), came.time.tolist(), strict=True)
    )


def test_the_first_numbers_of_a_name_are_the_same_however_many_are_drawn():
    luck = Luck(3, 1)
    few = luck.uniforms(5, "x", 0).tolist()
    assert luck.uniforms(500, "x", 0)[:5].tolist() == few
    assert Luck(3, 1).uniforms(50, "x", 0)[:5].tolist() == few


def test_every_part_of_a_name_makes_other_numbers():
    names = [(0, 0, "x", 1), (1, 0, "x", 1), (0, 1, "x", 1), (0, 0, "y", 1), (0, 0, "x", 2), (0, 0, "x", "1")]
    first = {tuple(Luck(seed, run).uniforms(3, *name)) for seed, run, *name in names}
    assert len(first) == len(names)


def test_numbers_of_neighbouring_names_are_uniform_and_unrelated():
    """4,000 numbers of each of 5 visits: flat (Kolmogorov and Smirnov) and uncorrelated within four standard errors."""
    luck = Luck(0, 0)
    columns = np.stack([luck.uniforms(4_000, "stream", 0, "step", "time", visit) for visit in range(5)])
    assert stats.kstest(columns.ravel(), "uniform").pvalue > 0.001
    related = np.corrcoef(columns)[np.triu_indices(5, 1)]
    assert np.abs(related).max() < 4 / math.sqrt(4_000)


@pytest.mark.parametrize("rates", [DAY, WEEK], ids=["day", "week"])
def test_rates_come_out_as_they_were_asked_for_hour_by_hour(rates):
    """
    Counts by hour of the cycle over two years, against the rates asked for.

    Pearson's sum of squares has as many degrees of freedom as there are hours with anybody;
    four standard errors of a chi-square on either side.
    """
    cycles = 2 * 364 * 24 // len(rates)
    came = arrivals(clinic(Arrivals("a", per_hour=rates)), Luck(5, 0), until=float(cycles * len(rates)))
    counts = np.bincount(came.time.astype(int) % len(rates), minlength=len(rates))
    expected = np.asarray(rates) * cycles
    assert counts[expected == 0].sum() == 0
    some = expected > 5
    freedom = int(some.sum())
    squares = float((((counts - expected) ** 2)[some] / expected[some]).sum())
    assert abs(squares - freedom) < 4 * math.sqrt(2 * freedom)


@pytest.mark.parametrize("rate", [1 / 1024, 0.001, 0.3, 1, 3.7, 64])
def test_a_steady_rate_makes_a_poisson_process(rate):
    """Gaps are exponential (Kolmogorov and Smirnov) and their number is within four standard errors."""
    until = 4_000 / rate
    came = arrivals(clinic(Arrivals("a", per_hour=rate)), Luck(2, 0), until=until)
    assert len(came.time) == pytest.approx(4_000, abs=4 * math.sqrt(4_000))
    assert stats.kstest(np.diff(came.time), stats.expon(scale=1 / rate).cdf).pvalue > 0.001


def test_runs_and_seeds_have_people_of_their_own():
    pathway = clinic(Arrivals("a", per_hour=4))
    times = [tuple(people(pathway, seed=seed, run=run).values()) for seed in range(3) for run in range(3)]
    assert len(set(times)) == 9
    means = [len(one) for one in times]
    assert np.mean(means) == pytest.approx(960, abs=4 * math.sqrt(960 / 9))


def test_an_added_stream_or_step_changes_nobody_else():
    """In front, behind or between: everybody of the first stream comes as before."""
    minor, major = Arrivals("a", "minor", per_hour=4), Arrivals("a", "major", per_hour=DAY)
    alone = people(clinic(minor))
    for streams in ([minor, major], [major, minor], [Arrivals("b", per_hour=9), minor, major]):
        both = people(clinic(*streams, steps=("c", "a", "b", "d")))
        assert {who: when for who, when in both.items() if who[0] == "a minor"} == alone


def test_two_streams_of_one_name_are_different_people():
    came = arrivals(clinic(Arrivals("a", per_hour=4), Arrivals("a", per_hour=4)), Luck(1, 0), until=240.0)
    assert len(came.time) == pytest.approx(1920, abs=4 * math.sqrt(1920))
    assert len(set(came.time.tolist())) == len(came.time)


@pytest.mark.parametrize("factor", [1.01, 1.5, 2, 3.3, 10])
def test_more_demand_adds_people_and_less_leaves_some_out(factor):
    """The quieter scenario's people are among the busier one's, each at the same time; the rest are new."""
    quiet = people(clinic(Arrivals("a", per_hour=DAY)))
    busy = people(clinic(Arrivals("a", per_hour=[rate * factor for rate in DAY])))
    assert quiet.items() <= busy.items()
    extra = sum(DAY) * 10 * (factor - 1)
    assert len(busy) - len(quiet) == pytest.approx(extra, abs=4 * math.sqrt(extra) + 1)


def test_a_change_of_one_hour_leaves_the_others_alone():
    changed = [*DAY[:10], 12.0, *DAY[11:]]
    before, after = people(clinic(Arrivals("a", per_hour=DAY))), people(clinic(Arrivals("a", per_hour=changed)))
    differ = {when for who, when in set(before.items()) ^ set(after.items())}
    assert differ
    assert {int(when) % 24 for when in differ} == {10}


def test_a_longer_run_repeats_a_shorter_one_exactly():
    pathway = clinic(Arrivals("a", per_hour=DAY), Arrivals("b", per_hour=0.01))
    long = people(pathway, until=5_000.0)
    for until in (1.0, 100.0, 1_234.5):
        assert people(pathway, until=until) == {who: when for who, when in long.items() if when < until}


def test_given_times_are_replayed_as_they_are():
    came = arrivals(clinic(Arrivals("a", times=[0, 0.5, 0.5, 3, 9]), Arrivals("b", times=[0.5])), Luck(1, 0), until=9.0)
    assert came.time.tolist() == [0, 0.5, 0.5, 0.5, 3]
    assert came.stream.tolist() == [0, 0, 0, 1, 0]
    assert came.number.tolist() == [0, 1, 2, 0, 3]


def test_a_list_that_changes_on_a_date_loses_nobody():
    before = clinic(Arrivals("a", times=[0, 1, 2, 3, 4]))
    after = clinic(Arrivals("a", times=[0, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]))
    came = draws.arrivals(draws.phases(before, [(2.5, after)]), Luck(1, 0), until=7.0)
    assert came.time.tolist() == [0, 1, 2, 2.5, 3.5, 4.5, 5.5, 6.5]
    assert len(set(came.number.tolist())) == 8
    assert came.number.tolist()[:3] == [0, 1, 2]


def test_runs_are_put_in_order_and_equals_keep_theirs():
    luck = np.random.default_rng(1)
    for _ in range(200):
        runs = [np.sort(luck.integers(0, 6, luck.integers(0, 9)).astype(float)) for _ in range(luck.integers(1, 8))]
        time = np.concatenate(runs)
        truth = np.argsort(time, kind="stable")
        order = loops.order(sorted_ := time.copy(), np.cumsum([0, *map(len, runs)]))
        assert order.tolist() == truth.tolist()
        assert sorted_.tolist() == time[truth].tolist()


def test_numbers_are_splitmix64s():
    """The first three of the published generator from state 0 (S. Vigna, splitmix64.c)."""
    states = np.arange(1, 4, dtype=np.uint64) * draws.GAMMA
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert draws.mixed(states).tolist() == [(number >> 11) * 2.0**-53 for number in published]


def test_a_rate_of_nothing_brings_nobody():
    assert not people(clinic(Arrivals("a", per_hour=0), Arrivals("b", times=[])))


def test_people_stand_in_order_of_time():
    came = arrivals(clinic(Arrivals("a", per_hour=50), Arrivals("b", per_hour=50)), Luck(1, 0), until=100.0)
    assert (np.diff(came.time) > 0).all()
