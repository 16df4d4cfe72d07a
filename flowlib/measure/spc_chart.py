"""
From lines to a chart: each point's signal, what it means, and what to expect against a target.

Every control chart of flowlib is made here, whatever its values are (measures, shares,
rates, times between), so that all of them are read by the same rules. A ghosted point has
lines, no signal, and the verdict "common"; the rules pass over it to its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from flowlib.core.checks import brief, choice, need, whole
from flowlib.measure import spc_rules as rules
from flowlib.measure import spc_words as words
from flowlib.measure.spc_cautions import EVERY, TRIAL_BELOW, cautions
from flowlib.measure.spc_marks import notes_on, of_any, targets_on
from flowlib.measure.spc_numbers import plain
from flowlib.measure.spc_presets import Preset, preset_called
from flowlib.measure.spc_runs import chance_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from flowlib.measure.spc_rules import Flags, Floats, Limits, PointLimits, Sides
    from flowlib.measure.spc_series import Series

    Assurance = Literal["pass", "fail", "hit_or_miss"] | None

__all__ = ["TRIAL_BELOW", "Asked", "ControlChart", "asked", "drawn"]


@dataclass(frozen=True, eq=False)
class ControlChart:
    """A series with its limits and its signals. Lines are in the unit of the values."""

    points: pd.DataFrame  # one row a point: x, y, mean, lpl, upl, signal, verdict, segment, ghost, target
    variation: Literal["common", "improvement", "concern", "neutral"]  # verdict on the last point that counts
    assurance: Assurance  # None without a target and a direction
    mean: float  # at the last point that counts, as are the two limits
    lpl: float  # lower process limit
    upl: float  # upper process limit
    trial: bool  # fewer than 12 points that count set the limits of the last segment
    improvement: Literal["up", "down"] | None  # which way is better
    target: float | None  # at the last point
    screened: bool  # large moving ranges were left out of the limits
    centre: str = "mean"  # what the line in the middle is: "mean", "median" or "typical value"
    run: int = rules.RUN_LENGTH  # points in a row that the last segment needs for a shift
    notes: tuple[tuple[Any, str], ...] = ()  # x of the point from which each note holds, and its text
    cautions: tuple[str, ...] = ()  # what to know before the chart is relied on, a sentence each, the gravest first
    baseline: int | None = None  # first points of each segment that alone set its limits; None: all of them

    def sentence(self, *, unit: str = "") -> str:
        """What the chart shows, and what it does not, in plain words. *unit* follows each number."""
        return words.control_chart(self, unit)


@dataclass(frozen=True)
class Asked:
    """What was asked of a chart; targets and notes are read once its points are known."""

    improvement: Literal["up", "down"] | None
    target: object  # None, a number, or numbers by date or position
    baseline: int | None
    preset: Preset
    screen: bool
    notes: object = None  # None, or words by date or position


def asked(
    improvement: object,
    target: object,
    baseline: object,
    preset: object,
    screen: object = None,
    notes: object = None,
) -> Asked:
    """The options of a chart, checked; *screen* overrides the preset's own."""
    rule = preset_called(preset)
    need(
        screen is None or isinstance(screen, (bool, np.bool_)),
        f"Screening is True or False, or left out so that the preset decides; {brief(screen)} came.",
    )
    if improvement is not None:
        choice("direction of improvement", improvement, ["up", "down"])
    return Asked(
        improvement=improvement,  # type: ignore[arg-type]
        target=target,
        baseline=None if baseline is None else whole("The baseline", plain(baseline), TRIAL_BELOW),
        preset=rule,
        screen=rule.screen if screen is None else bool(screen),
        notes=notes,
    )


def drawn(
    series: Series,
    lines: Sequence[Limits | PointLimits],
    options: Asked,
    *,
    centre: str = "mean",
    shown: Callable[[Floats], Floats] | None = None,
    asking: Collection[str] = EVERY,
    target: Callable[[str, object], float] = of_any,
    screens: bool = True,
) -> ControlChart:
    """
    The chart of *series* with one set of *lines* a segment.

    *shown* turns values back to their own unit; *asking* names the cautions that make
    sense for such values, and *target* reads a target of them. *screens* says whether
    such limits come from moving ranges, so that there is anything to screen.
    """
    notes = notes_on(options.notes, series)
    points = _points(series, lines, options, targets_on(options.target, series, target))
    beyond = points["signal"].to_numpy() == "outside"
    warned = cautions(series, lines, outside=beyond, asking=asking, baseline=options.baseline)
    if shown is not None:
        for column in ("y", "mean", "lpl", "upl"):
            points[column] = shown(points[column].to_numpy(dtype=float))
    last = int(np.flatnonzero(series.counts)[-1])
    mean, lower, upper = (float(points[line].to_numpy()[last]) for line in ("mean", "lpl", "upl"))
    aim = float(points["target"].to_numpy()[-1])
    final = series.segments[-1]
    counts = series.counts[final]
    off = rules.sides(series.y[final][counts] - lines[-1].mean, lines[-1].rounding)
    return ControlChart(
        points=points,
        variation=points["verdict"].to_numpy()[last],
        assurance=_assurance((lower, upper), aim, lines[-1].rounding, options.improvement),
        mean=mean,
        lpl=lower,
        upl=upper,
        trial=int(counts[: options.baseline].sum()) < TRIAL_BELOW,
        improvement=options.improvement,
        target=None if np.isnan(aim) else aim,
        screened=options.screen and screens,
        centre=centre,
        run=_run_length(options.preset, int(np.count_nonzero(off))),
        notes=notes,
        cautions=warned,
        baseline=options.baseline,
    )


def _points(series: Series, lines: Sequence[Limits | PointLimits], options: Asked, targets: Floats) -> pd.DataFrame:
    """One row a point; the rules start again in each segment."""
    size = series.y.size
    mean, lower, upper = np.empty(size), np.empty(size), np.empty(size)
    signal, verdict = np.full(size, "", dtype=object), np.full(size, "common", dtype=object)
    segment = np.empty(size, dtype=np.int64)
    for number, (part, line) in enumerate(zip(series.segments, lines, strict=True)):
        counts = series.counts[part]
        at = part.start + np.flatnonzero(counts)
        mean[part], lower[part], upper[part], segment[part] = line.mean, line.lower, line.upper, number
        found, direction = _signals(series.y[at], _only(line, counts), options.preset)
        signal[at], verdict[at] = found, _verdicts(direction, options.improvement)
    return pd.DataFrame(
        {
            "x": series.x,
            "y": series.y,
            "mean": mean,
            "lpl": lower,
            "upl": upper,
            "signal": signal,
            "verdict": verdict,
            "segment": segment,
            "ghost": ~series.counts,
            "target": targets,
        },
    )


def _only(line: Limits | PointLimits, counts: Flags) -> Limits | PointLimits:
    """The lines at the points that count."""
    return line if isinstance(line, rules.Limits) else replace(line, sigma=line.sigma[counts])


def _signals(y: Floats, line: Limits | PointLimits, preset: Preset) -> tuple[np.ndarray, Sides]:
    """Each point's signal, by order of precedence, and its direction: 0 where there is none."""
    of_mean = rules.sides(y - line.mean, line.rounding)
    rising = rules.trend(y, line.rounding, preset.trend) if preset.trend else np.zeros(y.size, dtype=np.int64)
    flags = {
        "outside": rules.outside(y, line) != 0,
        "trend": rising != 0,
        "two_in_three": _two_in_three(y, line, of_mean, preset),
    }
    if preset.four_in_five:
        flags["four_in_five"] = rules.completes(rules.beyond(y, line, 1), 4, 5)
    flags["shift"] = _shift(of_mean, preset)
    signal = np.select(list(flags.values()), list(flags), default="")
    direction = np.select([signal == "", signal == "trend"], [0, rising], default=of_mean)
    return signal, direction


def _two_in_three(y: Floats, line: Limits | PointLimits, of_mean: Sides, preset: Preset) -> Flags:
    """Two of three points near a limit, as the preset counts them."""
    if preset.two_in_three == "inside":
        return rules.two_in_three(rules.near(y, line), of_mean)
    if preset.two_in_three == "beyond_too":
        return rules.completes(rules.beyond(y, line, 2), 2, 3)
    return np.zeros(y.size, dtype=bool)


def _shift(of_mean: Sides, preset: Preset) -> Flags:
    """Points in a long run on one side of the line in the middle, as the preset counts them."""
    found = np.zeros(of_mean.size, dtype=bool)
    if preset.shift == "by_chance":  # points on the line neither make nor break a run
        useful = np.flatnonzero(of_mean)
        found[useful] = rules.shift(of_mean[useful], _run_length(preset, useful.size))
        return found
    if preset.marks == "last_point":  # from the point that completes the run
        return rules.completes(of_mean, preset.shift, preset.shift)
    return rules.shift(of_mean, preset.shift)


def _run_length(preset: Preset, useful: int) -> int:
    """Points in a row that make a shift among so many."""
    return chance_limits(useful)[0] + 1 if preset.shift == "by_chance" else preset.shift


def _verdicts(direction: Sides, improvement: str | None) -> np.ndarray:
    """What each signal means, given which way is better."""
    if improvement is None:
        return np.where(direction == 0, "common", "neutral")
    better = 1 if improvement == "up" else -1
    return np.select([direction == 0, direction == better], ["common", "improvement"], default="concern")


def _assurance(limits: tuple[float, float], target: float, rounding: float, improvement: str | None) -> Assurance:
    """Whether the usual variation alone will meet the target."""
    if np.isnan(target) or improvement is None:
        return None
    if target > limits[1] + rounding:
        return "fail" if improvement == "up" else "pass"
    if target < limits[0] - rounding:
        return "pass" if improvement == "up" else "fail"
    return "hit_or_miss"
