"""
Does clinical-qikit 0.5, by other hands, draw the same charts? Where it does not, is each difference listed?

As in `test_spc_cross`: it is asked about the same series as flowlib's presets "qicharts2"
and "western_electric", and its deviations are taken away one after the other until nothing
differs. It has no verdicts, no variation and no assurance.
"""

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from qikit import qic
from qikit.spc import c4 as tabled_c4
from qikit.spc import compute as computing
from qikit.spc import signals
from spc_cases import Says, by_flowlib, counted, listed, measures, tallied

from flowlib.measure.spc import run_chart, xbar_s_chart, xmr
from flowlib.measure.spc_runs import chance_limits
from flowlib.measure.spc_subgroups import c4

MEASURES = measures()
COUNTED = counted()
# The same shares and rates again, on Laney's charts.
COUNTED += [replace(case, chart=f"{case.chart}p") for case in COUNTED if case.chart in "pu"]

# In the order in which they are taken away.
QIKIT = listed("""
tie | a moving range at the screen | stays | is left out | flowlib | At or above 3.267 times their mean.
fallback | screening that leaves only zeros | is not done | is done | flowlib | The NHS tool does it.
screen | large moving ranges | are left out | stay, as the preset says | neither | The preset "nhsr" screens.
flat | a series that never varies | no limits | limits equal to the mean | flowlib | Limits, not a blank.
floor | Laney's sigma z below 1 | taken as 1 | taken as it is | neither | As in qicharts2.
ceiling | upper limit of a p chart | may lie above 1 | at most 1 | neither | No share is more than 1.
around | limits of a g chart | from the median | from the mean | neither | As in Benneyan, and in qicharts2.
blanket | too few crossings | mark every point | mark none, see run_chart | neither | No one point has it.
length | longest usual run | log2(n) rounded down, plus 2 | log2(n) rounded, plus 3 | neither | As in Anhøj.
rounding | a point on the middle line | may fall on either side | is on it | flowlib | It has no side.
""")


WHERE = {  # the charts that each deviation concerns; the others need not be tried
    **{key: {"xmr", "t"} for key in ("tie", "fallback", "screen", "flat")},
    "floor": {"pp", "up"},
    "ceiling": {"p", "pp"},
    "around": {"g"},
}


def by_qikit(case, away):
    """What qikit says, once the deviations in *away* are taken away."""
    return qikit_answer(case, frozenset(key for key in away if case.chart in WHERE.get(key, {case.chart})))


@cache
def qikit_answer(case, away):
    y = case.y if case.sizes is None else case.y / case.sizes
    middle, lower, upper = own_lines(case)
    if case.chart in ("xmr", "t"):
        middle, lower, upper = individuals(case, away, middle, lower, upper)
    if "floor" in away:
        lower, upper = unfloored(case, y, middle, lower, upper)
    if "ceiling" in away:
        upper = np.minimum(upper, 1)
    if "around" in away:
        found = computing.compute("g", y, cl_override=float(y.mean()))
        lower, upper = found["lcl"], found["ucl"]
    lines = np.column_stack([middle, lower, upper])
    return Says(lines, marked(y, lines, away), *nothing_more(y.size))


@cache
def own_lines(case):
    """Its middle, lower and upper line."""
    if case.chart == "t":
        frame = qic(y=case.y, chart="t").data
        return tuple(frame[name].to_numpy() for name in ("cl", "lcl", "ucl"))
    y = case.y if case.sizes is None else case.y / case.sizes
    found = computing.compute("i" if case.chart == "xmr" else case.chart, y, case.sizes)
    return found["cl"], found["lcl"], found["ucl"]


def nothing_more(points):
    """It has no verdicts and no summary."""
    return np.full(points, ""), None, None


def individuals(case, away, *own):
    """Its lines of an individuals chart or t chart (in its power); by hand where a deviation is taken away."""
    power = 3.6 if case.chart == "t" else 1
    y = case.y ** (1 / power)
    ranges = np.abs(np.diff(y))
    at_screen = np.isclose(ranges, 3.267 * ranges.mean(), rtol=1e-12, atol=0) & (ranges > 0)
    kept = ranges[(ranges < 3.267 * ranges.mean()) & ~at_screen]
    if ranges.max() == 0:
        return own if "flat" not in away else (own[0],) * 3
    if "screen" in away:
        kept = ranges
    elif not (("tie" in away and at_screen.any()) or ("fallback" in away and kept.max(initial=0) == 0)):
        return own
    far = 3 / 1.128 * (kept.mean() if kept.size else 0.0)
    return tuple(
        np.full(y.size, max(line, 0.0) ** power if power > 1 else line)
        for line in (y.mean(), y.mean() - far, y.mean() + far)
    )


def unfloored(case, y, middle, lower, upper):
    """Laney's limits as he has them, where its sigma z is below 1."""
    sigma = np.sqrt(middle * (1 - middle if case.chart == "pp" else 1) / case.sizes)
    z = np.abs(np.diff((y - middle) / sigma)).mean() / 1.128 if sigma.all() else 1.0
    return (np.maximum(middle - 3 * z * sigma, 0), middle + 3 * z * sigma) if z < 1 else (lower, upper)


def marked(y, lines, away):
    """Points outside, then those of a long run, as the preset "qicharts2" names them."""
    middle, lower, upper = lines.T
    if "rounding" in away:
        rounding = 1e-13 * np.abs(y).max()
        middle, lower, upper = (np.where(np.abs(y - line) <= rounding, y, line) for line in (middle, lower, upper))
    if "length" in away:
        longest = round(np.log2(max((y != middle).sum(), 1))) + 3
        runs = signals._mark_long_runs(y, middle, longest + 1)
    else:
        runs = signals._runs_signals(y, middle)["blanket" in away]
    return np.select([signals._sigma_signals(y, upper, lower), runs], ["outside", "shift"], default="")


def ours(case):
    """What flowlib says of lines and signals."""
    said = by_flowlib(case, preset="qicharts2")
    return Says(said.lines, said.signal, *nothing_more(case.y.size))


@cache
def qikit_tally():
    return tallied([*MEASURES, *COUNTED], QIKIT, by_qikit, ours)


def test_with_its_deviations_taken_away_qikit_says_what_flowlib_says():
    """500 series of measures and 210 of counts: lines to 1e-9, and each point's signal."""
    assert qikit_tally()[1] == []


@pytest.mark.parametrize("deviation", QIKIT, ids=lambda deviation: deviation.key)
def test_each_deviation_of_qikit_occurs(deviation):
    assert sum(qikit_tally()[0][deviation.key].values()) > 0


def test_its_screened_limits_are_those_of_screened_charts():
    """Before the deviation "screen" is taken away: the presets with screening on."""
    away = frozenset(["tie", "fallback", "flat"])
    for case in MEASURES[::3] + MEASURES[-4:]:
        chart = xmr(case.y, preset="qicharts2", screen=True)
        expected = np.array([chart.mean, chart.lpl, chart.upl])
        assert by_qikit(case, away).lines[-1] == pytest.approx(expected, abs=1e-9 * np.abs(expected).max())


# ---- run charts

RUN_CHARTS = listed("""
length | longest usual run | log2(n) rounded down, plus 2 | log2(n) rounded, plus 3 | neither | As in Anhøj.
few | fewer than 10 points off the median | never signal | the same rules | neither | As in qicharts2.
""")


def by_run_chart(values):
    """What flowlib says: the longest run and the fewest crossings that are usual, too."""
    chart = run_chart(values)
    counts = (chart.longest_run, chart.crossings, chart.longest_run_limit, chart.crossings_limit)
    return chart.median, counts, chart.signal


def by_qikit_run_chart(found, away):
    told, useful = found["summary"], found["summary"]["n_useful"]
    longest, fewest = told["run_threshold"] - 1, told["crossings_threshold"] + 1
    if "length" in away and useful >= 10:
        longest = round(np.log2(useful)) + 3
    if "few" in away and useful < 10:
        longest, fewest = chance_limits(useful)
    run, crossings = told["longest_run"], told["n_crossings"]
    return found["cl"][0], (run, crossings, longest, fewest), bool(run > longest or crossings < fewest)


def test_with_its_deviations_taken_away_qikit_reads_run_charts_as_flowlib_does():
    """500 series: median to 1e-9, longest run, crossings, both limits and the signal; each deviation occurs."""
    changed = Counter()
    for case in MEASURES:
        found = computing.compute("run", case.y)
        answers = [by_qikit_run_chart(found, away) for away in ((), ("length",), ("length", "few"))]
        for deviation, before, after in zip(RUN_CHARTS, answers, answers[1:], strict=False):
            changed[deviation.key] += before != after
        median, *expected = by_run_chart(case.y)
        assert answers[-1][0] == pytest.approx(median, rel=1e-9, abs=1e-9)
        assert list(answers[-1][1:]) == expected
    assert all(changed[deviation.key] for deviation in RUN_CHARTS)


@pytest.mark.parametrize("useful", range(10, 301))
def test_the_fewest_usual_crossings_are_those_of_qikit(useful):
    assert chance_limits(useful)[1] == signals._crossings_threshold(useful) + 1


# ---- Western Electric

WESTERN_ELECTRIC = listed("""
pattern | what is marked | every point of a pattern | the point that completes it | neither | As in qcc.
online | a point on the mean, in a run | neither makes nor breaks it | breaks it | neither | It has no side.
""")


def by_weco(y, middle, upper, lower, away):
    """Its four rules, named as flowlib names them; the whole pattern, or the point that completes it."""

    def zones(needed, window, sigmas):
        if "pattern" not in away:
            return signals._mark_zones(y, middle, upper, needed, window, sigmas)
        windows = [slice(at - window + 1, at + 1) for at in range(window - 1, y.size)]
        last = [signals._mark_zones(y[w], middle[w], upper[w], needed, window, sigmas)[-1] for w in windows]
        return np.array([False] * (window - 1) + last)

    def eight():
        if "online" in away:
            side = np.sign(y - middle)
            return np.array([at >= 7 and abs(side[at - 7 : at + 1].sum()) == 8 for at in range(y.size)])
        if "pattern" in away:
            return np.array([signals._mark_long_runs(y[: at + 1], middle[: at + 1], 8)[-1] for at in range(y.size)])
        return signals._mark_long_runs(y, middle, 8)

    rules = {
        "outside": signals._sigma_signals(y, upper, lower),
        "two_in_three": zones(2, 3, 2.0),
        "four_in_five": zones(4, 5, 1.0),
        "shift": eight(),
    }
    union = signals._runs_signals(y, middle, "weco", upper, lower)[0]
    if not away:
        assert (np.logical_or.reduce(list(rules.values())) == union).all()
    return np.select(list(rules.values()), list(rules), default="")


def test_with_its_deviations_taken_away_qikit_marks_as_western_electric_does():
    """Every sixth series and those made by hand: each point's signal, on the same lines; each deviation occurs."""
    changed = Counter()
    for case in MEASURES[::6] + MEASURES[-4:]:
        points = xmr(case.y, preset="western_electric").points
        # On a line that allows for rounding, as above.
        lines = (points[name].to_numpy() for name in ("mean", "upl", "lpl"))
        snapped = [np.where(np.abs(case.y - line) <= 1e-13 * np.abs(case.y).max(), case.y, line) for line in lines]
        answers = [by_weco(case.y, *snapped, away) for away in ((), ("pattern",), ("pattern", "online"))]
        for deviation, before, after in zip(WESTERN_ELECTRIC, answers, answers[1:], strict=False):
            changed[deviation.key] += int((before != after).sum())
        assert answers[-1].tolist() == points["signal"].tolist()
    assert all(changed[deviation.key] for deviation in WESTERN_ELECTRIC)


# ---- subgroups

SUBGROUPS = listed("""
tables | constants of equal subgroups | to 3 decimals, from a table | from their definition | neither | More figures.
pooled | unequal subgroups | pooled spread by c4 of all | by c4 of each | neither | Montgomery (2009), equation 6.31.
""")


@pytest.mark.parametrize(("deviation", "number"), list(product(SUBGROUPS, range(10))), ids=str)
def test_qikit_draws_the_same_chart_of_means_but_for_its_constants(deviation, number):
    """Equal sizes: to half the last decimal of A3. Several: to 1e-9, once its c4 is changed for that of each size."""
    rng = np.random.default_rng([1935, number])
    sizes = np.full(20, rng.integers(2, 11)) if deviation.key == "tables" else rng.integers(2, 11, 20)
    groups = [rng.normal(50, 10, size) for size in sizes]
    frame = pd.DataFrame({"day": np.repeat(np.arange(20), sizes), "wait": np.concatenate(groups)})
    theirs = qic(data=frame, x="day", y="wait", chart="xbar").data
    ours = xbar_s_chart(groups).means.points
    assert theirs["cl"].to_numpy() == pytest.approx(ours["mean"].to_numpy(), rel=1e-9)
    far, expected = (theirs["ucl"] - theirs["cl"]).to_numpy(), (ours["upl"] - ours["mean"]).to_numpy()
    if deviation.key == "tables":
        spread = np.mean([group.std(ddof=1) for group in groups])
        assert far == pytest.approx(expected, abs=5.1e-4 * spread)
        assert far != pytest.approx(expected, rel=1e-9)
    else:
        assert far * tabled_c4(sizes.sum() - 20 + 1) / [c4(size) for size in sizes] == pytest.approx(expected, rel=1e-9)
        assert far != pytest.approx(expected, rel=1e-3)
