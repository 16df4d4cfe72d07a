"""
From lines to a chart: each point's signal, what it means, and what to expect against a target.

Every control chart of flowlib is made here, whatever its values are (measures, shares,
rates, times between), so that all of them are read by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from flowlib.core.checks import choice, finite, whole
from flowlib.measure import spc_rules as rules
from flowlib.measure import spc_words as words
from flowlib.measure.spc_presets import Preset, preset_called
from flowlib.measure.spc_runs import chance_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flowlib.measure.spc_rules import Flags, Floats, Limits, PointLimits, Sides
    from flowlib.measure.spc_series import Series

    Assurance = Literal["pass", "fail", "hit_or_miss"] | None

__all__ = ["TRIAL_BELOW", "Asked", "ControlChart", "asked", "drawn"]

# With fewer points than this in a segment, limits are "trial limits"; NHS Making Data Count.
TRIAL_BELOW = 12


@dataclass(frozen=True, eq=False)
class ControlChart:
    """A series with its limits and its signals. Lines are in the unit of the values."""

    points: pd.DataFrame  # one row a point: x, y, mean, lpl, upl, signal, verdict, segment, ghost, target
    variation: Literal["common", "improvement", "concern", "neutral"]  # verdict on the last point
    assurance: Assurance  # None without a target and a direction
    mean: float  # at the last point, as are the two limits
    lpl: float  # lower process limit
    upl: float  # upper process limit
    trial: bool  # the last segment has fewer than 12 points
    improvement: Literal["up", "down"] | None  # which way is better
    target: float | None
    screened: bool  # large moving ranges were left out of the limits
    centre: str = "mean"  # what the line in the middle is: "mean", "median" or "typical value"
    run: int = rules.RUN_LENGTH  # points in a row that the last segment needs for a shift
    notes: tuple[tuple[Any, str], ...] = ()  # x of the point from which each note holds, and its text
    cautions: tuple[str, ...] = ()  # what to know before the chart is trusted, one plain sentence each

    def sentence(self, *, unit: str = "") -> str:
        """What the chart shows, and what it does not, in plain words. *unit* follows each number."""
        return words.control_chart(self, unit)


@dataclass(frozen=True)
class Asked:
    """What was asked of a chart, checked."""

    improvement: Literal["up", "down"] | None
    target: float | None
    baseline: int | None
    preset: Preset
    screen: bool


def asked(improvement: object, target: object, baseline: object, preset: object, screen: object = None) -> Asked:
    """The options of a chart, checked; *screen* overrides the preset's own."""
    rule = preset_called(preset)
    if improvement is not None:
        choice("direction of improvement", improvement, ["up", "down"])
    return Asked(
        improvement=improvement,  # type: ignore[arg-type]
        target=None if target is None else finite("The target", target),
        baseline=None if baseline is None else whole("The baseline", baseline, TRIAL_BELOW),
        preset=rule,
        screen=rule.screen if screen is None else bool(screen),
    )


def drawn(
    series: Series,
    lines: Sequence[Limits | PointLimits],
    options: Asked,
    *,
    centre: str = "mean",
    shown: Callable[[Floats], Floats] | None = None,
) -> ControlChart:
    """The chart of *series* with one set of *lines* a segment; *shown* turns values back to their own unit."""
    points = _points(series, lines, options)
    if shown is not None:
        for column in ("y", "mean", "lpl", "upl"):
            points[column] = shown(points[column].to_numpy(dtype=float))
    last = points.iloc[-1]
    size = series.y.size - series.starts[-1]
    return ControlChart(
        points=points,
        variation=last["verdict"],
        assurance=_assurance(last, lines[-1].rounding, options),
        mean=float(last["mean"]),
        lpl=float(last["lpl"]),
        upl=float(last["upl"]),
        trial=size < TRIAL_BELOW,
        improvement=options.improvement,
        target=options.target,
        screened=options.screen,
        centre=centre,
        run=_run_length(options.preset, size),
    )


def _points(series: Series, lines: Sequence[Limits | PointLimits], options: Asked) -> pd.DataFrame:
    """One row a point; the rules start again in each segment."""
    frames = []
    for number, (part, line) in enumerate(zip(series.segments, lines, strict=True)):
        y = series.y[part]
        signal, direction = _signals(y, line, options.preset)
        frames.append(
            pd.DataFrame(
                {
                    "x": series.x[part],
                    "y": y,
                    "mean": line.mean,
                    "lpl": line.lower,
                    "upl": line.upper,
                    "signal": signal,
                    "verdict": _verdicts(direction, options.improvement),
                    "segment": number,
                    "ghost": False,
                    "target": np.nan if options.target is None else options.target,
                },
            ),
        )
    return pd.concat(frames, ignore_index=True)


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


def _assurance(last: pd.Series, rounding: float, options: Asked) -> Assurance:
    """Whether the usual variation alone will meet the target."""
    if options.target is None or options.improvement is None:
        return None
    if options.target > last["upl"] + rounding:
        return "fail" if options.improvement == "up" else "pass"
    if options.target < last["lpl"] - rounding:
        return "pass" if options.improvement == "up" else "fail"
    return "hit_or_miss"
