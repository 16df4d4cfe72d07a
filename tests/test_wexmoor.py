"""Is the whole of Wexmoor the place that its anchors describe, and is nobody lost in it?"""

import importlib.util

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import Pathway, Slots, simulate
from flowlib.core import data
from flowlib.redesign.experiment import run
from flowlib.redesign.wexmoor import OVERNIGHT, SCENARIOS, change_admissions, home_care_starts, scenarios
from flowlib.redesign.wexmoor_measures import measures

PLACE = data.pathway("wexmoor")
ROUNDED = 3e-4  # people a day: rates stand in the file to 6 decimals of people an hour, 24 hours and at most 10 streams
RUNS = 12
FEWER_BEDS = PLACE.with_step("Ward bed", capacity=390)  # so that many wait for a bed


def a_day(step, *groups):
    """People a day at a step, by the traffic equations."""
    found = PLACE.visits_per_hour(step)
    return 24 * sum(found[group] for group in (groups or found))


def script(path):
    """A module from a file that is in no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows():
    """Every visit of 150 days from an empty place."""
    return simulate(PLACE, days=150, seed=4).in_hours


@pytest.fixture(scope="module")
def short_of_beds():
    """60 days of a place with too few beds, after 100 that fill it."""
    return simulate(FEWER_BEDS, days=60, warm_up_days=100, seed=4)


def test_the_file_is_made_again_byte_for_byte(tmp_path):
    """Oracle: the script that made it, run again."""
    script(data.FOLDER / "wexmoor_build.py").whole_place().save(tmp_path / "again.yaml")
    assert (tmp_path / "again.yaml").read_bytes() == (data.FOLDER / "wexmoor.yaml").read_bytes()


def test_the_shipped_pathway_is_read_by_name_and_others_are_refused():
    assert isinstance(PLACE, Pathway)
    assert 'No shipped pathway called "wexmor"' in said(lambda: data.pathway("wexmor"))


@pytest.mark.parametrize(
    ("step", "groups", "number"),
    [
        ("Triage", (), 200),
        ("Urgent treatment", (), 110),
        ("Away, then back", (), 0.087 * 310),  # 8.7% come back within 7 days
        ("Tests", (), 0.55 * 200),
        ("Hospital decision", (), 74),  # 58 from the department and 16 straight in
        ("Same-day care", (), 34),
        ("Ward bed", OVERNIGHT, 40),
        ("Waiting for Home First", (), 3.9),
        ("Waiting for rehab bed", (), 1.7),
        ("Waiting for care home", (), 1.4),
        ("Home First", ("step-up",), 2.6),
        ("Rehab bed", ("step-up",), 0.5),
    ],
)
def test_as_many_come_as_the_anchors_say(step, groups, number):
    """Oracle: the anchors of `wexmoor.md`, people a day; the traffic equations follow everyone to the step."""
    assert a_day(step, *groups) == pytest.approx(number, abs=ROUNDED)


def test_admissions_from_the_department_are_29_in_100_and_90_in_100_of_them_are_tested():
    """Oracle: 58 of 200 a day; the route for those admitted."""
    outside = {(s.step, s.group): 24 * s.mean_per_hour for s in PLACE.arrivals}
    admitted = sum(number for (step, group), number in outside.items() if step == "Triage" and group != "sent home")
    assert admitted == pytest.approx(58, abs=ROUNDED)
    assert [route.share for route in PLACE.routes_from("Clinician", "pathway 1") if route.to_step == "Tests"] == [0.9]


def test_mondays_are_a_tenth_busier_and_nobody_is_missed_by_hour():
    """Oracle: the factors by weekday, in each emergency stream."""
    for stream in PLACE.arrivals:
        if stream.step in ("Triage", "Urgent treatment", "Hospital decision"):
            days = np.reshape(stream.per_hour, (7, 24)).sum(axis=1)
            assert days / days.mean() == pytest.approx([1.10, 1.02, 1.00, 0.99, 0.97, 0.95, 0.97], abs=1e-3)


def test_the_stay_of_unplanned_patients_is_8_days_before_they_are_ready():
    """Oracle: 82.5% stay 6.4 days and 17.5% stay 15.6, weighted: 8.01."""
    work = sum(a_day("Ward bed", group) * PLACE.step("Ward bed").time_for(group).mean for group in OVERNIGHT)
    assert work / 24 / a_day("Ward bed", *OVERNIGHT) == pytest.approx(0.825 * 6.4 + 0.175 * 15.6, rel=1e-4)


@pytest.mark.parametrize(
    ("step", "load"),
    [
        ("Clinician", 200 * 0.8 / 176),
        ("Home First", 162.5 / 170),
        ("Rehab bed", 2.2 * 24 / 57),
        ("Home care", (0.25 * 6.5 * 7 + 0.35 * 2.2 * 7 + 18.2) / 36),
    ],
)
def test_each_service_has_the_load_worked_out_by_hand(step, load):
    """Oracle: people a day times days each, over places; home care: those who ask a week, over starts a week."""
    assert PLACE.load_of(step) == pytest.approx(load, rel=1e-4)


def test_the_year_is_near_its_anchors():
    """
    Oracle: the anchors. Band: 4 standard errors of so many runs, by what 60 runs of another seed spread.

    The beds may lie 4 below their anchor as well, since the anchors do not quite agree: 40 people who stay
    9.2 days and 40/7 who stay 4.5 fill 394 beds of 430, not 400.
    """
    means = run(PLACE, measures(), days=365, warm_up_days=120, runs=RUNS, seed=7).by_run.mean()
    spread = {  # anchor, standard deviation between runs, what the anchor leaves open
        "beds occupied": (400, 10, 6),
        "people ready to leave hospital": (55, 10.5, 0),
        "mean wait for Home First": (3.1, 2.3, 0),
        "mean wait for rehab bed": (3.9, 3.2, 0),
        "share within 4 hours, emergency department": (0.635, 0.016, 0.005),
        "share within 4 hours, both doors": (0.755, 0.012, 0.005),
    }
    for name, (anchor, deviation, left_open) in spread.items():
        assert means[name] == pytest.approx(anchor, abs=4 * deviation / RUNS**0.5 + left_open), name


def test_everyone_who_came_has_left_or_is_still_there(rows):
    """Law: flow in is flow out plus those still there; each person's way ends once, or goes on."""
    here = set(rows.loc[rows["outcome"] == "still_here", "person"])
    ended = rows.loc[(rows["outcome"] != "still_here") & (rows["next_step"] == ""), "person"]
    assert ended.is_unique
    assert not here & set(ended)
    assert len(here) + len(ended) == rows["person"].nunique()


def test_everyone_who_went_on_to_a_step_is_found_there(rows):
    """Law: visits to a step are those from outside and those who moved there; a person's first row is from outside."""
    moved = rows[(rows["next_step"] != "") & rows["left"].notna() | _in_a_step_within(rows)]
    first = rows.loc[rows.groupby("person")["arrived"].idxmin()]
    outside = first.groupby("step").size()
    visits = rows.groupby("step").size()
    into = moved.groupby("next_step").size()
    assert visits.to_dict() == outside.add(into, fill_value=0).astype(int).to_dict()


def _in_a_step_within(rows):
    """Those still in a ward bed who have begun what is done within it."""
    within = {step.name for step in PLACE.steps if step.within}
    return (rows["outcome"] == "still_here") & rows["next_step"].isin(within)


def test_people_there_are_arrivals_times_time_there_at_every_step():
    """
    Law: Little's. People there are counted every 10 minutes; arrivals and times come from the rows.

    A visit is counted at most 10 minutes too long or too short, so the two differ by visits times 10 minutes
    over all hours at most.
    """
    log = simulate(PLACE, days=60, seed=5)
    there = log.census("10min").groupby("step")["there"].sum() / (60 * 144)
    rows = log.in_hours
    rows["hours"] = rows["left"].fillna(log.hours_observed) - rows["arrived"]
    for step, visits in rows.groupby("step"):
        an_hour, mean_hours = len(visits) / log.hours_observed, visits["hours"].mean()
        assert there[step] == pytest.approx(an_hour * mean_hours, abs=an_hour / 6), step


def test_nobody_is_ever_in_a_bed_that_is_not_there(short_of_beds):
    """Law: people in beds never exceed beds, counted at each start; where beds are short all of them are used."""
    rows = short_of_beds.in_hours
    ward = rows[(rows["step"] == "Ward bed") & rows["started"].notna()]
    moves = pd.concat([pd.Series(1, ward["started"]), pd.Series(-1, ward["left"].dropna())])
    moves = moves.groupby(level=0).sum().sort_index()
    assert moves.cumsum().max() == 390


def test_six_of_eight_operations_are_cancelled_when_all_trolleys_are_taken_and_none_otherwise(short_of_beds):
    """Oracle: the rule. At 8am each weekday 8 come; with 12 people on trolleys the lounge keeps 2."""
    rows = short_of_beds.in_hours
    lounge = rows[rows["step"] == "Admission lounge"]
    queue = rows[rows["step"] == "Ward bed"]
    full, free = 0, 0
    for moment, came in lounge[lounge["arrived"] >= 0].groupby("arrived"):
        before = (queue["arrived"] < moment) & ~(queue["started"] < moment)
        room = 12 - before.sum()
        held = ((lounge["arrived"] < moment) & ~(lounge["left"] < moment) & (lounge["outcome"] != "turned_away")).sum()
        turned = (came["outcome"] == "turned_away").sum()
        if room == 0 and held == 0:
            assert (len(came), turned) == (8, 6)
            full += 1
        if room >= 8:
            assert turned == 0
            free += 1
    assert full > 0
    assert free > 0


def test_waits_that_run_over_two_rows_are_those_of_one_person(short_of_beds):
    """Oracle: rows joined by person, in a table; here many move at one instant, when the ward opens at 9am."""
    found = {measure.name: measure.of(short_of_beds) for measure in measures()}
    rows = short_of_beds.in_hours
    end = short_of_beds.hours_observed
    in_bed = rows[rows["step"] == "Ward bed"].set_index("person")["started"].fillna(np.inf)
    asked = rows[(rows["step"] == "Hospital decision") & (rows["group"] != "same-day")]
    asked = asked[asked["finished"].between(0, end - 4)]
    waits = asked["person"].map(in_bed).fillna(np.inf) - asked["finished"]
    assert found["share who wait 4 hours or more for a bed"] == pytest.approx((waits >= 4).mean(), abs=1e-12)
    assert (waits >= 4).mean() > 0.2
    assert found["share within 4 hours, emergency department"] == pytest.approx(by_person(rows, in_bed, end), abs=1e-12)


def by_person(rows, in_bed, end):
    """Share of visits to the department that end within 4 hours, visit by visit."""
    there = rows[rows["step"].isin(["Triage", "Clinician", "Tests", "Hospital decision"])]
    there = there.sort_values(["person", "arrived"], kind="stable")
    there = there.assign(visit=(there["step"] == "Triage").groupby(there["person"]).cumsum())
    visits = there[there["visit"] > 0].groupby(["person", "visit"])
    made = visits.agg(came=("arrived", "first"), left=("left", lambda left: left.iloc[-1]), step=("step", "last"))
    made["group"] = visits["group"].first()
    to_bed = (made["step"] == "Hospital decision") & (made["group"] != "same-day")
    bed = made.index.get_level_values("person").map(in_bed)
    left = made["left"].mask(to_bed, pd.Series(bed, made.index)).fillna(np.inf)
    return (left - made["came"] <= 4)[made["came"].between(0, end - 4)].mean()


def test_people_waiting_for_a_bed_are_those_between_the_decision_and_the_bed(short_of_beds):
    """Oracle: waits joined by person, added up over the time observed."""
    rows = short_of_beds.in_hours
    end = short_of_beds.hours_observed
    asked = rows[(rows["step"] == "Hospital decision") & (rows["group"] != "same-day")].set_index("person")["finished"]
    began = rows[(rows["step"] == "Ward bed") & (rows["group"] != "planned")].set_index("person")["started"]
    both = pd.DataFrame({"asked": asked, "began": began})
    queued = rows[(rows["step"] == "Ward bed")].set_index("person")["arrived"]
    both["asked"] = both["asked"].fillna(queued)  # who asked before the log began has no row there any more
    both = both.dropna(subset="asked")
    hours = both["began"].fillna(end).clip(0, end) - both["asked"].clip(0, end)
    by_measure = {measure.name: measure.of(short_of_beds) for measure in measures()}
    assert by_measure["people waiting for a bed"] == pytest.approx(hours.sum() / end, rel=1e-9)


def test_each_scenario_changes_what_its_name_says_and_nothing_else():
    """Oracle: a list of what differs, step by step and stream by stream."""
    changed = {}
    for name, place in scenarios(PLACE).items():
        steps = [old.name for old, new in zip(PLACE.steps, place.steps, strict=True) if old != new]
        groups = {old.group for old, new in zip(PLACE.arrivals, place.arrivals, strict=True) if old != new}
        assert place.routes == PLACE.routes
        changed[name] = (*steps, *sorted(groups))
    assert list(changed.values()) == [
        (), ("Ward bed",), ("Ward bed",), ("Home care",), ("Home First",), ("Home First",), ("Home care",),
        OVERNIGHT, OVERNIGHT, ("Rehab bed",), ("Getting ready to go home",), ("Home First", "Home care"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [34, 36, 40])
def test_home_care_starts_add_up_to_a_week(number):
    """Oracle: the sum; the place as it is has 36, the same ones."""
    capacity = home_care_starts(PLACE, number).step("Home care").capacity
    assert isinstance(capacity, Slots)
    assert capacity.a_week == number
    assert (capacity == PLACE.step("Home care").capacity) == (number == 36)


def test_more_admissions_are_more_people_in_beds_from_both_doors():
    """Oracle: 5% more of 40 a day is 42; the other groups stay as they are."""
    more = change_admissions(PLACE, 1.05)
    found = more.visits_per_hour("Ward bed")
    assert 24 * sum(found[group] for group in OVERNIGHT) == pytest.approx(42, abs=ROUNDED)
    assert more.visits_per_hour("Triage")["sent home"] == PLACE.visits_per_hour("Triage")["sent home"]


def test_a_scenario_that_is_not_there_is_refused_with_the_nearest():
    assert 'Did you mean "4 more rehab beds"?' in said(lambda: scenarios(PLACE, "4 more rehab bed"))
    assert list(scenarios(PLACE)) == list(SCENARIOS)


def test_the_benchmark_prints_each_scenario_beside_the_other_model(capsys):
    """Oracle: the shape of the tables; every scenario has figures of the other model beside it."""
    benchmark = script(data.FOLDER.parent / "benchmarks" / "wexmoor.py")
    assert set(benchmark.HOUR_STEPS) == set(SCENARIOS)
    assert len(benchmark.HEADS) == len(measures())
    benchmark.main(["--runs", "2", "--jobs", "1", "--timing"])
    lines = capsys.readouterr().out.splitlines()
    tables = [line for line in lines if line.startswith("|")]
    assert {line.count("|") for line in tables} == {len(measures()) + 2}
    assert [line.split("|")[1].strip() for line in tables if "±" in line] == ["As it is", "20 more hospital beds"]
    assert "2 runs of 2 scenarios took" in lines[-1]
