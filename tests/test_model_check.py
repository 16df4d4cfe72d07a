"""Does `flowlib.mapping.check` tell a model that behaves like its log from one that does not, and say where?"""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from refusals import said
from scipy import stats

from flowlib import Arrivals, EventLog, Exponential, Gamma, Pathway, Route, Step, simulate
from flowlib.core import data
from flowlib.mapping.check import check_model
from flowlib.mapping.check_figures import Eyes, figures
from flowlib.mapping.check_profiles import Profiles
from flowlib.mapping.model import first_model
from flowlib.mapping.visit_rows import visit_rows

BOTH = Pathway(
    "Both",
    [Step("clinic", 3, Exponential(1)), Step("ward", None, Gamma(30, 0.8))],
    [Arrivals("clinic", per_hour=[1.5] * 8 + [2.5] * 16)],
    [Route("clinic", "ward", 0.2)],
)


@pytest.fixture(scope="module")
def log():
    return simulate(BOTH, days=42, warm_up_days=14, seed=1)


@pytest.fixture(scope="module")
def checked(log):
    return check_model(first_model(log), log, runs=12)


def figure(check, measure, where=""):
    table = check.table
    return table[(table["measure"] == measure) & (table["where"] == where)].iloc[0]


# The figures.


def test_the_figures_are_those_that_the_log_itself_gives(log):
    """Oracle: `EventLog.waits`, `times_in_step` and `census`, which count in other ways."""
    rows = visit_rows(log)
    made = figures(rows, Eyes.of(rows, BOTH)).set_index(["measure", "where"])["value"]
    assert made["mean wait", "clinic"] == pytest.approx(log.waits()["mean_hours"]["clinic"])
    assert made["mean time", "ward"] == pytest.approx(log.times_in_step()["mean_hours"]["ward"])
    census = log.census("5min").groupby("step")[["there", "waiting"]].mean()
    for step in ("clinic", "ward"):
        assert made["people there", step] == pytest.approx(census.loc[step, "there"], rel=0.01)
    assert made["people waiting", "clinic"] == pytest.approx(census.loc["clinic", "waiting"], rel=0.02)
    came = (log.in_hours["step"] == "clinic") & (log.in_hours["arrived"] >= 0)
    assert made["visits a day", "clinic"] * 42 == pytest.approx(came.sum())
    late = log.in_hours["arrived"][came] >= 21 * 24
    assert made["change in visits", "clinic"] == pytest.approx(late.sum() / (~late).sum())


def test_the_profiles_are_those_that_the_log_itself_gives(log):
    """Oracle: pandas, by the clock of the frame."""
    rows = visit_rows(log)
    eyes = Eyes.of(rows, BOTH)
    made = {(one.measure, one.where): one.counts for one in Profiles.of(rows, eyes, BOTH.groups).look(rows)}
    came = log.frame[(log.frame["step"] == "clinic") & (log.frame["arrived"] >= log.observed[0])]
    gone = log.frame[(log.frame["step"] == "ward") & log.frame["left"].notna()]
    by_hour = came["arrived"].dt.hour.value_counts().reindex(range(24), fill_value=0)
    by_day = gone["left"].dt.day_of_week.value_counts().reindex(range(7), fill_value=0)
    assert made["hours at which people come", "clinic"].tolist() == by_hour.tolist()
    assert made["days on which people leave", "ward"].tolist() == by_day.tolist()
    lengths = made["lengths of time", "ward"]
    assert lengths.sum() == (gone["arrived"] >= log.observed[0]).sum()
    assert lengths.max() - lengths.min() <= 2  # tenths of the log's own
    assert made["where kinds of people go", "clinic"][:2].tolist() == [0, (gone_on(log))]


def gone_on(log):
    """People who left the clinic, after they came while the log was kept, and went on to the ward."""
    seen = log.frame[(log.frame["step"] == "clinic") & (log.frame["arrived"] >= log.observed[0])]
    return int((seen["next_step"] == "ward").sum())


def test_the_share_within_4_hours_is_of_those_who_had_4_hours(log):
    """Oracle: `EventLog.journeys`."""
    whole = log.journeys()
    whole = whole[(whole["arrived"] >= log.observed[0])]
    whole = whole[(log.observed[1] - whole["arrived"]).dt.total_seconds() >= 4 * 3600]
    within = ((whole["hours"] <= 4) & ~whole["still_here"]).mean()
    rows = visit_rows(log)
    made = figures(rows, Eyes.of(rows, BOTH)).set_index("measure")["value"]
    assert made["share within 4 hours"] == pytest.approx(within)


def test_the_interval_is_where_one_more_run_would_lie(log):
    """Oracle: Student's prediction interval of the logarithms, from the runs made one by one."""
    check = check_model(BOTH, log, runs=10, seed=3)
    values = []
    for run in range(10):
        # A log of one run has the luck of that run alone, so it is made again with the same seed and all runs.
        one = simulate(BOTH, days=42, warm_up_days=0, seed=3, runs=10, already_here=here_of(log)).only(run=run)
        values.append(one.times_in_step()["mean_hours"]["ward"])
    row = figure(check, "mean time", "ward")
    logs = np.log(values)
    half = stats.t.ppf(0.975, 9) * logs.std(ddof=1) * math.sqrt(1 + 1 / 10)
    assert row["model"] == pytest.approx(np.mean(values))
    assert (row["lower_95"], row["upper_95"]) == pytest.approx(np.exp([logs.mean() - half, logs.mean() + half]))


def here_of(log):
    """The people in the log when it begins, as the check puts them."""
    from flowlib.mapping.check import _already_here  # noqa: PLC0415 - the check's own eyes

    return _already_here(visit_rows(log), BOTH)


# The verdict.


def test_a_model_of_the_log_fits(checked):
    assert checked.fits
    assert checked.sentence().startswith("The model ran 12 times over 42 days. ")
    assert "The model behaves like the log in these. A model with means " in checked.sentence()
    assert checked.sentence().endswith(" It has not been tried on another log yet.")


def test_the_figures_of_other_extracts_lie_in_the_intervals_as_often_as_promised():
    """
    The true pathway beside 12 of its own extracts: 95 of 100 figures inside.

    Figures of one extract hang together, so the error is that of extracts: four of them.
    """
    shares = []
    for seed in range(12):
        one = simulate(BOTH, days=14, warm_up_days=14, seed=100 + seed)
        table = check_model(BOTH, one, runs=10, seed=seed).table
        shares.append((table["verdict"] == "fits").mean())
    assert np.mean(shares) == pytest.approx(0.95, abs=4 * np.std(shares, ddof=1) / math.sqrt(12))


def test_too_few_places_are_found_out_and_named(log):
    """With 2 places for work of 2.2 the queue grows without end."""
    check = check_model(BOTH.with_step("clinic", capacity=2), log, runs=20)
    assert not check.fits
    assert figure(check, "mean wait", "clinic")["verdict"] == "differs"
    assert "What does not: " in check.sentence()
    assert " at clinic. " in check.sentence()


def test_wrong_times_are_found_out(log):
    check = check_model(BOTH.with_step("ward", time=Gamma(45, 0.8)), log, runs=10)
    row = figure(check, "mean time", "ward")
    assert row["verdict"] == "differs"
    assert row["log"] < row["lower_95"]
    assert "Furthest off: " in check.sentence()
    assert " at ward. " in check.sentence()


def test_arrivals_at_the_wrong_hours_are_found_out(log):
    flat = replace(BOTH, arrivals=(Arrivals("clinic", per_hour=BOTH.arrivals[0].mean_per_hour),))
    check = check_model(flat, log, runs=20)
    assert figure(check, "hours at which people come", "clinic")["verdict"] == "differs"
    assert not check.fits


def test_wrong_ways_are_found_out(log):
    check = check_model(replace(BOTH, routes=(Route("clinic", "ward", 0.35),)), log, runs=10)
    assert figure(check, "way clinic → ward")["verdict"] == "differs"


def test_a_change_in_the_middle_of_the_log_is_not_passed_over():
    """The older people's journey, where Home First got 30 places more in week 18: no model of one state fits it."""
    journey = data.journey()
    assert not check_model(first_model(journey, capacity={"Home First": 75}), journey, runs=10).fits


# The same eyes.


def test_people_who_were_there_when_the_log_began_are_there_in_the_runs(checked):
    """About 14 people are in the ward; runs that began empty would show a fifth less in six weeks of such stays."""
    assert checked.start == "Each run began with the people who were there when the log began."
    row = figure(checked, "people there", "ward")
    assert row["model"] == pytest.approx(row["log"], rel=0.15)


def test_where_the_log_has_nobody_from_before_the_runs_hide_them_too(log):
    """An extract of visits that began in six weeks: a ward that looks empty at first, in the log and in the runs."""
    kept = log.frame[log.frame["arrived"] >= log.observed[0]].reset_index(drop=True)
    extract = EventLog(kept, observed=log.observed, synthetic=True)
    check = check_model(first_model(extract), extract, runs=12)
    assert check.start.endswith(" of warming up. People who came before the log are in neither.")
    assert check.fits
    row = figure(check, "people there", "ward")
    assert row["log"] < log.census().query("step == 'ward'")["there"].mean()


def test_a_log_that_begins_on_a_thursday_morning_is_met_at_that_hour(log):
    """The same log from its fourth day at 9:30; the hours of the day must not be turned."""
    later = log.observed[0] + np.timedelta64(3 * 24 * 60 + 570, "m")
    kept = log.frame[(log.frame["left"].isna()) | (log.frame["left"] > later)].reset_index(drop=True)
    shorter = EventLog(kept, observed=(later, log.observed[1]), synthetic=True)
    check = check_model(BOTH, shorter, runs=12)
    assert "of warming up." in check.start
    assert figure(check, "hours at which people come", "clinic")["verdict"] == "fits"
    assert figure(check, "days on which people come", "clinic")["verdict"] == "fits"


def test_times_that_the_log_does_not_have_are_not_looked_at(log):
    """Without the moments at which care began there are no waits to compare."""
    blind = log.frame.assign(started=log.frame["started"].mask(log.frame["started"].notna()))
    seen = EventLog(blind, observed=log.observed, synthetic=True)
    table = check_model(BOTH, seen, runs=10).table
    assert not table["measure"].isin(["mean wait", "people waiting"]).any()


# What is shown, and what is refused.


def test_figures_of_fewer_than_8_people_are_hidden(checked):
    few = replace(checked, table=checked.table.assign(people=5))
    shown = few.shown()
    assert (shown[["log", "model", "lower_95", "upper_95", "verdict"]] == "*").all(axis=None)
    worse = replace(few, table=few.table.assign(verdict="differs"))
    assert "The figures outside are of too few people to be shown." in worse.sentence()


def test_every_sentence_is_short(log):
    for model in (BOTH, BOTH.with_step("ward", time=Gamma(45, 0.8))):
        told = check_model(model, log, runs=10).sentence()
        assert max(len(part.split()) for part in re.split(r"[.;:] ", told)) <= 20


def test_what_is_no_model_is_refused(log):
    assert said(lambda: check_model("Both", log)) == "check_model takes a FirstModel or a Pathway; str came."


def test_a_log_of_several_runs_is_refused():
    several = simulate(BOTH, days=7, runs=2)
    told = "The log holds several runs of a simulation. Take one with log.only(run=0)."
    assert said(lambda: check_model(BOTH, several)) == told


def test_too_few_runs_are_refused(log):
    assert said(lambda: check_model(BOTH, log, runs=3)) == "runs must be a whole number, 10 or more; 3 came."


def test_a_step_that_the_log_does_not_have_is_refused(log):
    other = replace(BOTH, steps=(*BOTH.steps, Step("wards", None, Exponential(1))))
    assert 'Did you mean "ward"?' in said(lambda: check_model(other, log))


def test_ciw_gives_the_check_the_same_figures():
    """The other engine, for what it can express: the same people, so the same figures but for rounding."""
    logs = [simulate(BOTH, days=28, warm_up_days=7, seed=5, engine=engine) for engine in ("fast", "ciw")]
    one, other = (figures(visit_rows(made), Eyes.of(visit_rows(made), BOTH))["value"].to_numpy() for made in logs)
    assert one == pytest.approx(other, rel=1e-6)
