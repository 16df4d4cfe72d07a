"""
Does abspc 1.1, by other hands, draw the same charts? Where it does not, is each difference listed?

It is asked about the same series as flowlib. Then its deviations are taken away, one after
the other: its own code is run again with the other number, or on lines that allow for
rounding, or its answer is read in the other way. With all of them taken away nothing may
differ, on any point of any series; and each must have changed something.
"""

from collections import Counter
from functools import cache

import numpy as np
import pandas as pd
import pytest
from abspc import spc as abspc
from spc_cases import Says, by_flowlib, counted, listed, measures, tallied

from flowlib.measure.spc import run_chart, xmr

MEASURES, COUNTED = measures(), counted()


# In the order in which they are taken away.
ABSPC = listed("""
limit | limits of an individuals chart | 3 / 1.128 mean moving ranges | 2.66 of them | flowlib | The NHS number.
ceiling | upper limit of a p chart | may lie above 1 | at most 1 | neither | No share is more than 1.
centre | middle line of a g chart | the mean | the median | neither | Half the gaps lie on each side.
rounding | a point on a line | may fall on either side | is on the line | flowlib | A point on the mean breaks a run.
shift | points that make a shift | 8 | 7 | flowlib | The NHS number.
trend | points that make a trend | 6 | 7 | flowlib | The NHS number.
neutral | no direction is better | up is | neutral, no assurance | flowlib | Nobody said which way is better.
target | a marked point that meets the target | improvement | by its direction | flowlib | Two things.
step | direction of a point in a trend | of the step before it | of the trend | flowlib | The first point rises too.
side | a trend inside a shift | its side of the mean | the trend's direction | flowlib | Trend comes before shift.
last | variation of the chart | of the last mark of any age | of the last point | flowlib | It says how things are now.
icon | variation after a trend | its side of the mean | the trend's direction | flowlib | The direction decides.
touch | a target exactly on a limit | pass or fail | hit or miss | flowlib | Only beyond a limit is certain.
""")
COLOURS = {
    abspc.COLOUR_COMMON_CAUSE: "common",
    abspc.COLOUR_IMPROVEMENT: "improvement",
    abspc.COLOUR_CONCERN: "concern",
}
LINES = ["mean", "lcl", "ucl", "lwl", "uwl"]
OF_LINES = {"limit", "ceiling", "centre"}
OF_MARKS = OF_LINES | {"rounding", "shift", "trend"}
RULES = {"outside": "rule1", "trend": "rule3", "two_in_three": "rule4", "shift": "rule2"}  # in order of precedence


def by_abspc(case, away):
    """What abspc says, once the deviations in *away* are taken away."""
    return abspc_answer(case, away & abspc_matters(case))


@cache
def abspc_matters(case):
    """The deviations that can change anything in this case; the others need not be tried."""
    of_lines = frozenset({{"xmr": "limit", "p": "ceiling", "g": "centre"}.get(case.chart, "last")})
    lines = abspc_lines(case, of_lines)
    snapped = {name: on_line(case, lines["value"], line) for name, line in lines.items()}
    trend = abspc_trend(case, 7)
    asked = {
        "rounding": any((snapped[name] != line).any() for name, line in lines.items()),
        "shift": (abspc_shift(case, 8, of_lines) != abspc_shift(case, 7, of_lines)).any(),
        "trend": (trend != abspc_trend(case, 6)).any(),
        "step": trend.any(),
        "side": trend.any(),
        "icon": trend[-1],
        "neutral": case.improvement is None,
        "target": case.target is not None,
        "touch": case.target is not None,
    }
    return of_lines | {"last"} | {key for key, can in asked.items() if can}


@cache
def abspc_trend(case, length):
    """Its trends of so many points."""
    return abspc._rule3_trend(abspc_lines(case, frozenset())["value"], run_length=length)


@cache
def abspc_shift(case, length, away):
    """Its shifts of so many points, about a line that allows for rounding."""
    lines = abspc_lines(case, away)
    return abspc._rule2_shift(lines["value"], on_line(case, lines["value"], lines["mean"]), run_length=length)


@cache
def abspc_lines(case, away):
    """Its values and its lines, for each point."""
    frame = pd.DataFrame({"value": case.y})
    if case.sizes is not None:
        frame["subgroup_size"] = case.sizes
    frame = abspc.calculate_control_limits(frame, {"xmr": "XmR"}.get(case.chart, case.chart))
    lines = {name: frame[name].to_numpy() for name in ("value", *LINES)}
    if "limit" in away:
        for name in LINES[1:]:
            lines[name] = lines["mean"] + (lines[name] - lines["mean"]) * 2.66 / (3 / 1.128)
    if "ceiling" in away:
        lines["ucl"] = np.minimum(lines["ucl"], 1)
    if "centre" in away:
        lines["mean"] = np.full(case.y.size, np.median(case.y))
    return lines


@cache
def abspc_rules(case, away):
    """Its lines again, with its rules."""
    lines = abspc_lines(case, away - {"rounding"})
    if "rounding" in away:
        lines = {name: on_line(case, lines["value"], line) for name, line in lines.items()}
    own = abspc_lines(case, frozenset())
    if away and all((np.sign(own["value"] - own[name]) == np.sign(own["value"] - lines[name])).all() for name in LINES):
        return abspc_rules(case, frozenset()) | lines  # no point is on another side of any line
    found = abspc.detect_special_causes(pd.DataFrame(lines))
    return {rule: found[rule].to_numpy() for rule in RULES.values()} | lines


def rounding(case):
    """Differences up to this size are a computer's, not the data's."""
    y = case.y if case.sizes is None else case.y / case.sizes
    return 1e-13 * np.abs(y).max()


def on_line(case, values, line):
    """The line, moved to each point that lies on it but for rounding."""
    return np.where(np.abs(values - line) <= rounding(case), values, line)


@cache
def abspc_answer(case, away):
    lines = abspc_lines(case, away & OF_LINES)
    frame, signal = abspc_marks(case, away & OF_MARKS)
    verdict = abspc_verdicts(case, away)
    drawn = np.column_stack([lines["mean"], lines["lcl"], lines["ucl"]])
    return Says(drawn, signal, verdict, abspc_variation(case, away, frame, verdict), abspc_assurance(case, away, frame))


@cache
def abspc_marks(case, away):
    """Its own frame, with lines and rules, and each point's signal."""
    of_lines = away & OF_LINES
    said = dict(abspc_rules(case, away - {"shift", "trend"}))
    if "shift" in away:
        said["rule2"] = abspc_shift(case, 7, of_lines)
    if "trend" in away:
        said["rule3"] = abspc_trend(case, 7)
    signal = np.select([said[rule] for rule in RULES.values()], list(RULES), default="")
    return pd.DataFrame(said | {"special_cause": signal != ""}), signal


@cache
def abspc_colours(case, away):
    """Its verdict on each point; *away* may have its use of the target."""
    frame, _ = abspc_marks(case, away - {"target"})
    better = "low" if case.improvement == "down" else "high"
    target = None if "target" in away else case.target
    return [COLOURS[one] for one in abspc.determine_point_colours(frame, improvement_direction=better, target=target)]


def abspc_verdicts(case, away):
    frame, signal = abspc_marks(case, away & OF_MARKS)
    verdict = np.array(abspc_colours(case, away & (OF_MARKS | {"target"})), dtype="U11")
    shift = frame["rule2"].to_numpy()
    for at in np.flatnonzero(signal == "trend"):
        if ("side" if shift[at] else "step") in away:
            rises = direction(frame["value"].to_numpy(), at) > 0
            verdict[at] = "improvement" if rises == (case.improvement != "down") else "concern"
    if "neutral" in away:
        verdict[verdict != "common"] = "neutral"
    return verdict


def direction(y, at):
    """Direction of the latest trend of 7 points that a point is in."""
    for start in range(at, at - 7, -1):
        steps = np.diff(y[max(start, 0) : start + 7])
        if start >= 0 and steps.size == 6 and abs(np.sign(steps).sum()) == 6:
            return np.sign(steps[0])
    raise AssertionError("a point marked as trend is in one")


def abspc_variation(case, away, frame, verdict):
    if "icon" in away:
        return str(verdict[-1])
    asked = frame.tail(1) if "last" in away else frame
    better = "low" if case.improvement == "down" else "high"
    word = abspc.determine_variation_type(asked, improvement_direction=better).split("_")[0]
    return "neutral" if word != "common" and "neutral" in away else word


def abspc_assurance(case, away, frame):
    better = "low" if case.improvement == "down" else "high"
    word = abspc.determine_assurance_type(frame, case.target, better)
    if word == "no_target" or "neutral" in away:
        return None
    touches = min(abs(frame[line].iloc[-1] - case.target) for line in ("lcl", "ucl")) <= rounding(case)
    return "hit_or_miss" if "touch" in away and touches else word


@cache
def abspc_tally():
    return tallied([*MEASURES, *COUNTED], ABSPC, by_abspc, by_flowlib)


def test_with_its_deviations_taken_away_abspc_says_what_flowlib_says():
    """500 series of measures and 150 of counts: lines to 1e-9, each point's signal and verdict, both summaries."""
    assert abspc_tally()[1] == []


@pytest.mark.parametrize("deviation", ABSPC, ids=lambda deviation: deviation.key)
def test_each_deviation_of_abspc_occurs(deviation):
    assert sum(abspc_tally()[0][deviation.key].values()) > 0


# ---- its run charts, and its phases

RUN_CHARTS = listed("""
run | rules of a run chart | 8 on one side, 6 that rise or fall | run and crossings by chance | neither | Anhøj's rules.
""")
PHASES = listed("""
phases | when limits start again | by itself, at a shift | where the user says | flowlib | It is a judgement.
across | rules where limits start again | run on | start again | flowlib | Rules start again in each segment.
""")


def test_its_run_charts_have_the_same_median_and_other_rules():
    """500 series: the median to 1e-9; on some its rules signal and Anhøj's do not, or the other way."""
    unlike = Counter()
    for case in MEASURES:
        frame = abspc.calculate_control_limits(pd.DataFrame({"value": case.y}), "run")
        chart = run_chart(case.y)
        assert frame["mean"].iloc[0] == pytest.approx(chart.median, rel=1e-9, abs=1e-9)
        unlike["run"] += bool(abspc.detect_run_chart_signals(frame)["run_signal"].any()) != chart.signal
    assert all(unlike[deviation.key] for deviation in RUN_CHARTS)


def test_where_it_starts_limits_again_so_does_a_chart_that_is_told_to():
    """Sixty steps: the lines of each phase, then each point's signal once the rules start again there."""
    changed = Counter()
    for number in range(60):
        rng = np.random.default_rng([1931, 5, number])
        y = rng.normal(50, 10, 60) + 25 * (np.arange(60) >= rng.integers(20, 45))
        frame = abspc.rebase_control_limits(pd.DataFrame({"value": y}), "XmR", rebase_on="any")
        starts = np.flatnonzero(np.diff(frame["rebase_phase"])) + 1
        for line in LINES[1:]:
            frame[line] = frame["mean"] + (frame[line] - frame["mean"]) * 2.66 / (3 / 1.128)
        points = xmr(y, rebase=starts.tolist()).points
        for theirs, ours in {"mean": "mean", "lcl": "lpl", "ucl": "upl"}.items():
            assert frame[theirs].to_numpy() == pytest.approx(points[ours].to_numpy(), abs=1e-9 * np.abs(y).max())
        across, again = phased(frame, []), phased(frame, starts)
        changed.update({"phases": starts.size, "across": int((across != again).sum())})
        assert again.tolist() == points["signal"].tolist()
    assert all(changed[deviation.key] for deviation in PHASES)


def phased(frame, starts):
    """Its signals by the NHS numbers, its rules started again at each of *starts*."""
    signals = []
    for part in np.split(np.arange(len(frame)), starts):
        found = abspc.detect_special_causes(frame.iloc[part].reset_index(drop=True))
        y, mean = found["value"].to_numpy(), found["mean"].to_numpy()
        rules = {rule: found[rule].to_numpy() for rule in RULES.values()}
        rules |= {"rule2": abspc._rule2_shift(y, mean, 7), "rule3": abspc._rule3_trend(y, 7)}
        signals.append(np.select([rules[rule] for rule in RULES.values()], list(RULES), default=""))
    return np.concatenate(signals)
