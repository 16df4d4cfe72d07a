"""Does `flowlib.redesign.experiment` compare scenarios fairly, and say how sure it is?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said
from scipy import linalg, stats

from flowlib import (
    Arrivals,
    Constant,
    EventLog,
    Exponential,
    Pathway,
    Route,
    Slots,
    Step,
    days,
    hours,
    minutes,
    simulate,
)
from flowlib.diagnose.queueing import mmc
from flowlib.redesign import cautions
from flowlib.redesign.cautions import memory_days, relaxation_hours
from flowlib.redesign.experiment import (
    Comparison,
    Measure,
    Runs,
    compare,
    mean_there,
    mean_wait,
    run,
    runs_needed,
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


# One start for all.

SETTLED = {"days": 20, "warm_up_days": 10, "runs": 3, "seed": 3}


def test_scenarios_can_take_over_from_one_warmed_start():
    """The oracle is the first scenario's own simulation with the change on day 0, run by run."""
    more = add_capacity(desk(), "desk")
    made = compare({"now": desk(), "more": more}, [WAIT], **SETTLED, same_start=True)
    for scenario, then in (("now", None), ("more", {0: more})):
        log = simulate(desk(), days=20, warm_up_days=10, seed=3, runs=3, then=then)
        apart = [WAIT.of(log.only(run=number)) for number in range(3)]  # from a table that is exact to a microsecond
        assert made.runs[scenario].by_run[WAIT.name].tolist() == pytest.approx(apart, abs=1e-9)


def test_from_one_start_the_same_people_are_there_on_day_0():
    """A moment after the start, the people there are the same; with a warm-up each, three places hold fewer."""
    there = Measure("there at first", "people", lambda log: float((log.arrays["arrived"] < 0).sum()))
    scenarios = {"now": desk(per_hour=3.9), "more": desk(3, per_hour=3.9)}
    how = {"days": 1, "warm_up_days": 20, "runs": 8, "seed": 3}
    same, own = (compare(scenarios, [there], **how, same_start=start).runs for start in (True, False))
    assert same["now"].by_run.equals(same["more"].by_run)
    assert own["now"].by_run[there.name].sum() > own["more"].by_run[there.name].sum()


def test_a_scenario_that_changes_nothing_gives_the_first_ones_numbers():
    made = compare({"now": desk(), "the same": desk()}, [WAIT], **SETTLED, same_start=True)
    assert made.runs["now"].by_run.equals(made.runs["the same"].by_run)


def test_one_start_needs_a_warm_up():
    refused = said(lambda: compare({"now": desk()}, [WAIT], days=20, same_start=True))
    assert refused == "same_start needs a warm-up of the first scenario. Give warm_up_days, such as 90."


# Interrupted, and what is kept.


def interrupted_after(calls):
    """A measure during whose next look, after so many, somebody presses stop."""
    looks = []

    def of(log):
        looks.append(log)
        if len(looks) > calls:
            raise KeyboardInterrupt
        return WAIT.of(log)

    return Measure(WAIT.name, WAIT.unit, of)


@pytest.mark.parametrize(("calls", "whole"), [(2, 1), (7, 3), (8, 4), (9, 4)])
def test_an_interrupt_keeps_the_runs_that_every_scenario_has(calls, whole):
    """By head: of two scenarios in turn, 7 looks are 3 pairs and one run without its pair."""
    scenarios = {"now": desk(), "more": desk(3)}
    part = compare(scenarios, [interrupted_after(calls)], **SHORT)
    all_of_it = compare(scenarios, [WAIT], **SHORT)
    for name in scenarios:
        assert part.runs[name].by_run.equals(all_of_it.runs[name].by_run.iloc[:whole])
    told = f"It was stopped early: {whole} of 6 runs were done, and all figures rest on those."
    assert told in part.cautions
    assert told in part.sentence("more")


def test_an_interrupt_before_the_first_pair_is_done_stops_as_usual():
    for calls in (0, 1):
        with pytest.raises(KeyboardInterrupt):
            compare({"now": desk(), "more": desk(3)}, [interrupted_after(calls)], **SHORT)


def test_logs_are_kept_only_where_they_are_asked_for():
    made = run(desk(), [WAIT], **SHORT, logs=True)
    assert [WAIT.of(log) for log in made.logs] == made.by_run[WAIT.name].tolist()
    assert run(desk(), [WAIT], **SHORT).logs == ()


def test_a_scenario_that_cannot_run_is_refused_before_anything_runs():
    looks = []
    look = Measure("looks", "", lambda log: float(len(looks.append(log) or looks)))
    closed = desk().with_step("desk", capacity=0)
    assert "never has any capacity" in said(lambda: compare({"now": desk(), "closed": closed}, [look], **SHORT))
    assert looks == []


# How many runs.


def pilot(spread, runs=10):
    """Runs of a measure whose standard deviation is exactly *spread*."""
    numbers = np.random.default_rng(8).normal(size=runs)
    numbers = 20 + spread * (numbers - numbers.mean()) / numbers.std(ddof=1)
    return Runs(pd.DataFrame({WAIT.name: numbers}), (WAIT,))


@pytest.mark.parametrize("within", [0.05, 0.3, 1, 5])
def test_the_runs_needed_are_the_fewest_that_are_narrow_enough(within):
    """Student's t by scipy: so many runs give the half-width, and one fewer does not."""
    needed = runs_needed(pilot(2.0), within=within).runs
    half = [stats.t.ppf(0.975, n - 1) * 2.0 / math.sqrt(n) for n in (needed, max(needed - 1, 2))]
    assert half[0] <= within
    assert half[1] > within or needed == 2


def test_the_runs_needed_for_a_difference_are_of_the_pairs_and_widened_for_the_scenarios():
    """Two scenarios beside the first: 1 - 0.05 / 2 each, by scipy; the difference's spread decides, not its parts'."""
    rng = np.random.default_rng(9)
    now = rng.normal(20, 5, 12)
    made = by_hand(WAIT, now=now, a=now + rng.normal(1, 0.5, 12), b=now + 1)
    needed = runs_needed(made, within=0.2, scenario="a")
    spread = made.difference("a", WAIT.name).std()
    half = [stats.t.ppf(1 - 0.025 / 2, n - 1) * spread / math.sqrt(n) for n in (needed.runs, needed.runs - 1)]
    assert half[0] <= 0.2 < half[1]
    assert runs_needed(made, within=0.2, scenario="b").runs == 2


def test_so_many_fresh_runs_do_give_about_that_half_width():
    """
    A pilot of 30 runs, then a fresh experiment with another seed.

    The half-width follows the ratio of two standard deviations, of 30 runs and of n: its square
    is F, so it lies between these two points but 1 time in 1,000.
    """
    how = {"days": 10, "warm_up_days": 3}
    first = run(desk(per_hour=2), [WAIT], **how, runs=30, seed=1)
    needed = runs_needed(first, within=0.015)
    row = run(desk(per_hour=2), [WAIT], **how, runs=needed.runs, seed=2).summary.iloc[0]
    low, high = np.sqrt(stats.f.ppf([0.0005, 0.9995], needed.runs - 1, 29))
    assert low < (row["upper_95_ci"] - row["mean"]) / 0.015 < high


def test_the_runs_needed_are_told_as_advice_for_a_fresh_experiment():
    assert runs_needed(pilot(2.0), within=0.5).sentence() == (
        "About 64 runs would give mean wait for desk to within 0.5 hours. "
        "That is a guide from 10 runs, for a fresh experiment with another seed. "
        "Decide the number first: running on until the answer suits makes it unsafe."
    )
    share = share_turned_away("desk", smallest=0.02)
    made = by_hand(share, now=[0.2, 0.3, 0.25], then=[0.1, 0.3, 0.2])
    assert "the difference in share turned away from desk between then and now to within 2 in 100" in (
        runs_needed(made).sentence()
    )


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: runs_needed(pilot(2.0)), "Say within=, the half-width that you want"),
        (lambda: runs_needed(pilot(2.0), within=0), "within must be above 0; 0 came."),
        (lambda: runs_needed(pilot(2.0), within=1e-9), "That would take over 1,000,000 runs."),
        (lambda: runs_needed(pilot(2.0), within=1, measure="wait"), 'No measure called "wait"'),
        (lambda: runs_needed(by_hand(WAIT, a=[1, 2]), within=1), "There is only one scenario"),
        (lambda: runs_needed(by_hand(WAIT, a=[1, 2], b=[1, 2], c=[2, 2]), within=1), 'there are "b", "c"'),
        (lambda: runs_needed(by_hand(WAIT, a=[1, 2], b=[1, math.nan]), within=1), "is known in 1 of the pilot's runs"),
    ],
)
def test_runs_that_cannot_be_worked_out_are_refused(ask, sentence):
    assert sentence in said(ask)


def test_what_cannot_be_told_apart_says_how_many_runs_would_show_a_difference_worth_having():
    """By scipy: differences of -2, 2, -1 and 2 hours have a spread of 2.06; 19 runs give 1 hour on either side."""
    measure = mean_wait("desk", smallest=1)
    told = by_hand(measure, now=[10, 10, 10, 10], then=[8, 12, 9, 12]).sentence("then")
    half = [stats.t.ppf(0.975, n - 1) * np.std([-2, 2, -1, 2], ddof=1) / math.sqrt(n) for n in (19, 18)]
    assert half[0] <= 1 < half[1]
    assert told.endswith("About 19 fresh runs, with another seed, would show a difference of 1.0 hours.")


# What to bear in mind.


def minded(pathway, **changes):
    return run(pathway, [WAIT], **{"days": 5, "warm_up_days": 4, "runs": 5, "seed": 1, **changes}).cautions


def test_a_step_that_settles_in_the_warm_up_needs_no_caution():
    assert minded(desk()) == ()


@pytest.mark.parametrize("per_hour", [4, 5])
def test_a_step_asked_for_as_much_as_it_can_do_or_more_never_settles(per_hour):
    """Two places and half an hour each: 4 an hour are all that it can do."""
    made = compare({"now": desk(per_hour=per_hour)}, [WAIT], days=5, warm_up_days=4, runs=5)
    told = (
        f'In "now", "desk" is asked for {per_hour / 4:.2f} times what it can do, so its queue keeps growing. '
        "Its figures are for 5 days from this start, not a steady state."
    )
    assert made.cautions == [told]
    assert made.sentence("now").endswith(told)


@pytest.mark.parametrize(
    "changes",
    [{"patience": Exponential(hours(2))}, {"queue_limit": 4, "when_full": "turn_away"}, {"capacity": None}],
)
def test_a_step_whose_queue_cannot_grow_for_ever_is_not_said_to(changes):
    assert minded(desk(per_hour=5).with_step("desk", **changes)) == ()


def test_turning_away_without_a_limit_turns_nobody_away():
    assert "keeps growing" in minded(desk(per_hour=5).with_step("desk", when_full="turn_away"))[0]


def test_a_step_behind_one_that_holds_people_back_may_be_spared():
    """All 5 an hour go on to a step that can do 4, but for those who give up before it."""
    steps = [Step("desk", 5, Exponential(minutes(30))), Step("tests", 2, Exponential(minutes(30)))]
    pathway = Pathway("Two", steps, [Arrivals("desk", per_hour=5)], [Route("desk", "tests")])
    assert '"tests" is asked for 1.25 times' in minded(pathway)[0]
    leaky = pathway.with_step("desk", patience=Exponential(hours(1)))
    assert '"tests" is asked for up to 1.25 times what it can do. Unless the steps before' in minded(leaky)[0]


def test_a_warm_up_that_a_nearly_full_step_outlasts_is_said_to_be_short():
    """At 97.5% use the memory is 1 / (sqrt 4 - sqrt 3.9)^2 = 1580 hours; three times that is 197 days."""
    (told,) = minded(desk(per_hour=3.9))
    assert told == (
        'In "Desk", "desk" takes about 197 days to forget how it began. '
        "The warm-up is 4 days. Make it longer, or read the figures as from this start."
    )
    assert minded(desk(per_hour=3.9), warm_up_days=200, days=1) == ()


def test_scenarios_that_take_over_from_a_warmed_one_need_no_warm_up_of_their_own():
    made = compare({"now": desk(), "later": desk(per_hour=3.9)}, [WAIT], **SETTLED, same_start=True)
    assert made.runs["later"].cautions == ("3 runs are too few to trust the range. Make 10 or more.",)


@pytest.mark.parametrize(("servers", "use"), [(1, 0.5), (1, 0.9), (2, 0.8), (5, 0.9), (20, 0.95), (20, 0.3)])
def test_a_queue_forgets_at_the_rate_of_its_equations(servers, use):
    """
    The oracle is the second eigenvalue of the M/M/c rates, cut off at 1,500 people.

    The formula is exact near full and for one server. Between, the slowest rate is a little off both of
    its branches: by a tenth at most.
    """
    many = 1500
    come, go = np.full(many, use * servers), np.minimum(np.arange(1, many + 1), servers).astype(float)
    diagonal = -np.append(come, 0) - np.append(0, go)
    rates = linalg.eigh_tridiagonal(diagonal, np.sqrt(come * go), eigvals_only=True, select="i",
                                    select_range=(many - 1, many))  # fmt: skip
    assert relaxation_hours(use * servers, 1, 1, servers) == pytest.approx(-1 / rates[0], rel=0.1)


def test_appointment_slots_are_remembered_as_one_server_at_their_pace():
    """14 starts a week, 12 a week asked for: half of 1 / (sqrt(14 / 168) - sqrt(12 / 168))^2, three times over."""
    slots = Slots([("Mon 10:00", 7), ("Thu 10:00", 7)])
    clinic = Pathway("Clinic", [Step("clinic", slots, Constant(hours(0)))], [Arrivals("clinic", per_hour=12 / 168)])
    memory = 3 / 2 / (math.sqrt(14 / 168) - math.sqrt(12 / 168)) ** 2 / 24
    assert memory_days(clinic, "clinic") == pytest.approx(memory)
    assert math.isinf(memory_days(clinic.with_step("clinic", capacity=Slots([("Mon 10:00", 7)])), "clinic"))


def test_people_who_go_round_for_ever_are_said_to():
    pathway = Pathway("Round", [Step("desk", 2, Exponential(minutes(30)), patience=Exponential(hours(1)))],
                      [Arrivals("desk", per_hour=1)], [Route("desk", "desk")])  # fmt: skip
    assert "go round for ever" in cautions.model("now", pathway, days=5, warm_up_days=1)[0]
