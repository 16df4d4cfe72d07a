"""Are the formulas of `flowlib.diagnose.queueing` those of the books, at any size?"""

import dataclasses
import json
import math
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from chains import CASES, settled
from hypothesis import given, settings
from scipy import integrate, linalg, optimize, stats

from flowlib.core.checks import Refusal
from flowlib.diagnose.queueing import (
    beds_needed,
    erlang_a,
    erlang_b,
    erlang_c,
    ggc,
    littles_law,
    mg1,
    mmc,
    mmck,
    servers_needed,
)

# The same examples each time, however busy the computer.
steady = settings(deadline=None, derandomize=True)

PUBLISHED = Path(__file__).parent / "published"
STROKE = json.loads((PUBLISHED / "monks2016_stroke.json").read_text(encoding="utf-8"))
SYMBOLS = {
    "P0": "chance_of_empty",
    "Lq": "mean_queue",
    "L": "mean_in_system",
    "Wq": "mean_wait",
    "W": "mean_time_in_system",
    "U": "utilisation",
    "Pwait": "chance_of_waiting",
    "ErlangC": "chance_of_waiting",
}

rates = st.floats(0.1, 20)
counts = st.integers(1, 60)
uses = st.floats(0.05, 0.98)
spreads = st.floats(0, 3)


def cases(model):
    """The published cases of one model."""
    found = [pytest.param(case, id=case["id"]) for case in CASES if case["model"] == model]
    assert found
    return found


def fields(result):
    """The numbers of a result, by name."""
    return {name: value for name, value in dataclasses.asdict(result).items() if not name.startswith("_")}


@pytest.mark.parametrize("case", cases("M/M/c"))
def test_mmc_gives_the_published_figures(case):
    given_ = case["inputs"]
    result = fields(mmc(given_["lam"], given_["mu"], servers=given_["c"]))
    for symbol, expected in case["expected"].items():
        assert result[SYMBOLS[symbol]] == pytest.approx(expected, abs=case["tolerance"]), symbol


@pytest.mark.parametrize("case", cases("M/M/c/K"))
def test_mmck_gives_the_published_figures(case):
    given_ = case["inputs"]
    result = fields(mmck(given_["lam"], given_["mu"], servers=given_["c"], places=given_["K"]))
    for symbol, expected in case["expected"].items():
        assert result[SYMBOLS[symbol]] == pytest.approx(expected, abs=case["tolerance"]), symbol


@pytest.mark.parametrize("case", cases("M/G/1"))
def test_mg1_gives_the_published_figures(case):
    given_ = case["inputs"]
    result = fields(mg1(given_["lam"], 1 / given_["mean_service"], cv_service=math.sqrt(given_["cv_squared"])))
    for symbol, expected in case["expected"].items():
        assert result[SYMBOLS[symbol]] == pytest.approx(expected, abs=case["tolerance"]), symbol


@pytest.mark.parametrize("case", cases("Erlang B"))
def test_erlang_b_gives_the_published_figures(case):
    assert erlang_b(case["inputs"]["A"], case["inputs"]["c"]) == pytest.approx(
        case["expected"]["B"], abs=case["tolerance"]
    )


@pytest.mark.parametrize("case", cases("Beds needed"))
def test_beds_needed_gives_the_published_figures(case):
    beds = beds_needed(case["inputs"]["A"], max_chance_of_full=case["inputs"]["max_chance_of_full"])
    assert beds == case["expected"]["beds"]


@pytest.mark.parametrize("case", cases("Erlang C"))
def test_erlang_c_gives_the_published_figures(case):
    given_, expected = case["inputs"], case["expected"]
    line = mmc(given_["calls"] / given_["interval_min"], 1 / given_["aht_min"], servers=given_["c"])
    found = {
        "offered": line.utilisation * given_["c"],
        "Pwait": erlang_c(expected["offered"], given_["c"]),
        "service_level": 1 - line.wait_longer_than(given_["asa_target_min"]),
        "occupancy": line.utilisation,
    }
    assert found == pytest.approx(expected, abs=case["tolerance"])
    assert line.served_within(given_["asa_target_min"]) == found["service_level"]


@pytest.mark.parametrize("case", cases("Erlang A (M/M/c+M)"))
def test_erlang_a_gives_the_published_figures(case):
    given_ = case["inputs"]
    line = erlang_a(
        given_["lam_per_min"], 1 / given_["mean_service_min"], servers=given_["c"], mean_patience=given_["patience_min"]
    )
    found = {
        "Pwait": line.chance_of_waiting,
        "Pabandon": line.chance_of_loss,
        "occupancy": line.utilisation,
        "ASA_min": line.mean_wait,
        "service_level": line.served_within(given_["asa_target_min"]),
    }
    assert found == pytest.approx(case["expected"], abs=case["tolerance"])


def stroke_loads():
    """People on each unit if there were beds for all: arrivals a day times days of stay, by group and route."""
    asu, rehab = STROKE["los_days"]["asu"], STROKE["los_days"]["rehab"]
    every, direct = STROKE["interarrival_mean_days"]["asu"], STROKE["interarrival_mean_days"]["rehab_direct"]
    to = STROKE["routing"]["asu"]
    early = to["stroke"]["esd"]  # home early with support; all others stay as long as those without it
    stays = {group: asu[group][0] for group in ("tia", "neuro", "other")}
    stays["stroke"] = early * asu["stroke_esd"][0] + (1 - early) * asu["stroke_noesd"][0]
    acute = sum(stays[group] / every[group] for group in stays)
    split = STROKE["routing"]["rehab"]["stroke"]
    stays = {group: rehab[group][0] for group in ("tia", "neuro", "other")}
    stays["stroke"] = split["esd"] * rehab["stroke_esd"][0] + split["other"] * rehab["stroke_noesd"][0]
    arrivals = {group: to[group]["rehab"] / every[group] for group in stays}
    for group, gap in direct.items():
        arrivals[group] += 1 / gap
    return {"asu": acute, "rehab": sum(arrivals[group] * stays[group] for group in stays)}


@pytest.mark.parametrize(
    ("table", "unit", "growth"),
    [("asu", "asu", 1), ("asu_plus5", "asu", 1.05), ("rehab", "rehab", 1), ("rehab_plus5", "rehab", 1.05)],
)
def test_erlang_b_gives_the_delays_of_a_real_stroke_pathway(table, unit, growth):
    """Monks et al. (2016), Table 2: a simulation, printed to 2 decimals, with noise below 0.003."""
    for beds, (delayed, _) in STROKE["table2_paper"][table].items():
        assert erlang_b(growth * stroke_loads()[unit], int(beds)) == pytest.approx(delayed, abs=0.01), beds


def test_erlang_b_gives_the_delays_of_a_pooled_stroke_pathway():
    """Monks et al. (2016), Table 3, the rows in which all beds are shared."""
    load = sum(stroke_loads().values())
    for acute, rehab, pooled, delayed, _ in STROKE["table3_paper"]:
        if acute == rehab == 0:
            assert erlang_b(load, pooled) == pytest.approx(delayed, abs=0.01)


@pytest.mark.parametrize(("use", "services"), [(0.5, 1), (0.8, 4), (0.85, 5.7), (0.9, 9), (0.95, 19), (0.98, 49)])
def test_the_wait_for_one_server_grows_as_use_over_spare(use, services):
    """Arithmetic: u / (1 - u) service times."""
    assert mmc(use, 1).mean_wait == pytest.approx(services, abs=0.05)


@pytest.mark.parametrize(("beds", "full"), [(10, 0.33), (30, 0.11), (100, 0.015), (400, 0)])
def test_the_same_occupancy_fills_a_small_ward_far_more_often(beds, full):
    """At 85% occupancy; the load is searched for, so this also walks Erlang B backwards."""
    load = optimize.brentq(lambda load: load * (1 - erlang_b(load, beds)) / beds - 0.85, 1, 3 * beds)
    assert erlang_b(load, beds) == pytest.approx(full, abs=0.005)


def test_hillier_and_liebermans_county_hospital():
    """Introduction to Operations Research, section 17.6: 2 arrivals an hour, 3 an hour a doctor, worked by hand."""
    one, two = mmc(2, 3), mmc(2, 3, servers=2)
    assert (one.chance_of_empty, two.chance_of_empty) == pytest.approx((1 / 3, 1 / 2))
    assert (one.mean_queue, two.mean_queue) == pytest.approx((4 / 3, 1 / 12))
    assert (one.mean_time_in_system, two.mean_time_in_system) == pytest.approx((1, 3 / 8))
    assert one.wait_longer_than(0.5) == pytest.approx(2 / 3 * math.exp(-0.5))
    assert two.wait_longer_than(0.5) == pytest.approx(1 / 6 * math.exp(-2))


@steady
@given(rates, counts, uses, spreads, spreads, st.floats(0.1, 10), st.integers(0, 30))
def test_littles_law_holds_between_the_fields_of_every_result(service, servers, use, between, spread, patience, chairs):
    """L = λW for queue and system, with λ the rate of those whom the means count."""
    arrivals = use * servers * service
    results = [
        mmc(arrivals, service, servers=servers),
        mg1(use * service, service, cv_service=spread),
        ggc(arrivals, service, servers=servers, cv_arrivals=between, cv_service=spread),
        erlang_a(2 * arrivals, service, servers=servers, mean_patience=patience),
        mmck(2 * arrivals, service, servers=servers, places=servers + chairs),
    ]
    entering = [arrivals, use * service, arrivals, 2 * arrivals, 2 * arrivals * (1 - results[-1].chance_of_loss)]
    for result, rate in zip(results, entering, strict=True):
        assert result.mean_queue == pytest.approx(rate * result.mean_wait, rel=1e-9, abs=1e-300)
        assert result.mean_in_system == pytest.approx(rate * result.mean_time_in_system, rel=1e-9)


@steady
@given(rates, counts, uses)
def test_people_in_service_are_the_busy_servers(service, servers, use):
    """L - Lq = servers × utilisation, in every model; and utilisation is the load that gets in."""
    arrivals = use * servers * service
    for result in (
        mmc(arrivals, service, servers=servers),
        mmck(3 * arrivals, service, servers=servers, places=servers + 5),
        erlang_a(3 * arrivals, service, servers=servers, mean_patience=1 / service),
    ):
        assert result.mean_in_system - result.mean_queue == pytest.approx(servers * result.utilisation, rel=1e-7)
        assert 0 <= result.utilisation <= 1


@steady
@given(rates, counts, uses)
def test_pooling_never_lengthens_the_wait(service, servers, use):
    """One queue before 2c servers waits no longer than two queues before c each."""
    arrivals = use * servers * service
    apart, pooled = mmc(arrivals, service, servers=servers), mmc(2 * arrivals, service, servers=2 * servers)
    assert pooled.mean_wait <= apart.mean_wait
    assert pooled.chance_of_waiting <= apart.chance_of_waiting


@steady
@given(rates, counts, uses)
def test_one_more_server_always_helps(service, servers, use):
    arrivals = use * servers * service
    assert mmc(arrivals, service, servers=servers + 1).mean_wait < mmc(arrivals, service, servers=servers).mean_wait
    assert erlang_b(arrivals / service, servers + 1) < erlang_b(arrivals / service, servers)


@steady
@given(counts, uses)
def test_erlang_c_follows_from_erlang_b(servers, use):
    """C = B / (1 - u + uB), and by its own formula: the sum of a Poisson, term by term."""
    load = use * servers
    full = erlang_b(load, servers)
    assert erlang_c(load, servers) == pytest.approx(full / (1 - use + use * full))
    terms = [load**n / math.factorial(n) for n in range(servers)]
    last = load**servers / math.factorial(servers) / (1 - use)
    assert erlang_c(load, servers) == pytest.approx(last / (sum(terms) + last))


@steady
@given(rates, counts, uses)
def test_with_ever_more_places_mmck_becomes_mmc(service, servers, use):
    """Enough places that one more person would find all of them taken less than once in 10^12."""
    arrivals = use * servers * service
    places = servers + math.ceil(-40 / math.log(use))
    open_, closed = mmc(arrivals, service, servers=servers), mmck(arrivals, service, servers=servers, places=places)
    assert fields(closed) == pytest.approx(fields(open_), rel=1e-6, abs=1e-12)
    assert closed.wait_longer_than(0.3) == pytest.approx(open_.wait_longer_than(0.3), rel=1e-6, abs=1e-12)


@steady
@given(rates, counts, st.floats(0.1, 3))
def test_mmck_with_no_room_to_wait_is_erlang_b(service, servers, use):
    closed = mmck(use * servers * service, service, servers=servers, places=servers)
    assert closed.chance_of_loss == pytest.approx(erlang_b(use * servers, servers))
    assert (closed.mean_wait, closed.chance_of_waiting, closed.wait_longer_than(0)) == (0, 0, 0)


@steady
@given(rates, uses)
def test_mg1_and_ggc_with_the_spread_of_chance_are_mm1(service, use):
    chance = fields(mmc(use * service, service))
    assert fields(mg1(use * service, service, cv_service=1)) == pytest.approx(chance)
    near = fields(ggc(use * service, service, servers=1, cv_arrivals=1, cv_service=1))
    del chance["chance_of_empty"], near["chance_of_empty"]
    assert near == pytest.approx(chance)


@steady
@given(rates, uses, spreads)
def test_ggc_with_chance_arrivals_and_one_server_is_mg1(service, use, spread):
    near = ggc(use * service, service, servers=1, cv_arrivals=1, cv_service=spread)
    assert near.mean_wait == pytest.approx(mg1(use * service, service, cv_service=spread).mean_wait)


@steady
@given(rates, counts, uses)
def test_without_spread_there_is_no_wait(service, servers, use):
    """Clockwork arrivals and services below capacity never queue."""
    assert ggc(use * servers * service, service, servers=servers, cv_arrivals=0, cv_service=0).mean_wait == 0


@steady
@given(st.floats(0.1, 5), st.floats(0.2, 3), st.integers(1, 8), st.integers(0, 12))
def test_mmck_is_the_birth_death_chain_solved_by_linear_algebra(arrivals, service, servers, chairs):
    places = servers + chairs
    chances = settled([arrivals] * places, [service * min(n, servers) for n in range(1, places + 1)])
    result, there = mmck(arrivals, service, servers=servers, places=places), np.arange(places + 1)
    assert result.chance_of_loss == pytest.approx(chances[-1], abs=1e-9)
    assert result.chance_of_empty == pytest.approx(chances[0], abs=1e-9)
    assert result.mean_in_system == pytest.approx(chances @ there, abs=1e-7)
    assert result.chance_of_waiting == pytest.approx(chances[servers:-1].sum() / chances[:-1].sum(), abs=1e-9)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.floats(0.1, 5), st.floats(0.3, 3), st.integers(1, 6), st.floats(0.2, 3))
def test_erlang_a_is_the_birth_death_chain_solved_by_linear_algebra(arrivals, service, servers, patience):
    """The chain cut at 120 people, where nobody is left."""
    top = 120
    leaving = [service * min(n, servers) + max(n - servers, 0) / patience for n in range(1, top + 1)]
    chances, there = settled([arrivals] * top, leaving), np.arange(top + 1)
    result = erlang_a(arrivals, service, servers=servers, mean_patience=patience)
    queue = chances @ np.maximum(there - servers, 0)
    assert result.mean_queue == pytest.approx(queue, abs=1e-7)
    assert result.mean_in_system == pytest.approx(chances @ there, abs=1e-7)
    assert result.chance_of_waiting == pytest.approx(chances[servers:].sum(), abs=1e-9)
    assert result.chance_of_loss == pytest.approx(queue / patience / arrivals, abs=1e-8)
    assert result.chance_of_empty == pytest.approx(chances[0], abs=1e-9)


@pytest.mark.parametrize(("arrivals", "time"), [(2.0, 0.4), (6.0, 0.4), (6.0, 2.0), (9.0, 1.0)])
def test_erlang_a_waits_are_those_of_one_person_followed_through_the_queue(arrivals, time):
    """Oracle: the matrix exponential of one person's place in the queue, until served or gone."""
    servers, service, patience, top = 3, 1.5, 0.8, 80
    leaving = [service * min(n, servers) + max(n - servers, 0) / patience for n in range(1, top + 1)]
    chances = settled([arrivals] * top, leaving)
    ahead = top - servers + 1
    moves = np.zeros((ahead + 2, ahead + 2))  # the last two: served, gone
    for place in range(ahead):
        forward = servers * service + place / patience
        moves[place, place - 1 if place else ahead] = forward
        moves[place, ahead + 1] = 1 / patience
        moves[place, place] = -forward - 1 / patience
    reached = linalg.expm(moves * time)
    waiting = chances[servers : servers + ahead]
    result = erlang_a(arrivals, service, servers=servers, mean_patience=patience)
    assert result.wait_longer_than(time) == pytest.approx(waiting @ reached[:ahead, :ahead].sum(axis=1), abs=1e-9)
    free = chances[:servers].sum()
    assert result.served_within(time) == pytest.approx(free + waiting @ reached[:ahead, ahead], abs=1e-9)


@steady
@given(st.floats(0.2, 2), st.integers(1, 20), st.floats(0.1, 2))
def test_the_mean_wait_is_the_area_under_the_chance_of_waiting_longer(use, servers, patience):
    """E[W] = the integral of P(W > t), in each model that gives both."""
    results = [
        erlang_a(use * servers, 1, servers=servers, mean_patience=patience),
        mmck(use * servers, 1, servers=servers, places=servers + 4),
        mmc(min(use, 0.6) * servers, 1, servers=servers),  # so that 60 is far beyond the longest wait
    ]
    for result in results:
        area, _ = integrate.quad(result.wait_longer_than, 0, 60, limit=200)
        assert area == pytest.approx(result.mean_wait, rel=1e-5, abs=1e-7)
        assert result.wait_longer_than(0) == pytest.approx(result.chance_of_waiting)


@steady
@given(rates, counts, uses)
def test_with_endless_patience_erlang_a_becomes_mmc(service, servers, use):
    arrivals = min(use, 0.9) * servers * service
    patient = erlang_a(arrivals, service, servers=servers, mean_patience=1e9 / service)
    assert fields(patient) == pytest.approx(fields(mmc(arrivals, service, servers=servers)), rel=1e-5, abs=1e-6)


@steady
@given(rates, counts, st.floats(0.1, 3))
def test_with_no_patience_erlang_a_becomes_erlang_b(service, servers, use):
    hasty = erlang_a(use * servers * service, service, servers=servers, mean_patience=1e-9 / service)
    assert hasty.chance_of_loss == pytest.approx(erlang_b(use * servers, servers), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(("load", "servers"), [(900, 1000), (4990, 5000), (9900, 10_000), (49_900, 50_000)])
def test_erlang_b_holds_at_thousands_of_servers(load, servers):
    """The same ratio from the logarithms of scipy's Poisson."""
    logs = stats.poisson.logpmf(servers, load) - stats.poisson.logcdf(servers, load)
    assert erlang_b(load, servers) == pytest.approx(math.exp(logs), rel=1e-6)


def test_every_formula_holds_at_thousands_of_servers():
    """Nothing overflows, and the models still agree where they meet."""
    waits = mmc(9900, 1, servers=10_000)
    assert waits.chance_of_waiting == pytest.approx(erlang_c(9900, 10_000))
    closed = mmck(9900, 1, servers=10_000, places=14_000)
    assert fields(closed) == pytest.approx(fields(waits), rel=1e-8, abs=1e-9)
    crowd = erlang_a(12_000, 1, servers=10_000, mean_patience=2)
    assert crowd.chance_of_loss == pytest.approx(1 / 6, rel=1e-9)  # all servers busy: 10,000 of 12,000 are seen
    assert crowd.mean_wait == pytest.approx(2 / 6, rel=1e-9)
    assert crowd.utilisation == pytest.approx(1, rel=1e-12)
    assert (crowd.chance_of_empty, crowd.wait_longer_than(1e6), crowd.served_within(1e6)) == (
        0,
        0,
        pytest.approx(5 / 6),
    )


@steady
@given(st.floats(0.1, 200), st.floats(0.001, 0.9))
def test_beds_needed_is_the_first_number_that_will_do(load, most):
    beds = beds_needed(load, max_chance_of_full=most)
    assert erlang_b(load, beds) <= most * (1 + 1e-9)
    assert erlang_b(load, beds - 1) > most


@steady
@given(st.floats(0.1, 100), rates, st.floats(0.01, 1), st.floats(0.01, 1), st.floats(0.3, 1))
def test_servers_needed_is_the_first_number_that_will_do(load, service, wait, waiting, use):
    servers = servers_needed(
        load * service, service, max_mean_wait=wait / service, max_chance_of_waiting=waiting, max_utilisation=use
    )

    def enough(number):
        if number <= load * service / service:
            return False
        result = mmc(load * service, service, servers=number)
        within = [result.mean_wait * service / wait, result.chance_of_waiting / waiting, result.utilisation / use]
        return max(within) <= 1 + 1e-9

    assert enough(servers)
    assert not enough(servers - 1)


def test_servers_needed_takes_any_one_limit():
    """Arithmetic: 8 / 10 = 0.8; and Erlang C of 2 servers at load 1 is 1 in 3."""
    assert servers_needed(8, 1, max_utilisation=0.8) == 10
    assert servers_needed(1, 1, max_chance_of_waiting=0.34) == 2
    assert servers_needed(1, 1, max_mean_wait=0.34) == 2


def test_a_limit_that_is_met_exactly_is_met():
    """By hand: Erlang C of 2 servers at load 1/2 is 1/10, and Erlang B of 2 beds at load 1 is 1/5."""
    assert servers_needed(0.5, 1, max_chance_of_waiting=0.1) == 2
    assert beds_needed(1, max_chance_of_full=0.2) == 2


def test_littles_law_gives_the_third_from_two():
    """By hand: 55 people who leave at 45.7 a day stayed 1.2 days; 40 a day for 9.2 days are 368 people."""
    assert littles_law(in_system=55, rate=45.7) == pytest.approx(1.2, abs=0.005)
    assert littles_law(rate=40, time=9.2) == pytest.approx(368)
    assert littles_law(in_system=368, time=9.2) == pytest.approx(40)
    assert littles_law(0, time=3) == 0


UNSTABLE = "Demand must stay below capacity; "
REFUSED = [
    (lambda: mmc(24, 8, servers=3), UNSTABLE + "24 arrive per unit of time and 3 servers can complete 24"),
    (lambda: mmc(24, 8, servers=3), r"Add servers \(at least 4 in all\), or simulate a fixed period\."),
    (lambda: mmc(0.3, 0.1, servers=3), r"at least 4 in all"),
    (lambda: mg1(9, 8, cv_service=1), UNSTABLE + "9 arrive per unit of time and 1 server can complete 8"),
    (lambda: ggc(9, 4, servers=2, cv_arrivals=1, cv_service=1), r"at least 3 in all"),
    (lambda: erlang_c(10, 10), r"the offered load is 10 and there are 10 servers\. Add servers \(at least 11 in all\)"),
    (lambda: mmc(0, 1), "The arrival rate must be above 0; 0 came"),
    (lambda: mmc(1, -1), "The service rate must be above 0; -1 came"),
    (lambda: mmc(1, 2, servers=1.5), "The number of servers must be a whole number, 1 or more; 1.5 came"),
    (lambda: mmck(1, 2, servers=3, places=2), "Places count all in the system; 2 came for 3 servers. Give 3 or more."),
    (lambda: mg1(1, 2, cv_service=-1), "The cv of service times must be 0 or more; -1 came"),
    (lambda: mg1(1, 2, cv_service=1).wait_longer_than(1), "gives the mean wait, not its spread. Simulate"),
    (lambda: mmc(1, 2).wait_longer_than(-1), "The time must be 0 or more; -1 came"),
    (lambda: erlang_a(1, 2, servers=1, mean_patience=0), "The mean patience must be above 0; 0 came"),
    (lambda: erlang_a(2e8, 1, servers=1, mean_patience=1), "the queue has no practical end. Shorten mean_patience"),
    (lambda: servers_needed(1, 1), "Give a limit: max_mean_wait, max_chance_of_waiting or max_utilisation"),
    (lambda: servers_needed(1, 1, max_chance_of_waiting=0), "max_chance_of_waiting must be above 0"),
    (
        lambda: servers_needed(1, 1, max_utilisation=85),
        "max_utilisation must be from 0 to 1; 85 came. Half is 0.5, not 50.",
    ),
    (lambda: beds_needed(10, max_chance_of_full=1), "max_chance_of_full must be below 1"),
    (lambda: littles_law(rate=3), "Give two of in_system, rate and time; 1 came"),
    (lambda: littles_law(3, 0), "The rate must be above 0; 0 came"),
]


@pytest.mark.parametrize(("ask", "sentence"), REFUSED)
def test_what_has_no_answer_is_refused_with_a_sentence(ask, sentence):
    with pytest.raises(Refusal, match=sentence):
        ask()
