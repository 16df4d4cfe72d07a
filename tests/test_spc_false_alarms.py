"""Does `data/false_alarms.csv` say how often charts of pure chance raise an alarm?"""

import json
from collections import Counter
from fractions import Fraction
from itertools import product
from math import comb, factorial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from benchmarks.false_alarms import (
    DATA,
    LENGTHS,
    MEMORY,
    RUN_CHART,
    SERIES,
    SIGNALS,
    TABLE,
    alarms,
    compositions,
    dealt,
    marks,
    run_chart_alarms,
    run_chart_chance,
)
from flowlib.measure import spc_rules as rules
from flowlib.measure.spc import run_chart, xmr
from flowlib.measure.spc_many import xmr_many
from flowlib.measure.spc_presets import RULES
from flowlib.measure.spc_runs import chance_limits, longest_and_crossings

FOUND = pd.read_csv(TABLE).set_index(["preset", "data", "points"])
PRINTED = json.loads((Path(__file__).parent / "published" / "spc_false_alarms.json").read_text(encoding="utf-8"))
SKEWED = ("lognormal_0.5", "exponential", "lognormal_1")  # in order of skew: 1.6, 2, 4
LAST_FIGURE = 5.1e-5  # half of the last decimal that the table keeps


def four_errors(share, *counts):
    """Four standard errors of the difference of two shares, from so many charts each; the table is rounded."""
    return 4 * np.sqrt(share * (1 - share) * sum(1 / count for count in counts)) + LAST_FIGURE


def kept(preset, data, points, rule="charts_marked"):
    return FOUND.loc[(preset, data, points), rule]


# ---- the table


def test_the_table_has_every_preset_on_every_kind_of_chance_at_every_length():
    assert FOUND.index.tolist() == list(product([*RULES, RUN_CHART], DATA, LENGTHS))


def test_each_share_has_its_standard_error():
    """Arithmetic: that of a share of so many charts, none where every order was counted."""
    dealt_rows = FOUND[FOUND["series"] > 0]
    assert (dealt_rows["series"] == SERIES).all()
    share = dealt_rows["charts_marked"]
    assert dealt_rows["standard_error"].to_numpy() == pytest.approx(np.sqrt(share * (1 - share) / SERIES), abs=6e-5)
    assert (FOUND.loc[FOUND["series"] == 0, "standard_error"] == 0).all()


@pytest.mark.parametrize("preset", list(RULES))
def test_a_rule_has_a_share_where_the_preset_has_the_rule(preset):
    has = {"outside": True, "trend": RULES[preset].trend, "two_in_three": RULES[preset].two_in_three}
    has |= {"four_in_five": RULES[preset].four_in_five, "shift": True, "crossings": False}
    filled = FOUND.loc[preset].notna()
    assert {rule: bool(filled[rule].all()) for rule in has} == {rule: bool(there) for rule, there in has.items()}


@pytest.mark.parametrize("preset", list(RULES))
def test_the_marks_that_were_counted_are_those_of_xmr(preset):
    """The other engine, one chart at a time: the first rule that holds is the signal of each point."""
    for data, points in product(DATA, (12, 41)):
        table = next(dealt(data, points, series=8, seed=5))
        found = marks(table, preset)
        order = [name for name in SIGNALS if name in found]
        signals = np.select([found[name] for name in order], order, default="")
        for values, expected in zip(table, signals, strict=True):
            assert xmr(values, preset=preset).points["signal"].tolist() == expected.tolist()


@pytest.mark.parametrize("points", LENGTHS)
@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("preset", ["mdc", "nhsr"])
def test_the_figures_are_those_of_many_charts_on_other_chance(preset, data, points):
    """5,000 series by `xmr_many`, of another seed."""
    other = xmr_many(next(dealt(data, points, series=5000, seed=7)), preset=preset)
    share = (other.codes != 0).any(axis=1).mean()
    figure = kept(preset, data, points)
    assert share == pytest.approx(figure, abs=four_errors(figure, SERIES, 5000))


@pytest.mark.parametrize(("data", "points"), [("normal", 12), ("lognormal_1", 24), ("memory_0.3", 36), ("normal", 120)])
@pytest.mark.parametrize("preset", ["mdc", "qicharts2", "western_electric"])
def test_a_fresh_run_on_other_chance_finds_the_same_rule_by_rule(preset, data, points):
    """10,000 series of another seed."""
    for rule, share in alarms(preset, data, points, series=10_000, seed=11).items():
        figure = kept(preset, data, points, rule)
        # A chart's share of marked points lies between 0 and 1, so it varies no more than a yes or no would.
        assert share == pytest.approx(figure, abs=four_errors(figure, SERIES, 10_000))


def test_the_excel_tools_figures_are_those_of_making_data_count():
    """A law: their rules are the same."""
    pd.testing.assert_frame_equal(FOUND.loc["mdc_excel"], FOUND.loc["mdc"])


# ---- what the figures say


@pytest.mark.parametrize(("preset", "data"), list(product([*RULES, RUN_CHART], DATA)))
def test_longer_charts_raise_more_false_alarms(preset, data):
    """A law: a pattern has more places to turn up in."""
    shares = [kept(preset, data, points) for points in LENGTHS]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


@pytest.mark.parametrize(("data", "points"), list(product(DATA, LENGTHS)))
def test_screening_raises_more_false_alarms_and_never_fewer(data, points):
    """A law on the same chance: screened limits are never wider."""
    assert kept("nhsr", data, points) >= kept("mdc", data, points)
    if data not in MEMORY:
        assert kept("nhsr", data, points, "outside") > kept("mdc", data, points, "outside")


@pytest.mark.parametrize(("preset", "points"), list(product(RULES, LENGTHS)))
def test_the_more_skewed_the_data_the_more_false_alarms(preset, points):
    shares = [kept(preset, data, points) for data in ("normal", *SKEWED)]
    assert shares == sorted(shares)
    assert shares[0] < shares[1]


@pytest.mark.parametrize(("preset", "points"), list(product([*RULES, RUN_CHART], LENGTHS)))
def test_points_that_remember_the_one_before_raise_more_false_alarms(preset, points):
    shares = [kept(preset, data, points) for data in ("normal", *MEMORY)]
    assert shares == sorted(shares)
    assert shares[0] < shares[1]


@pytest.mark.parametrize("preset", ["mdc", "nhsr", "mdc_excel"])
def test_a_trend_in_12_points_is_as_rare_as_counting_every_order_says(preset):
    """
    By hand, whatever the distribution: 7 of 12 points rise in 2 (6 / 7! - 5 / 8!) of all orders.

    One rise of 7 or more fits: it begins at one of 6 places, and at 5 of them after a fall. Falls are as many.
    """
    expected = 2 * (6 / factorial(7) - 5 / factorial(8))
    for data in ("normal", *SKEWED):
        assert kept(preset, data, 12, "trend") == pytest.approx(expected, abs=four_errors(expected, SERIES))


@pytest.mark.parametrize("points", LENGTHS)
def test_limits_set_by_the_charts_own_points_mark_nearly_as_many_charts_as_limits_known_before(points):
    """Closed form: of n normal points, one lies beyond 2.66 x 1.128 sigma in 1 - (2 Phi(3.0005) - 1)^n of charts."""
    known = 1 - (2 * ndtr(rules.LIMIT * rules.D2_PAIRS) - 1) ** points
    assert 0 < known - kept("mdc", "normal", points, "outside") < 0.01


# ---- Western Electric, limits known


ZONES = {-2.5: (-3, -2), -1.5: (-2, -1), -0.5: (-1, 0), 0.5: (0, 1), 1.5: (1, 2), 2.5: (2, 3)}


def chain(*, all_rules):
    """Chances of going on without an alarm, from each state (last 4 zones, run on one side) to each."""
    states, steps = {((), 0): 0}, []
    for state in (queue := [((), 0)]):
        last, run = state
        for zone, (low, high) in ZONES.items():
            zones = (*last, zone)
            side = np.sign(zone)
            longer = run + 1 if last and last[-1] * side > 0 else 1
            two = sum(z * side > 2 for z in zones[-3:]) >= 2
            four = sum(z * side > 1 for z in zones[-5:]) >= 4
            if all_rules and (two or four or longer == 8):
                continue
            then = (zones[-4:], longer) if all_rules else ((), 0)
            if then not in states:
                states[then] = len(states)
                queue.append(then)
            steps.append((states[state], states[then], ndtr(high) - ndtr(low)))
    moves = np.zeros((len(states), len(states)))
    for begin, end, chance in steps:
        moves[begin, end] += chance
    return moves


@pytest.mark.parametrize(("all_rules", "printed"), [(False, "rule_1"), (True, "rules_1_to_4")])
def test_the_first_false_alarm_comes_when_champ_and_woodall_say(all_rules, printed):
    """Champ and Woodall (1987): the printed mean number of points, by a chain of all that may happen."""
    moves = chain(all_rules=all_rules)
    points = np.linalg.solve(np.eye(len(moves)) - moves, np.ones(len(moves)))[0]
    assert points == pytest.approx(PRINTED["western_electric"][printed], abs=0.005)


@pytest.mark.parametrize("points", [12, 36])
def test_the_rules_of_western_electric_on_known_limits_raise_an_alarm_as_often_as_that_chain(points):
    """1,500 series by flowlib's own rules; the share by the chain that gives the printed figure."""
    lines = rules.Limits(mean=0.0, spread=rules.D2_PAIRS, rounding=0.0, limit=3 / rules.D2_PAIRS)

    def alarm(y):
        eight = rules.completes(rules.sides(y), 8, 8)
        two, four = rules.completes(rules.beyond(y, lines, 2), 2, 3), rules.completes(rules.beyond(y, lines, 1), 4, 5)
        return bool((rules.outside(y, lines) != 0).any() or two.any() or four.any() or eight.any())

    share = np.mean([alarm(y) for y in next(dealt("normal", points, series=1500, seed=1956))])
    quiet = np.linalg.matrix_power(chain(all_rules=True), points)[0].sum()
    assert share == pytest.approx(1 - quiet, abs=four_errors(quiet, 1500))


# ---- run charts


@pytest.mark.parametrize(("points", "fewest", "longest", "specificity"), PRINTED["run_chart_rules"]["rows"])
def test_run_charts_have_the_limits_and_the_quiet_that_their_authors_print(points, fewest, longest, specificity):
    """Anhøj and Wentzel-Larsen (2020), 10 to 100 points: both limits, and the share without a signal to 4 decimals."""
    assert chance_limits(points) == (longest, fewest)
    quiet = sum(2 * compositions(points, runs, longest) for runs in range(fewest + 1, points + 1))
    assert quiet / 2**points == pytest.approx(specificity, abs=PRINTED["run_chart_rules"]["tolerance"] * 1.01)


@pytest.mark.parametrize("around", ["known", "own"])
def test_orders_of_14_points_are_as_many_as_their_authors_print(around):
    """Wentzel-Larsen and Anhøj (2019): each order of highs and lows, read by flowlib one by one."""
    counted = Counter(
        longest_and_crossings(np.array(sides))
        for sides in product([-1, 1], repeat=14)
        if sides[0] == 1 and (around == "known" or sum(sides) == 0)
    )
    for row in PRINTED["run_chart_counts"][around]:
        assert counted[row["longest_run"], row["crossings"]] == row["orders"]
    assert sum(counted.values()) == (2**13 if around == "known" else comb(14, 7) // 2)


@pytest.mark.parametrize("points", [8, 12, 14])
def test_the_chance_of_a_signal_is_what_every_order_of_highs_and_lows_gives(points):
    """Each way to place half the points above the median, read by flowlib one by one."""
    longest, fewest = chance_limits(points)
    found = Counter()
    for sides in product([-1, 1], repeat=points):
        if sum(sides):
            continue
        run, crossings = longest_and_crossings(np.array(sides))
        found.update({"shift": run > longest, "crossings": crossings < fewest})
        found["charts_marked"] += run > longest or crossings < fewest
    every = comb(points, points // 2)
    assert {name: Fraction(count, every) for name, count in found.items()} == run_chart_chance(points)


@pytest.mark.parametrize("points", LENGTHS)
def test_the_figures_of_run_charts_without_memory_are_exact_and_hold_for_any_distribution(points):
    """Every order counted; then 5,000 charts of skewed points, dealt."""
    exact = run_chart_chance(points)
    for data in ("normal", *SKEWED):
        for rule, share in exact.items():
            assert kept(RUN_CHART, data, points, rule) == pytest.approx(float(share), abs=LAST_FIGURE)
    for rule, share in run_chart_alarms("lognormal_1", points, series=5000, seed=3).items():
        assert share == pytest.approx(float(exact[rule]), abs=four_errors(float(exact[rule]), 5000))


@pytest.mark.parametrize(("data", "points"), list(product(MEMORY, (12, 24))))
def test_the_figures_of_run_charts_that_remember_are_those_of_run_chart(data, points):
    """300 charts by `run_chart`, of another seed."""
    share = np.mean([run_chart(values).signal for values in next(dealt(data, points, series=300, seed=9))])
    figure = kept(RUN_CHART, data, points)
    assert share == pytest.approx(figure, abs=four_errors(figure, SERIES, 300))


def test_a_run_chart_without_memory_signals_by_chance_on_no_more_than_7_of_100_charts():
    assert max(kept(RUN_CHART, "normal", points) for points in LENGTHS) < 0.07


# ---- the chance that was dealt


@pytest.mark.parametrize(
    ("data", "cv", "above"),
    # Lognormal: Phi(-sigma / 2), where sigma squared is log(1 + cv squared).
    [
        ("lognormal_0.5", 0.5, ndtr(-np.sqrt(np.log(1.25)) / 2)),
        ("exponential", 1.0, np.exp(-1)),
        ("lognormal_1", 1.0, ndtr(-np.sqrt(np.log(2)) / 2)),
    ],
)
def test_each_kind_of_skewed_chance_has_its_spread_and_its_share_above_the_mean(data, cv, above):
    """Closed forms, on a million points; that sample's spread is within four standard errors at 2 in 100."""
    values = np.concatenate(list(dealt(data, 100, series=10_000, seed=2))).ravel()
    assert values.std() / values.mean() == pytest.approx(cv, rel=0.02)
    assert (values > values.mean()).mean() == pytest.approx(above, abs=4 * np.sqrt(above * (1 - above) / values.size))


@pytest.mark.parametrize(("data", "share"), list(MEMORY.items()))
def test_points_that_remember_are_correlated_with_the_one_before_as_asked(data, share):
    """A million pairs: the standard error is below 0.001, of the correlation and of the spread."""
    values = np.concatenate(list(dealt(data, 100, series=10_000, seed=2)))
    pairs = np.corrcoef(values[:, :-1].ravel(), values[:, 1:].ravel())[0, 1]
    assert pairs == pytest.approx(share, abs=0.004)
    assert values.std(axis=0) == pytest.approx(np.ones(100), abs=4 / np.sqrt(2 * 10_000))
