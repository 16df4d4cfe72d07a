"""
Little's law as the lesson tells it.

Oracles: the law itself on a simulated log, counted by a census; the Poisson chances summed term by term.
"""

import math

import numpy as np
import pytest
from refusals import said

from flowlib import Arrivals, Gamma, Pathway, Step, days, simulate
from flowlib.diagnose.little import days_each, joined_a_day, people_there
from flowlib.show.little_panel import PLACES, little_panel, little_picture


def poisson_over(mean, limit):
    """The chance of more than *limit*, term by term in logarithms."""
    terms = [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(limit + 1)]
    return 1 - math.fsum(terms)


def test_people_there_are_people_a_day_times_days_each_whichever_two_are_known():
    assert people_there(40, 9.2).there == pytest.approx(368)
    assert days_each(368, 40) == pytest.approx(9.2)
    assert joined_a_day(368, 9.2) == pytest.approx(40)


@pytest.mark.parametrize(("per_day", "stay", "places"), [(6.5, 25, 170), (0.4, 2, 3), (40, 9.2, 430)])
def test_single_days_vary_as_poisson_chances_say(per_day, stay, places):
    found = people_there(per_day, stay, places=places)
    mean = per_day * stay
    assert found.full == pytest.approx(poisson_over(mean, places), abs=1e-9)
    assert poisson_over(mean, found.low - 1) >= 0.95 - 1e-9 or found.low == 0
    assert poisson_over(mean, found.high) <= 0.05 + 1e-9


def test_a_simulated_service_without_a_limit_has_as_many_people_as_the_law_says():
    """Oracle: a census every hour of 20 spells of 60 days; the tolerance is four standard errors over the spells."""
    service = Pathway(
        "A service", [Step("support", None, Gamma(mean=days(10), cv=0.6))], [Arrivals("support", per_hour=6.5 / 24)]
    )
    log = simulate(service, days=1200, warm_up_days=60, seed=24)
    census = log.census("1h")
    spells = census["there"].groupby(np.arange(len(census)) // (60 * 24)).mean().head(20)
    assert abs(spells.mean() - people_there(6.5, 10).there) < 4 * spells.std() / np.sqrt(len(spells))


def test_the_sentence_says_the_mean_and_how_sure_we_are_of_a_single_day():
    found = people_there(6.5, 25, places=170)
    assert found.sentence() == (
        "6.5 people a day who stay 25 days each make 162 people there, on average. "
        "On 9 days of 10 it is 142 to 184. More than 170 places are wanted on 26 days in 100."
    )
    assert people_there(6.5, 23.5).compared(found) == "Today it is 162. With this change it is 153: 9 fewer."
    assert found.compared(found) == "Today it is 162 as well."
    assert people_there(9, 25, places=170).sentence().endswith("There are 170 places, so the queue for them grows.")


@pytest.mark.parametrize("wrong", [0, -1, "many", float("nan")])
def test_numbers_that_are_not_above_0_are_refused(wrong):
    for asked in (lambda: people_there(wrong, 5), lambda: days_each(5, wrong), lambda: joined_a_day(5, wrong)):
        assert "must be" in said(asked)


def test_the_picture_has_the_rectangle_and_says_its_finding():
    found = people_there(6.5, 25, places=PLACES)
    spec = little_picture(found, people_there(5, 20)).chart.to_dict()
    assert spec["datasets"]["sides"] == [{"days": 25.0, "people": 6.5}]
    assert len(spec["datasets"]["today"]) == 3
    assert little_picture(found).description.startswith("162 people are there, on average. 6.5 people a day")


def test_the_panel_holds_the_prediction_against_the_law():
    shown = little_panel()
    shown.prediction.value = "About 160"
    shown.look()
    assert shown.said.text == people_there(6.5, 25, places=PLACES).sentence()
    assert "About 160" in shown.predicted.text
    shown.controls["days"].value = 23.5
    assert "make 153 people there" in shown.said.text
