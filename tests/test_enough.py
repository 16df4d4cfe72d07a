"""
Is enough on average enough? Each number of the lesson, worked twice.

Oracles: the exact Markov chain of the queue, day by day, by convolution; and Spitzer's
identity, by which the mean queue on day n of a service that began empty is the sum over
k from 1 to n of E[max(S_k, 0)] / k, where S_k is what came in k days less the places.
"""

import numpy as np
import pytest
from refusals import said
from scipy import stats

from flowlib import Refusal
from flowlib.measure.enough import DAYS, YEARS, enough_on_average, typical_days
from flowlib.measure.percentiles import percentiles

MEAN = 10
ROOM = 900  # people; a queue never comes near it
CAME = stats.poisson.pmf(np.arange(60), MEAN)


def even(places, spread):
    """Each number of places from one end to the other, as often."""
    kinds = np.arange(places - spread, places + spread + 1)
    return dict.fromkeys(kinds.tolist(), 1 / kinds.size)


def chain(places, first=0, room=ROOM):
    """The chances of each queue on each evening; *places* gives the chance of each number of places."""
    now = np.zeros(room)
    now[first] = 1
    for _ in range(DAYS):
        before = np.convolve(now, CAME)
        after = np.zeros(before.size)
        for many, chance in places.items():
            after[0] += chance * before[: many + 1].sum()
            after[1 : before.size - many] += chance * before[many + 1 :]
        now = after[:room]
        yield now


def mean_of(chances):
    return float(chances @ np.arange(chances.size))


def exact(places, first=0):
    """Mean queue of all days, and of the last day."""
    means = [mean_of(chances) for chances in chain(places, first)]
    return np.mean(means), means[-1]


def spitzer(places, days):
    """Mean queue on the last of so many *days*, with the same places each day."""
    total = 0.0
    for k in range(1, days + 1):
        came = np.arange(places * k, MEAN * k + 12 * int(np.sqrt(MEAN * k)) + 40)
        total += float(stats.poisson.pmf(came, MEAN * k) @ (came - places * k)) / k
    return total


CASES = [
    (9, 0, False, 133.7),
    (10, 0, False, 25.4),
    (11, 0, False, 3.4),
    (12, 0, False, 1.2),
    (13, 0, False, 0.5),
    (11, 4, False, 6.0),
    (10, 4, False, 32.8),
    (10, 2, True, 30.1),
]


@pytest.mark.parametrize(("places", "spread", "two_kinds", "told"), CASES)
def test_the_mean_queue_is_that_of_the_exact_chain(places, spread, two_kinds, told):
    """Within four standard errors of the years; and the exact number is the one that we print."""
    kinds = {places - spread: 0.5, places + spread: 0.5} if two_kinds else even(places, spread)
    mean, last = exact(kinds)
    found = enough_on_average(places, spread=spread, two_kinds=two_kinds)
    assert found.mean_queue == pytest.approx(mean, abs=4 * found.margin / 1.96)
    assert round(mean, 1) == told
    error = found.queues[:, -1].std() / np.sqrt(YEARS)
    assert found.last_day == pytest.approx(last, abs=4 * error)


@pytest.mark.parametrize("places", [10, 11, 13])
def test_the_chain_agrees_with_spitzers_identity(places):
    """The two oracles, which share no arithmetic, hold each other."""
    assert exact({places: 1.0})[1] == pytest.approx(spitzer(places, DAYS), rel=1e-9)


@pytest.mark.parametrize("places", [10, 11, 13])
def test_the_usual_peak_is_the_median_of_the_longest_queue(places):
    """
    Oracle: the chain that may not pass m gives the chance that no evening of the year does.

    The median of 1,000 years lies, with a chance of 999 in 1,000, between the quantiles 0.448 and 0.552.
    """
    stays = np.array([sum(list(chain({places: 1.0}, room=most + 1))[-1]) for most in range(130)])
    low, high = (int(np.argmax(stays >= share)) for share in (0.448, 0.552))
    assert low <= enough_on_average(places).usual_peak <= high


@pytest.mark.parametrize("places", [10, 11])
def test_a_list_to_draw_on_moves_as_the_chain_says(places):
    """With 10 places it stays at 200 people and wastes nothing; with 11 it is used up within the year."""
    found = enough_on_average(places, waiting_first=200)
    mean, last = exact({places: 1.0}, first=200)
    assert found.mean_queue == pytest.approx(mean, abs=4 * found.margin / 1.96)
    assert found.last_day == pytest.approx(last, abs=4 * found.queues[:, -1].std() / np.sqrt(YEARS))
    if places == MEAN:
        assert found.empty_places < 0.05
        assert round(last) == 200


def test_places_that_stood_empty_are_people_who_wait():
    """Nobody is lost: who waits at the end is who waited first and came, less the places that were used."""
    found = enough_on_average(10, spread=2)
    plain = enough_on_average(10)
    assert round(plain.empty_places) == round(plain.last_day) == 39
    assert plain.empty_places == pytest.approx(plain.last_day, abs=0.2)  # as many came as there were places, nearly
    assert found.empty_places > plain.empty_places


def test_one_more_place_never_lengthens_the_queue_on_any_day_of_any_year():
    """The same people come, so each day of each year can be compared."""
    before = enough_on_average(9, spread=3)
    for places in range(10, 15):
        after = enough_on_average(places, spread=3)
        assert (after.queues <= before.queues).all()
        before = after


def test_each_evening_follows_from_the_one_before():
    """Lindley's recursion, by hand, for one year: the people who came are told by a service that sees nobody."""
    nobody_seen = enough_on_average(0, years=2).queues[1]
    came = np.diff(nobody_seen, prepend=0)
    waiting, told = 0, []
    for people in came:
        waiting = max(0, waiting + people - 10)
        told.append(waiting)
    assert enough_on_average(10, years=2).year(2).tolist() == told


def test_the_range_holds_nine_years_in_ten():
    found = enough_on_average(10)
    friday = found.queues[:, found.days - 1]
    with_ends = (friday >= found.low) & (friday <= found.high)
    without = (friday > found.low) & (friday < found.high)
    assert (with_ends.mean(axis=0) >= 0.9).all()
    assert (without.mean(axis=0) <= 0.9).all()
    year = found.queues.mean(axis=1)
    assert np.mean((year >= found.year_low) & (year <= found.year_high)) == pytest.approx(0.9, abs=0.002)


def test_demand_of_ten_has_the_percentiles_that_the_lesson_states():
    """Oracle: scipy's Poisson quantiles, and its chances of so many or fewer."""
    assert stats.poisson.ppf([0.65, 0.8, 0.85], MEAN).tolist() == [11, 13, 13]
    table = percentiles(typical_days(MEAN), every="day").table.set_index("level")
    assert table["capacity"].tolist()[1:] == [11, 13, 13]
    for row in table.itertuples():
        assert row.share_met == pytest.approx(stats.poisson.cdf(row.capacity, MEAN), abs=0.01)


@pytest.mark.parametrize("demand", [0.4, 10, 700])
def test_typical_days_are_spread_as_chance_spreads_them(demand):
    """Oracle: scipy's Poisson quantiles, at the middle of each hundredth."""
    middles = (np.arange(100) + 0.5) / 100
    assert typical_days(demand) == stats.poisson.ppf(middles, demand).tolist()


@pytest.mark.parametrize("demand", [0.2, 10, 400])
def test_as_many_come_as_were_asked_for(demand):
    """Oracle: a Poisson count has its mean as its variance; within four standard errors."""
    came = np.diff(enough_on_average(0, demand=demand).queues, prepend=0, axis=1)
    count = came.size
    assert came.mean() == pytest.approx(demand, abs=4 * np.sqrt(demand / count))
    assert came.var() == pytest.approx(demand, rel=4 * np.sqrt((2 + 1 / demand) / count))


def test_one_year_is_a_year():
    one = enough_on_average(10, years=1)
    assert one.queues.shape == (1, DAYS)
    assert one.margin == np.inf


# In words


def test_the_result_is_said_with_its_range():
    assert enough_on_average(11).sentence() == (
        "On average 3.4 people wait in the evening. For a single year this is from 1.8 to 6, in 9 years of 10. "
        "The longest queue of a usual year is 19 people. 263 places a year stand empty."
    )
    assert enough_on_average(10, waiting_first=200).sentence() == (
        "The list begins the year with 200 people and ends it with 200 on average. "
        "In 9 years of 10 it ends with 117 to 283. No place stands empty."
    )


def test_the_difference_from_today_is_said():
    today, more = enough_on_average(10), enough_on_average(11)
    assert more.compared(today) == "Today 25 people wait in the evening. With this change, 3.4: 22 fewer."
    assert today.compared(more) == "Today 3.4 people wait in the evening. With this change, 25: 22 more."
    assert enough_on_average(10).compared(today).endswith("From these years we cannot tell the two apart.")
    listed = enough_on_average(10, waiting_first=200)
    assert listed.compared(today) == "Today the queue grows by 39 over the year. With this change it stays as it is."


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"places": -1}, "places must be a whole number, 0 or more; -1 came."),
        ({"places": 2, "spread": 3}, "The spread is at most the places; 3 came for 2 places."),
        ({"places": 2, "demand": 0}, "demand must be above 0 people a day; 0 came."),
        ({"places": 2, "demand": 2000}, "At most 1,000 people or places a day. Count in tens."),
        ({"places": 2, "years": 0}, "years must be a whole number, 1 or more; 0 came."),
    ],
)
def test_a_service_that_can_not_be_is_refused(wrong, sentence):
    assert said(lambda: enough_on_average(**wrong)) == sentence


def test_a_year_that_was_not_simulated_is_refused():
    with pytest.raises(Refusal, match=r"^There are 2 years; 3 came\.$"):
        enough_on_average(10, years=2).year(3)
