"""What `simulate` promises of any log: the same each time, the same people in every scenario, nobody lost."""

import math
import random
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import (
    AlreadyHere,
    Arrivals,
    Constant,
    Exponential,
    Gamma,
    LogNormal,
    Pathway,
    Rota,
    Route,
    Step,
    days,
    hours,
    minutes,
    simulate,
)
from flowlib.simulation.simulate import one_run

TRIAGE = Step("triage", 2, LogNormal(minutes(8), 0.5))
DOCTOR = Step(
    "doctor", 5, {"minor": Exponential(minutes(15)), "major": LogNormal(minutes(48), 0.7)}, priority=["major"]
)
WARD = Step("ward", 30, Gamma(days(1), 1.1))
MINOR = Arrivals("triage", "minor", per_hour=4)
MAJOR = Arrivals("triage", "major", per_hour=[1.5] * 8 + [3.0] * 16)
ROUTES = (Route("triage", "doctor"), Route("doctor", "ward", 0.3, group="major"))
ED = Pathway("Emergency department", [TRIAGE, DOCTOR, WARD], [MINOR, MAJOR], ROUTES)


def rows(log, *columns):
    return log.in_hours[["run", "person", "step", *columns]]


def lengths(log):
    """How long each finished visit took, by who and where (and which visit of theirs it was)."""
    table = log.in_hours.dropna(subset=["finished"])
    visit = table.groupby(["run", "person", "step"]).cumcount()
    keys = zip(
        table["run"], table["group"], table["person"].str.split(".", n=1).str[1], table["step"], visit, strict=True
    )
    return dict(zip(keys, (table["finished"] - table["started"]).round(9), strict=True))


# The same each time


def test_the_same_call_gives_the_same_log():
    one, two = (simulate(ED, days=3, warm_up_days=1, seed=4, runs=2) for _ in range(2))
    pd.testing.assert_frame_equal(one.in_hours, two.in_hours)
    assert one.observed == two.observed


def test_another_seed_or_run_gives_another_log():
    log = simulate(ED, days=3, seed=4, runs=2)
    first = {run: part["arrived"].iloc[0] for run, part in log.in_hours.groupby("run")}
    assert first[0] != first[1]
    assert simulate(ED, days=3, seed=5).in_hours["arrived"].iloc[0] != first[0]


def test_one_run_of_many_is_that_run():
    many = simulate(ED, days=3, warm_up_days=1, seed=4, runs=3).in_hours
    alone = one_run(ED, days=3, warm_up_days=1, seed=4, run=2).in_hours
    pd.testing.assert_frame_equal(many[many["run"] == 2].reset_index(drop=True), alone)


def test_the_luck_of_the_whole_program_is_left_alone():
    """Neither Python's nor numpy's shared generator moves, and neither has a say."""
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002 - the shared generator is what is looked at
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    first = simulate(ED, days=2, seed=4).in_hours
    after = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    assert before == after
    random.seed(99)
    np.random.seed(99)  # noqa: NPY002
    pd.testing.assert_frame_equal(simulate(ED, days=2, seed=4).in_hours, first)


def test_a_longer_run_repeats_the_shorter_exactly():
    """Every visit that was over in the shorter run is the same in the longer, to the last bit."""
    short, long = (rows(simulate(ED, days=n, seed=2), "arrived", "started", "finished", "left") for n in (4, 9))
    over = short.dropna(subset=["left"])
    merged = over.merge(long, how="left", indicator=True)
    assert (merged["_merge"] == "both").all()
    assert len(over) > 300


# The same people


def test_places_change_nobodys_own_lengths():
    more = ED.with_step("doctor", capacity=9).with_step("ward", capacity=60)
    one, two = (lengths(simulate(pathway, days=4, seed=3)) for pathway in (ED, more))
    shared = one.keys() & two.keys()
    assert len(shared) > 300
    assert all(one[key] == pytest.approx(two[key]) for key in shared)


def test_an_added_step_or_stream_changes_nobody_elses_luck():
    """A third stream in front of the others and a step on the way: all others keep their lengths and routes."""
    tests = Step("tests", None, Exponential(1))
    walk_in = Arrivals("tests", "walk-in", per_hour=2)
    doctor = Step("doctor", 5, dict(DOCTOR.time) | {"walk-in": CARE}, priority=["major"])
    steps, routes = [tests, TRIAGE, doctor, WARD], [Route("tests", "doctor"), *ROUTES]
    other = Pathway("With tests", steps, [walk_in, MINOR, MAJOR], routes)
    one, two = (lengths(simulate(pathway, days=4, seed=3)) for pathway in (ED, other))
    shared = one.keys() & two.keys()
    assert len(shared) > 300
    assert all(one[key] == pytest.approx(two[key]) for key in shared)


CARE = Constant(0.25)


def test_more_demand_adds_people_and_the_others_keep_their_luck():
    busy = Pathway("Busy", ED.steps, [MINOR, Arrivals("triage", "major", [2.0] * 8 + [4.0] * 16)], ROUTES)
    one, two = (simulate(pathway, days=4, seed=3) for pathway in (ED, busy))
    came = [
        set(
            log.in_hours.loc[log.in_hours["step"] == "triage", ["person", "arrived"]].itertuples(index=False, name=None)
        )
        for log in (one, two)
    ]
    assert came[0] < came[1]
    first, second = lengths(one), lengths(two)
    assert all(first[key] == pytest.approx(second[key]) for key in first.keys() & second.keys())


def test_stays_follow_the_stated_distribution():
    """By group, the mean of what was seen is that of the distribution, within four standard errors from its cv."""
    log = simulate(ED, days=60, seed=1).in_hours
    for group, kind in DOCTOR.time.items():
        took = (log["finished"] - log["started"])[(log["step"] == "doctor") & (log["group"] == group)].dropna()
        assert took.mean() == pytest.approx(kind.mean, abs=4 * kind.mean * kind.cv / math.sqrt(len(took)))


def test_shares_go_where_they_are_sent_by_group():
    """Of those who finish with the doctor, 3 in 10 major and no minor cases go to the ward; four standard errors."""
    log = simulate(ED, days=60, seed=1)
    done = log.frame[(log.frame["step"] == "doctor") & log.frame["finished"].notna()]
    share = (done["next_step"] == "ward").groupby(done["group"]).mean()
    count = (done["group"] == "major").sum()
    assert share["minor"] == 0
    assert share["major"] == pytest.approx(0.3, abs=4 * math.sqrt(0.3 * 0.7 / count))


# Nobody is lost


def test_who_came_in_either_left_or_is_still_there():
    """Every person ends in one place: out of the door, or in one row that is still going on."""
    log = simulate(ED, days=6, seed=8)
    last = log.visits.groupby("person").tail(1)
    here = log.frame[log.frame["outcome"] == "still_here"]
    assert here["person"].is_unique
    assert set(here["person"]) == set(last.loc[last["outcome"] == "still_here", "person"])
    gone = last[last["outcome"] != "still_here"]
    assert (gone["next_step"] == "").all()
    assert len(here) + len(gone) == log.people


def test_each_move_out_of_a_step_is_a_move_into_the_next():
    log = simulate(ED, days=6, seed=8).in_hours
    out = Counter(zip(log["person"], log["next_step"], log["left"].round(9), strict=True))
    into = Counter(zip(log["person"], log["step"], log["arrived"].round(9), strict=True))
    first = Counter(
        zip(
            *(log.groupby("person").head(1)[c] for c in ("person", "step")),
            log.groupby("person").head(1)["arrived"].round(9),
            strict=True,
        )
    )
    moved = Counter({key: n for key, n in out.items() if key[1] and not np.isnan(key[2])})
    assert into == moved + first


def test_littles_law_holds_in_the_log_itself():
    """People there on average are people an hour times hours each, counted apart: census and visits."""
    log = simulate(ED, days=20, seed=8)
    table = log.in_hours
    census = log.census("1min").groupby("step")["there"].mean()
    for step in log.steps:
        own = table[table["step"] == step]
        inside = own["left"].fillna(log.hours_observed) - own["arrived"]
        slack = len(own) / 60 / log.hours_observed  # a minute a person for the grid of the census
        assert census[step] == pytest.approx(inside.sum() / log.hours_observed, abs=slack)


def test_no_row_shows_a_time_outside_the_window():
    log = simulate(ED, days=3, warm_up_days=2, seed=1).in_hours
    times = log[["arrived", "started", "finished", "left"]]
    assert times.max().max() <= 72
    assert (log["left"].isna() | (log["left"] > 0) | (log["arrived"] >= 0)).all()
    assert (log["arrived"] < 0).any()
    ordered = times.ffill(axis=1)
    assert (ordered.diff(axis=1).iloc[:, 1:].fillna(0) >= 0).all(axis=None)


def test_a_warm_up_is_the_same_world_seen_later():
    """The window after a warm-up holds the same visits as a run that was watched from the start."""
    whole = simulate(ED, days=5, seed=6).in_hours
    later = simulate(ED, days=3, warm_up_days=2, seed=6).in_hours
    shifted = whole.assign(**{time: whole[time] - 48 for time in ("arrived", "started", "finished", "left")})
    kept = shifted[(shifted["arrived"] >= 0) | ~(shifted["left"] <= 0)].reset_index(drop=True)
    pd.testing.assert_frame_equal(later, kept)


def test_a_person_who_comes_at_hour_zero_is_not_lost():
    """Begins at 0.0, takes no time, and leaves at 0.0: three zeros that are numbers, not blanks."""
    pathway = Pathway("any", [Step("desk", 1, Constant(0))], [Arrivals("desk", times=[0, 2])])
    log = simulate(pathway, days=1)
    assert log.in_hours[["arrived", "started", "finished", "left"]].to_numpy().tolist() == [[0] * 4, [2] * 4]
    assert log.frame["outcome"].tolist() == ["completed", "completed"]
    assert log.observed[0] == pd.Timestamp("2026-01-05", tz="UTC")


def test_a_simulated_log_says_what_it_is():
    log = simulate(ED, days=1.5, runs=3)
    assert (log.synthetic, log.name, log.runs, log.hours_observed) == (True, "Emergency department", 3, 36)
    assert set(log.frame["group"]) == {"minor", "major"}
    assert log.starts_known


def test_nobody_may_come_by_chance_and_the_log_is_empty():
    log = simulate(Pathway("any", [Step("desk", 1, CARE)], [Arrivals("desk", per_hour=1e-6)]), days=1, runs=4)
    assert (len(log), log.runs, log.waits().empty) == (0, 4, True)


# Refusals


HERE = [AlreadyHere("ward", "major", 5, "in_service")]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: simulate("ED", days=1), "simulate takes a Pathway; str came."),
        (lambda: simulate(ED, days=days(30)),
         "days is a plain number of days, not a Duration (which is in hours); write days=30."),
        (lambda: simulate(ED, days=2 * hours(12)),
         "days is a plain number of days, not a Duration (which is in hours); write days=1."),
        (lambda: simulate(ED, days=1, warm_up_days=hours(12)),
         "warm_up_days is a plain number of days, not a Duration (which is in hours); write warm_up_days=0.5."),
        (lambda: one_run(ED, days=days(1), warm_up_days=0, seed=0, run=0),
         "days is a plain number of days, not a Duration (which is in hours); write days=1."),
        (lambda: simulate(ED, days=0), "days must be above 0; 0 came."),
        (lambda: simulate(ED, days=-1), "days must be above 0; -1 came."),
        (lambda: simulate(ED, days="a week"), "days must be a number; 'a week' came."),
        (lambda: simulate(ED, days=math.inf), "days must be a number; inf came."),
        (lambda: simulate(ED, days=1, warm_up_days=-1), "warm_up_days must be 0 or more; -1 came."),
        (lambda: simulate(ED, days=40_000), "A simulation is of 36,525 days (a century) at most; 40,000 came."),
        (lambda: simulate(ED, days=1, runs=0), "runs must be a whole number, 1 or more; 0 came."),
        (lambda: simulate(ED, days=1, seed=-1), "seed must be a whole number, 0 or more; -1 came."),
        (lambda: simulate(ED, days=1, seed=1.5), "seed must be a whole number, 0 or more; 1.5 came."),
        (lambda: simulate(ED, days=1, engine="quick"), 'No engine called "quick"; there are "auto", "fast", "ciw".'),
        (lambda: simulate(ED, days=9, then={5: ED}, engine="ciw"),
         'ciw cannot change a pathway on a date (then=). Use engine="fast".'),
        (lambda: simulate(ED, days=1, already_here=HERE, engine="ciw"),
         'ciw starts empty, so it takes no already_here. Use engine="fast".'),
        (lambda: simulate(ED, days=1, warm_up_days=2, already_here=HERE),
         "already_here says who is there when the clock starts, so leave warm_up_days out."),
        (lambda: simulate(ED, days=1, already_here=["ward"]), "already_here holds AlreadyHere(...) only; 'ward' came."),
        (lambda: simulate(ED, days=1, already_here=[AlreadyHere("ward", "major", 5, "blocked", "ward")]),
         'Somebody at "ward" holds a place in "ward", so nobody there is blocked for it. Name another step as next.'),
        (lambda: simulate(ED, days=1, then={5: ED}),
         "Day 5 of then= is after the end. Choose an earlier day, or more days."),
        (lambda: simulate(ED, days=9, then={-1: ED}), "The day of a change must be 0 or more; -1 came."),
        (lambda: simulate(ED, days=9, then={5: "later"}), "then= names a Pathway for each day; 'later' came."),
        (lambda: simulate(ED, days=9, then={5: Pathway("Less", [TRIAGE], [])}),
         ('From day 5 the pathway lacks "doctor", "ward", where people may be. '
         "Keep the step, and send nobody there.")),
        (lambda: simulate(Pathway("Shut", [Step("ward", 0, CARE)], [Arrivals("ward", per_hour=1)]), days=1),
         ('Step "ward" never has any capacity, so people who come there would wait for ever. Give it capacity, or '
         'send people elsewhere with when_full="turn_away" or "divert".')),
        (lambda: simulate(Pathway("Quiet", [TRIAGE], []), days=1),
         'Nobody comes to pathway "Quiet". Give it arrivals, such as Arrivals(step, per_hour=4).'),
        (lambda: simulate(Pathway("Fast", [TRIAGE], [Arrivals("triage", per_hour=9e5)]), days=1),
         "About 21,600,000 people would arrive in each run. Rates are people an hour; check them, or take fewer days."),
        (lambda: simulate(ED.with_step("doctor", time={"minor": CARE}), days=1),
         'No group with a time at step "doctor" called "major"; there are "minor". Did you mean "minor"?'),
        (lambda: simulate(ED.with_step("doctor", capacity=Rota([5] * 24)), days=1, engine="ciw"),
         ('ciw cannot simulate step "doctor": its capacity is a rota or slots, where ciw brings a fresh set of '
         'staff at each change. Use engine="fast".')),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_refused_in_one_sentence(call, sentence):
    assert said(call) == sentence


def test_a_list_of_given_times_is_counted_as_it_is():
    """A hundred people in the first minute are a hundred people, however long the run."""
    pathway = Pathway("any", [Step("desk", None, CARE)], [Arrivals("desk", times=np.linspace(0, 0.0001, 100))])
    assert len(simulate(pathway, days=3_650)) == 100


def test_numbers_as_text_are_numbers():
    assert simulate(ED, days="0.5", warm_up_days="0.5").hours_observed == 12
