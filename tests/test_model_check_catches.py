"""Does the check find out each kind of wrong model, and pass the right one about as often as it says?"""

from dataclasses import replace

import pytest

from flowlib import Arrivals, Exponential, Gamma, LogNormal, Pathway, Rota, Route, Slots, Step, simulate
from flowlib.mapping.check import check_model
from flowlib.mapping.model import first_model

WEEK = [3.0 if 9 <= hour < 17 and day < 5 else 0.6 if 9 <= hour < 17 else 0.0 for day in range(7) for hour in range(24)]
MEAN_DAY = tuple(sum(WEEK[24 * day + hour] for day in range(7)) / 7 for hour in range(24))
TEAM = Pathway("Team", [Step("team", None, LogNormal(1, 1))], [Arrivals("team", per_hour=WEEK)])
BY_SHIFT = Rota(by_hour=[5] * 8 + [8] * 8 + [9] * 8)
DOCTORS = Pathway(
    "Doctors",
    [Step("doctor", BY_SHIFT, {"minor": Exponential(0.25), "major": LogNormal(4 / 3, 0.7)}, priority=["major"])],
    [
        Arrivals("doctor", group="minor", per_hour=[2.0] * 8 + [5.0] * 16),
        Arrivals("doctor", group="major", per_hour=[1.5] * 8 + [4.0] * 16),
    ],
)
BEDS = Pathway(
    "Beds",
    [
        Step("assessment", 6, Exponential(2)),
        Step("ward", 30, Gamma(120, 0.9), queue_limit=0, leaves_between=("09:00", "20:00")),
    ],
    [Arrivals("assessment", per_hour=0.24)],
    [Route("assessment", "ward")],
)
CLINIC = Pathway(
    "Clinic",
    [
        Step("clinic", Slots([("Mon 10:00", 6), ("Thu 14:00", 6)]), Exponential(0.5)),
        Step("treatment", None, Gamma(50, 1)),
    ],
    [Arrivals("clinic", per_hour=0.064)],
    [Route("clinic", "treatment", 0.6)],
)
KINDS = Pathway(
    "Kinds",
    [Step("a", None, {"x": Gamma(5, 0.5), "y": LogNormal(9, 1.2)}), Step("b", None, Exponential(20))],
    [Arrivals("a", group="x", per_hour=0.6), Arrivals("a", group="y", per_hour=0.4)],
    [Route("a", "b", 0.3, group="x"), Route("a", "b", 0.7, group="y")],
)


def check(true, model, *, days, warm_up_days=28, seed=1):
    """The table of *model* beside a log of *true*, by measure and step; and the check."""
    log = simulate(true, days=days, warm_up_days=warm_up_days, seed=seed)
    made = check_model(first_model(log) if model is None else model, log, runs=15)
    return made.table.set_index(["measure", "where"])["verdict"], made


@pytest.mark.parametrize(
    ("true", "model", "days", "measure", "where"),
    [
        (TEAM, replace(TEAM, arrivals=(Arrivals("team", per_hour=MEAN_DAY),)), 56, "days on which people come", "team"),
        (DOCTORS, DOCTORS.with_step("doctor", capacity=8), 28, "waiting while a place is free", "doctor"),
        (DOCTORS, DOCTORS.with_step("doctor", capacity=8), 28, "more in place than places", "doctor"),
        (DOCTORS, DOCTORS.with_step("doctor", priority=()), 28, "wait by kind of person", "doctor"),
        (BEDS, BEDS.with_step("ward", queue_limit=None), 120, "kept back after care", "assessment"),
        (BEDS, BEDS.with_step("ward", leaves_between=None), 120, "hours at which people leave", "ward"),
        (
            CLINIC,
            CLINIC.with_step("clinic", capacity=Slots([("Tue 10:00", 6), ("Fri 14:00", 6)])),
            182,
            "days on which people leave",
            "clinic",
        ),
        (KINDS, replace(KINDS, routes=(Route("a", "b", 0.46),)), 60, "where kinds of people go", "a"),
        (KINDS, KINDS.with_step("a", time=LogNormal(6.6, 1.0)), 60, "time by kind of person", "a"),
        (KINDS, KINDS.with_step("b", time=Gamma(20, 0.4)), 60, "lengths of time", "b"),
    ],
    ids=["weekend", "free", "beyond", "priority", "blocking", "leaving hours", "slots", "ways", "kinds", "shape"],
)  # fmt: skip
def test_a_wrong_model_is_found_out_by_the_figure_that_is_wrong(true, model, days, measure, where):
    """The log is that of the true pathway, and one thing in the model is not as it is there."""
    verdict, made = check(true, model, days=days)
    assert verdict[measure, where] == "differs"
    assert not made.fits
    assert made.sentence().count("So the model does not yet fit.") == 1


@pytest.mark.parametrize("true", [DOCTORS, BEDS], ids=["doctors", "beds"])
def test_the_model_that_is_made_of_their_log_fits(true):
    """Rotas, who goes first, leaving hours and full wards are found, so nothing differs."""
    verdict, made = check(true, None, days=84)
    assert made.fits, verdict[verdict != "fits"]


def test_a_change_half_way_is_found_out():
    """A third more come from the middle of the log on."""
    more = replace(TEAM, arrivals=(Arrivals("team", per_hour=[1.35 * rate for rate in WEEK]),))
    log = simulate(TEAM, days=84, warm_up_days=14, seed=1, then={42: more})
    made = check_model(first_model(log), log, runs=15)
    assert made.table.set_index(["measure", "where"])["verdict"]["change in visits", "team"] == "differs"
    assert "change over the log" in made.sentence().split("What does not: ")[1]


def test_the_true_pathway_seldom_differs():
    """
    Of 12 logs of a true pathway with some 32 figures each, few are said not to fit.

    By Bonferroni 1 in 20 or fewer hold a figure that differs; about 1 in 16 have more
    figures outside than any of 15 runs. At 1 in 9 that is 1.3 of 12, and four errors more are 5.7.
    """
    wrong = [not check(KINDS, KINDS, days=10, warm_up_days=7, seed=seed)[1].fits for seed in range(12)]
    assert sum(wrong) <= 5


def test_a_figure_that_the_runs_do_not_have_differs():
    """The model sends nobody to the ward, so no run has a time there: that is no reason to leave it out."""
    log = simulate(KINDS, days=14, warm_up_days=7, seed=1)
    made = check_model(replace(KINDS, routes=()), log, runs=10)
    row = made.table.set_index(["measure", "where"]).loc[("mean time", "b")]
    assert row["verdict"] == "differs"
    assert made.shown().set_index(["measure", "where"]).loc[("mean time", "b"), "model"] == "none"


def test_waits_that_the_model_takes_for_granted_are_told():
    """Three nurses, in a model without places: its waits stay as they were."""
    nurses = Pathway("Nurses", [Step("nurse", 3, Exponential(1))], [Arrivals("nurse", per_hour=2.5)])
    log = simulate(nurses, days=28, warm_up_days=7, seed=1)
    told = check_model(first_model(log, capacity={"nurse": None}), log, runs=10).sentence()
    assert "It has no places at nurse: waits there stay as they are, whoever comes." in told


def test_steps_that_are_left_out_are_told():
    log = simulate(KINDS, days=14, warm_up_days=7, seed=1)
    told = check_model(first_model(log, only=["a"]), log, runs=10).sentence()
    assert "The model leaves out b." in told


def test_times_in_whole_minutes_raise_no_alarm():
    """Every time rounded down to the minute, as hospital systems write them; the true pathway in exact times."""
    log = simulate(DOCTORS, days=28, warm_up_days=7, seed=3)
    frame = log.frame.copy()
    for name in ("arrived", "started", "finished", "left"):
        frame[name] = frame[name].dt.floor("min")
    by_minute = type(log)(frame, observed=log.observed, synthetic=True)
    table = check_model(DOCTORS, by_minute, runs=15).table
    assert (table["verdict"] != "differs").all(), table[table["verdict"] == "differs"]
