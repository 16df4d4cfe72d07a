"""Does `flowlib.redesign.experiment` compare scenarios fairly, and say how sure it is?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said
from scipy import stats

from flowlib import Arrivals, Constant, EventLog, Exponential, Pathway, Step, days, hours, minutes, simulate
from flowlib.diagnose.queueing import mmc
from flowlib.redesign.experiment import (
    Comparison,
    Measure,
    Runs,
    compare,
    mean_there,
    mean_wait,
    run,
    share_turned_away,
    share_waiting_over,
)
from flowlib.redesign.levers import add_capacity, change_time

WAIT = mean_wait("desk")
SHORT = {"days": 20, "warm_up_days": 2, "runs": 6, "seed": 3}


def desk(places=2, per_hour=3.2):
    return Pathway("Desk", [Step("desk", places, Exponential(minutes(30)))], [Arrivals("desk", per_hour=per_hour)])


def by_hand(measure, **scenarios):
    """A comparison of numbers written down."""
    made = {name: Runs(pd.DataFrame({measure.name: values}), (measure,)) for name, values in scenarios.items()}
    return Comparison(made, next(iter(made)))


def row_of(comparison, scenario):
    return comparison.table.set_index("scenario").loc[scenario]


def in_rows(rows):
    """A log of ten days from rows (who, came, began, ended, left, outcome) at the desk, in hours."""
    frame = pd.DataFrame(rows, columns=["who", "came", "began", "ended", "gone", "how"])
    frame["where"] = "desk"
    for time in ("came", "began", "ended", "gone"):
        frame[time] = (
            (pd.Timestamp("2025-01-06") + pd.to_timedelta(frame[time], unit="h"))
            .dt.strftime("%Y-%m-%d %H:%M:%S")
            .fillna("")
        )
    return EventLog.from_frame(
        frame, person="who", step="where", arrived="came", started="began", finished="ended", left="gone",
        outcome="how", observed=("2025-01-06", "2025-01-16"),
    )  # fmt: skip


# Common random numbers.


def test_the_same_people_come_in_every_scenario():
    """One number counts arrivals, another adds up their moments: a redesign changes neither."""
    came = Measure("people who come", "people", lambda log: float((log.arrays["arrived"] >= 0).sum()))
    when = Measure("moments", "hours", lambda log: float(np.sort(log.arrays["arrived"]).sum()))
    made = compare({"now": desk(), "more": desk(3)}, [came, when], days=20, runs=4, seed=3)
    assert made.runs["now"].by_run.equals(made.runs["more"].by_run)
    assert len(set(made.runs["now"].by_run[came.name])) > 1


def test_pairing_takes_out_most_of_the_noise():
    """
    The law behind common random numbers: var(a - b) = var a + var b - 2 cov, and the covariance is large.

    Stays a tenth shorter, at 80% use: paired by person, the difference varies less than between
    unrelated runs, beyond what chance does to two variances of 40 runs (F, 1 in 1,000).
    """
    faster = change_time(desk(), "desk", 0.9)
    how = {"days": 15, "warm_up_days": 2, "runs": 40}
    made = compare({"now": desk(), "faster": faster}, [WAIT], **how, seed=3)
    apart = run(faster, [WAIT], **how, seed=4).by_run[WAIT.name]
    now, paired = made.runs["now"].by_run[WAIT.name], made.runs["faster"].by_run[WAIT.name]
    assert (now - apart).var() / (now - paired).var() > stats.f.ppf(0.999, 39, 39)


def test_the_paired_interval_is_of_the_differences_run_by_run():
    made = compare({"now": desk(), "more": desk(3)}, [WAIT], **SHORT)
    gap = (made.runs["more"].by_run - made.runs["now"].by_run)[WAIT.name]
    low, high = stats.t.interval(0.95, 5, gap.mean(), stats.sem(gap))
    row = row_of(made, "more")
    assert row[["difference", "difference_lower", "difference_upper"]].tolist() == pytest.approx(
        [gap.mean(), low, high]
    )


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    first, again = (compare({"now": desk(), "more": desk(3)}, [WAIT], **SHORT) for _ in (1, 2))
    other = compare({"now": desk(), "more": desk(3)}, [WAIT], **{**SHORT, "seed": 4})
    assert first.table.equals(again.table)
    assert not first.table.equals(other.table)


def test_two_processes_give_the_same_numbers_as_one_bit_by_bit():
    measures = [WAIT, mean_there("desk"), share_waiting_over("desk", 0.5)]
    one, two = (compare({"now": desk(), "more": desk(3)}, measures, **SHORT, jobs=jobs) for jobs in (1, 2))
    for name in ("now", "more"):
        assert one.runs[name].by_run.to_numpy().tobytes() == two.runs[name].by_run.to_numpy().tobytes()


def test_more_runs_repeat_the_first_ones_and_add_to_them():
    few, many = (run(desk(), [WAIT], **{**SHORT, "runs": runs}).by_run for runs in (3, 6))
    assert few.equals(many.iloc[:3])


def test_a_run_on_its_own_is_the_scenario_of_a_comparison():
    alone = run(desk(), [WAIT], **SHORT)
    assert alone.by_run.equals(compare({"now": desk(), "more": desk(3)}, [WAIT], **SHORT).runs["now"].by_run)


def test_the_mean_wait_is_that_of_the_formula():
    """Erlang C (M/M/2 at 80% use): within four standard errors of 20 runs."""
    made = run(desk(), [WAIT], days=60, warm_up_days=5, runs=20, seed=8)
    error = made.by_run[WAIT.name].std() / math.sqrt(20)
    assert made.summary["mean"][0] == pytest.approx(mmc(3.2, 2, servers=2).mean_wait, abs=4 * error)


# How sure we are.


def test_the_interval_holds_the_true_mean_19_times_in_20():
    """Student's t on 10 normal numbers with a known mean, 1,500 times: four standard errors of a share of 0.95."""
    numbers = np.random.default_rng(5).normal(7, 2, (1500, 10))
    measure = Measure("wait", "hours", lambda _: math.nan)
    rows = [Runs(pd.DataFrame({"wait": row}), (measure,)).summary.iloc[0] for row in numbers]
    held = np.mean([row["lower_95_ci"] <= 7 <= row["upper_95_ci"] for row in rows])
    assert held == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 1500))


@pytest.mark.parametrize("others", [1, 3, 9])
def test_differences_are_widened_for_the_number_of_scenarios(others):
    """Bonferroni: with k scenarios beside the first, each interval has 1 - 0.05 / k."""
    numbers = np.random.default_rng(6).normal(5, 1, (others + 1, 8))
    made = by_hand(WAIT, **{f"s{k}": row for k, row in enumerate(numbers)})
    gap = numbers[1] - numbers[0]
    half = stats.t.ppf(1 - 0.025 / others, 7) * gap.std(ddof=1) / math.sqrt(8)
    row = row_of(made, "s1")
    assert row["difference_upper"] - row["difference"] == pytest.approx(half)
    own = stats.t.ppf(0.975, 7) * numbers[1].std(ddof=1) / math.sqrt(8)
    assert row["upper_95_ci"] - row["mean"] == pytest.approx(own)


@pytest.mark.parametrize(
    ("better", "smallest", "then", "verdict"),
    [
        ("down", 0, [8, 9, 8, 9], "better"),
        ("down", 0, [12, 13, 12, 13], "worse"),
        ("up", 0, [12, 13, 12, 13], "better"),
        ("up", 0, [8, 9, 8, 9], "worse"),
        ("down", 0, [8, 12, 9, 12], "cannot tell"),
        ("down", 5, [8, 9, 8, 9], "too small to matter"),
        ("up", 5, [8, 9, 8, 9], "too small to matter"),
        ("down", 2, [8, 9, 8, 9], "better"),
        ("down", 0, [10, 10, 10, 10], "too small to matter"),
    ],
)
def test_the_verdict_follows_from_the_interval(better, smallest, then, verdict):
    """
    By head, against 10 in each run: the difference is -1.5 with an interval of 0.92 on either side.

    2.42 is more than 2 and less than 5, so the smallest difference worth having decides.
    """
    measure = Measure("wait", "hours", lambda _: math.nan, better, smallest)
    assert row_of(by_hand(measure, now=[10, 10, 10, 10], then=then), "then")["verdict"] == verdict


def test_a_direction_that_is_no_direction_is_refused():
    """A slip such as "lower" would turn every verdict round."""
    assert 'there are "down", "up"' in said(lambda: Measure("wait", "hours", lambda _: 1.0, "lower"))
    assert "0 or more" in said(lambda: Measure("wait", "hours", lambda _: 1.0, smallest=-1))


# Runs in which there is nothing to measure.


def test_differences_use_only_the_runs_in_which_both_are_known():
    """By head: of four runs only the first and the last have both, with differences of 1 and 2."""
    made = by_hand(WAIT, now=[1, 2, math.nan, 4], then=[2, math.nan, 5, 6])
    row = row_of(made, "then")
    assert (row["difference"], row["pairs"], row["runs"]) == (1.5, 2, 3)
    assert row["mean"] == pytest.approx(13 / 3)
    half = stats.t.ppf(0.975, 1) * math.sqrt(0.5) / math.sqrt(2)
    assert row["difference_upper"] == pytest.approx(1.5 + half)


def test_the_sentence_says_so_when_some_runs_had_nothing_to_measure():
    made = by_hand(WAIT, now=[9, 9.5, math.nan, 9], then=[2, 2.1, 2.2, 2])
    assert made.sentence("then").endswith("Only 3 of 4 runs had something to measure.")
    assert made.sentence("now").endswith("Only 3 of 4 runs had something to measure.")
    assert "Only" not in by_hand(WAIT, now=[9, 9, 9], then=[2, 2, 2]).sentence("then")


def test_a_measure_known_in_no_run_is_said_to_be_not_known():
    made = by_hand(WAIT, now=[1.0, 2.0], then=[math.nan, math.nan])
    assert made.sentence("then") == "Mean wait for desk is not known: in no run was there anything to measure."
    assert row_of(made, "then")["verdict"] == "cannot tell"
    one = by_hand(WAIT, now=[1.0, 2.0], then=[3.0, math.nan])
    assert "nan" not in one.sentence("then")


def test_a_step_to_which_few_come_is_measured_where_somebody_came():
    """About 1 person in two days: in some of 12 runs of 2 days nobody comes (1 in 3, by Poisson)."""
    made = run(desk(per_hour=0.02), [WAIT], days=2, runs=12, seed=2)
    known = made.by_run[WAIT.name].notna().sum()
    assert 2 <= known < 12
    assert made.summary["runs"][0] == known


# What is told.


def test_a_finding_is_told_with_its_range_and_its_direction():
    made = by_hand(WAIT, today=[10, 11, 10, 11], then=[4, 5, 4, 5])
    assert made.sentence("today") == "Mean wait for desk is 10.5 hours (between 9.6 and 11.4)."
    assert made.sentence("then") == (
        "Mean wait for desk is 4.5 hours (between 3.6 and 5.4). That is 6.0 to 6.0 hours lower than today: better."
    )


def test_a_share_is_told_as_so_many_in_100():
    made = by_hand(share_turned_away("desk"), today=[0.24, 0.26, 0.24, 0.26], then=[0.14, 0.17, 0.14, 0.15])
    assert made.sentence("then") == (
        "Share turned away from desk is 15 in 100 (between 13 and 17). That is 9 to 11 in 100 lower than today: better."
    )


def test_what_cannot_be_told_apart_is_said_so():
    made = by_hand(WAIT, today=[10, 11, 10, 11], then=[8, 13, 9, 12])
    assert made.sentence("then").endswith("From these runs we cannot tell it from today.")
    same = by_hand(WAIT, today=[10, 11], then=[10, 11])
    assert same.sentence("then").endswith("The difference from today is too small to matter.")


# What is measured, by head.

FIVE = [
    ("a", 0, 0, 2, 2, "completed"),
    ("b", 10, 14, 16, 16, "completed"),
    ("c", 20, None, None, 26, "gave_up"),
    ("d", 30, None, None, 30, "turned_away"),
    ("e", 230, None, None, None, "still_here"),
    ("f", 239, 239.5, None, None, "still_here"),
]


def test_the_mean_wait_is_of_those_who_began():
    """By head: 0, 4 and 0.5 hours."""
    assert mean_wait("desk").of(in_rows(FIVE)) == pytest.approx(1.5)
    assert mean_wait("desk", unit="days").of(in_rows(FIVE)) == pytest.approx(1.5 / 24)
    assert math.isnan(mean_wait("another").of(in_rows(FIVE)))


@pytest.mark.parametrize(("limit", "share"), [(3, 3 / 4), (5, 2 / 4), (8, 1 / 4), (10, 1 / 4), (11, 0 / 3)])
def test_the_share_who_wait_long_is_of_those_who_could_have(limit, share):
    """By head: a waited 0 hours, b 4, c 6 until it was too much, e 10 so far; f came too late to tell."""
    assert share_waiting_over("desk", limit).of(in_rows(FIVE)) == pytest.approx(share)


def test_the_share_turned_away_is_of_all_who_come():
    assert share_turned_away("desk").of(in_rows(FIVE)) == pytest.approx(1 / 6)


def test_people_there_are_person_hours_over_hours():
    """By head: 2, 6, 6, 0, 10 and 1 hours of 240."""
    assert mean_there("desk").of(in_rows(FIVE)) == pytest.approx(25 / 240)


def test_people_there_are_counted_from_before_the_log_began_and_once_a_run():
    """Little's law: 2 an hour for 5 hours are 10 at once, in one run or three; 4 standard errors of a Poisson count."""
    ward = Pathway("Ward", [Step("ward", None, Constant(hours(5)))], [Arrivals("ward", per_hour=2)])
    for runs in (1, 3):
        log = simulate(ward, days=100, warm_up_days=1, seed=1, runs=runs)
        assert mean_there("ward").of(log) == pytest.approx(10, abs=4 * 5 / math.sqrt(2400 * runs) * math.sqrt(2))


def test_the_share_who_wait_long_is_that_of_the_formula():
    """M/M/2 at 80% use: P(wait > t) = C exp(-(2 x 2 - 3.2) t), within four standard errors of 20 runs."""
    measure = share_waiting_over("desk", 1)
    made = run(desk(), [measure], days=60, warm_up_days=5, runs=20, seed=8).by_run[measure.name]
    assert made.mean() == pytest.approx(mmc(3.2, 2, servers=2).wait_longer_than(1), abs=4 * made.std() / math.sqrt(20))


# What is refused.


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"runs": 1}, "runs must be a whole number, 2 or more; 1 came."),
        ({"jobs": 0}, "jobs must be a whole number, 1 or more; 0 came."),
        ({"seed": -1}, "seed must be a whole number, 0 or more; -1 came."),
        ({"days": 0}, "days must be above 0; 0 came."),
        ({"days": days(20)}, "days is a plain number of days, not a Duration (which is in hours); write days=20."),
        ({"warm_up_days": -1}, "warm_up_days must be 0 or more; -1 came."),
    ],
)
def test_numbers_that_cannot_be_are_refused_before_anything_runs(changes, sentence):
    assert said(lambda: run(desk(), [WAIT], **{**SHORT, **changes})) == sentence


def test_scenarios_and_measures_must_be_there_and_be_told_apart():
    assert "at least one scenario" in said(lambda: compare({}, [WAIT], **SHORT))
    assert "at least one measure" in said(lambda: compare({"now": desk()}, [], **SHORT))
    assert 'Scenario "now" must be a Pathway; int came.' in said(lambda: compare({"now": 3}, [WAIT], **SHORT))
    twice = [mean_wait("desk"), mean_wait("desk", unit="days")]
    assert 'Two measures are called "mean wait for desk"' in said(lambda: run(desk(), twice, **SHORT))


def test_a_scenario_or_measure_that_is_not_there_is_refused_with_the_nearest():
    made = by_hand(WAIT, today=[1, 2], then=[2, 3])
    assert 'Did you mean "then"?' in said(lambda: made.sentence("them"))
    assert 'Did you mean "mean wait for desk"?' in said(lambda: made.sentence("then", "mean wait for desks"))
    assert "there are" in said(lambda: mean_wait("desk", unit="weeks"))


def test_more_places_help_by_what_they_are_expected_to():
    """Erlang C: 0.89 hours with two places and 0.10 with three; the verdict is better."""
    made = compare(
        {"now": desk(), "more": add_capacity(desk(), "desk")}, [WAIT], days=30, warm_up_days=3, runs=10, seed=1
    )
    row = row_of(made, "more")
    assert row["verdict"] == "better"
    assert made.sentence("more").endswith("lower than now: better.")
