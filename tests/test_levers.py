"""Does each lever of `flowlib.redesign.levers` give another pathway, changed in one thing alone?"""

import copy
from dataclasses import replace

import numpy as np
import pytest
from refusals import said

from flowlib import (
    Arrivals,
    Constant,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Pathway,
    Rota,
    Route,
    Slots,
    Step,
    Triangular,
    Uniform,
    Weibull,
    days,
    hours,
    minutes,
)
from flowlib.redesign.levers import add_capacity, change_arrivals, change_time, scaled

EVERY_KIND = [
    Exponential(hours(3)),
    LogNormal(mean=minutes(48), cv=0.7),
    Gamma(mean=days(6), cv=1.1),
    Weibull(mean=hours(2), cv=0.4),
    Constant(hours(1)),
    Constant(0),
    Uniform(hours(1), hours(4)),
    Triangular(hours(1), hours(2), hours(6)),
    Empirical([1, 2, 2, 9]),
]


def clinic():
    return Pathway(
        "Clinic",
        [
            Step("triage", 2, LogNormal(mean=minutes(8), cv=0.5)),
            Step("doctor", 3, {"minor": Exponential(minutes(15)), "major": Gamma(mean=minutes(48), cv=0.7)}),
            Step("ward", Rota([4] * 24), Exponential(days(2))),
            Step("home care", Slots([("Mon 10:00", 8)]), Constant(0)),
        ],
        [
            Arrivals("triage", group="minor", per_hour=4.0),
            Arrivals("triage", group="major", per_hour=[1.0] * 8 + [3.0] * 16),
        ],
        [Route("triage", "doctor"), Route("doctor", "ward", 0.3), Route("ward", "home care", 0.5)],
    )


LEVERS = {
    "places": lambda pathway: add_capacity(pathway, "triage", 1),
    "arrivals": lambda pathway: change_arrivals(pathway, 1.1),
    "time": lambda pathway: change_time(pathway, "doctor", 0.9),
}


@pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)
def test_a_lever_leaves_the_pathway_that_it_was_given_as_it_was(lever):
    today = clinic()
    before = copy.deepcopy(today)
    assert lever(today) != today
    assert today == before == clinic()


def test_places_are_added_at_that_step_alone():
    more = add_capacity(clinic(), "doctor", 2)
    assert more.step("doctor").capacity == 5
    assert add_capacity(more, "doctor", -2) == clinic()
    assert add_capacity(clinic(), "doctor").step("doctor").capacity == 4


def test_arrivals_are_scaled_in_every_hour_and_for_every_group():
    more = change_arrivals(clinic(), 1.5)
    assert more.arrivals[0].per_hour == 6.0
    assert more.arrivals[1].per_hour == (1.5,) * 8 + (4.5,) * 16
    assert (more.steps, more.routes) == (clinic().steps, clinic().routes)
    assert change_arrivals(clinic(), 1) == clinic()


def test_nobody_comes_when_arrivals_are_times_nought():
    assert sum(stream.mean_per_hour for stream in change_arrivals(clinic(), 0).arrivals) == 0


def test_the_rates_of_a_week_are_scaled_hour_by_hour():
    week = tuple(float(hour) for hour in range(168))
    pathway = Pathway("Week", [Step("desk", 1, Constant(0))], [Arrivals("desk", per_hour=week)])
    assert change_arrivals(pathway, 2).arrivals[0].per_hour == tuple(2 * rate for rate in week)


def test_the_stays_of_every_group_are_scaled_at_that_step_alone():
    shorter = change_time(clinic(), "doctor", 0.5)
    assert shorter.step("doctor").time == {"minor": Exponential(minutes(7.5)), "major": Gamma(mean=minutes(24), cv=0.7)}
    assert shorter.with_step("doctor", time=clinic().step("doctor").time) == clinic()


@pytest.mark.parametrize("time", EVERY_KIND, ids=lambda time: f"{type(time).__name__} {time.mean:g}")
@pytest.mark.parametrize("factor", [0.1, 0.9, 1, 2.5])
def test_every_kind_of_time_keeps_its_shape_when_it_is_scaled(time, factor):
    """A law of scale: the mean and every quantile are multiplied, and the cv is not."""
    made = scaled(time, factor)
    shares = np.linspace(0.01, 0.99, 25)
    assert type(made) is type(time)
    assert made.mean == pytest.approx(factor * time.mean)
    assert made.ppf(shares) == pytest.approx(factor * time.ppf(shares))
    if time.mean:
        assert made.cv == pytest.approx(time.cv)


def test_every_distribution_of_the_suite_is_among_the_kinds_scaled_here():
    from flowlib.core import distributions  # noqa: PLC0415 - only to count them

    every = {name for name in distributions.__all__ if name != "Distribution"}
    assert {type(time).__name__ for time in EVERY_KIND} == every


@pytest.mark.parametrize("factor", [0, -1, float("nan"), "half"])
def test_a_stay_cannot_be_scaled_to_nothing(factor):
    assert "factor must be" in said(lambda: change_time(clinic(), "triage", factor))
    assert "factor must be" in said(lambda: scaled(Exponential(1), factor))


@pytest.mark.parametrize("factor", [-0.1, float("inf"), None])
def test_arrivals_cannot_be_fewer_than_none_or_without_end(factor):
    assert "factor must be" in said(lambda: change_arrivals(clinic(), factor))


def test_more_places_than_there_are_cannot_be_taken_away():
    assert said(lambda: add_capacity(clinic(), "triage", -3)) == ('Step "triage" has 2 places; 3 cannot be taken away.')
    assert add_capacity(clinic(), "triage", -2).step("triage").capacity == 0


@pytest.mark.parametrize("step", ["ward", "home care"])
def test_a_step_without_a_fixed_number_of_places_cannot_be_given_more(step):
    assert "no fixed number of places" in said(lambda: add_capacity(clinic(), step))


def test_part_of_a_place_is_refused():
    assert "whole number of places; 0.5 came" in said(lambda: add_capacity(clinic(), "triage", 0.5))


def test_a_list_of_given_times_cannot_be_scaled():
    today = clinic()
    replayed = replace(today, arrivals=(*today.arrivals, Arrivals("triage", group="minor", times=(1.0, 2.0))))
    assert 'Arrivals at "triage" replay a list' in said(lambda: change_arrivals(replayed, 1.1))


def test_a_step_that_is_not_there_is_refused_with_the_nearest():
    assert 'Did you mean "triage"?' in said(lambda: add_capacity(clinic(), "traige"))
    assert 'Did you mean "doctor"?' in said(lambda: change_time(clinic(), "docter", 0.9))
