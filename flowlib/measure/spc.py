"""
Did something change, or is this the usual variation?

`xmr` gives the NHS's own chart (individual values and moving ranges, "plot the dots"):
a mean, two process limits, and four rules that mark unusual points. `run_chart` asks
less of the data: only a median, and whether the points cross it as often as chance would.

Both give numbers alone and draw nothing. Values may be in any one unit, and every line
comes back in that unit. Positions count from 0.

Sources: NHS England, "Making Data Count"; NHSRplotthedots 0.2.2 for the exact rules;
Anhøj and Olesen (2014), Run charts revisited, PLOS ONE 9(11): e113825, for the run chart.
Two choices differ from NHSRplotthedots, both where it leaves a gap. A series that never
varies has limits equal to its mean. And a point takes its direction from the trend that
it is in, also when the next point starts another trend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from flowlib.core.checks import choice, finite, whole
from flowlib.measure import spc_rules as rules
from flowlib.measure import spc_words as words
from flowlib.measure.spc_runs import chance_limits, longest_and_crossings
from flowlib.measure.spc_series import read_series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flowlib.measure.spc_rules import Floats, Limits, Sides
    from flowlib.measure.spc_series import Series

    Assurance = Literal["pass", "fail", "hit_or_miss"] | None

__all__ = ["PRESETS", "TRIAL_BELOW", "ControlChart", "RunChart", "run_chart", "xmr"]

# Whether each published way screens large moving ranges out before it sets limits.
PRESETS = {"mdc": False, "nhsr": True}
# With fewer points than this in a segment, limits are "trial limits"; NHS Making Data Count.
TRIAL_BELOW = 12


@dataclass(frozen=True, eq=False)
class ControlChart:
    """A series with its limits and its signals. Lines are in the unit of the values."""

    points: pd.DataFrame  # one row a point: x, y, mean, lpl, upl, signal, verdict, segment
    variation: Literal["common", "improvement", "concern", "neutral"]  # verdict on the last point
    assurance: Assurance  # None without a target and a direction
    mean: float  # of the last segment, as are the two limits
    lpl: float  # lower process limit
    upl: float  # upper process limit
    trial: bool  # the last segment has fewer than 12 points
    improvement: Literal["up", "down"] | None  # which way is better
    target: float | None
    screened: bool  # large moving ranges were left out of the limits

    def sentence(self, *, unit: str = "") -> str:
        """What the chart shows, and what it does not, in plain words. *unit* follows each number."""
        return words.control_chart(self, unit)


@dataclass(frozen=True, eq=False)
class RunChart:
    """A series around its median. Points on the median do not count."""

    points: pd.DataFrame  # one row a point: x, y, median
    median: float  # in the unit of the values
    longest_run: int  # points in a row on one side
    longest_run_limit: int  # a longer run than this is a signal
    crossings: int  # times that the line changes side
    crossings_limit: int  # fewer crossings than this is a signal
    signal: bool
    useful: int  # points off the median; the limits are of these

    def sentence(self, *, unit: str = "") -> str:
        """What the chart shows, and what it does not, in plain words. *unit* follows the median."""
        return words.run_chart(self, unit)


def xmr(
    values: Iterable[object],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: float | None = None,
    rebase: object = (),
    baseline: int | None = None,
    screen: bool | None = None,
    preset: str = "mdc",
) -> ControlChart:
    """
    Individuals chart (XmR) with the NHS rules for special causes.

    *values* are at least 2 numbers; a missing one is refused, with its position. With
    *dates* (one a value, none twice) the points are put in date order. *rebase* is one
    position or date, or several: each starts a new segment, at the first point on or
    after it. *baseline* fixes each segment's limits from its first so many points, 12
    or more. *preset* is "mdc" (Making Data Count: no screening) or "nhsr"
    (NHSRplotthedots: large moving ranges screened out); *screen* overrides it.

    The example that NHSRplotthedots prints, unscreened and screened:

    >>> waits = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    >>> round(xmr(waits).upl, 2), round(xmr(waits, preset="nhsr").upl, 2)
    (6.95, 4.6)
    """
    screened = PRESETS[choice("preset", preset, PRESETS)] if screen is None else bool(screen)
    if improvement is not None:
        choice("direction of improvement", improvement, ["up", "down"])
    aim = None if target is None else finite("The target", target)
    first = None if baseline is None else whole("The baseline", baseline, TRIAL_BELOW)
    series = read_series(values, dates, rebase)
    lines = [rules.limits(series.y[part][:first], screen=screened) for part in series.segments]
    points = _points(series, lines, improvement)
    last = lines[-1]
    return ControlChart(
        points=points,
        variation=points["verdict"].iloc[-1],
        assurance=_assurance(last, aim, improvement),
        mean=last.mean,
        lpl=last.lower,
        upl=last.upper,
        trial=series.y.size - series.starts[-1] < TRIAL_BELOW,
        improvement=improvement,
        target=aim,
        screened=screened,
    )


def run_chart(values: Iterable[object], dates: Iterable[object] | None = None) -> RunChart:
    """
    Run chart with the two rules of Anhøj: unusually long runs, unusually few crossings.

    *values* and *dates* are as for `xmr`. Of n points off the median, the longest usual
    run is log2(n) + 3, rounded, and the fewest usual crossings are the 5th percentile of
    n - 1 tosses of a coin.

    >>> chart = run_chart([1, 2] * 12)
    >>> chart.longest_run_limit, chart.crossings_limit, chart.crossings
    (8, 8, 23)
    """
    series = read_series(values, dates)
    median = float(np.median(series.y))
    of_median = rules.sides(series.y - median, rules.ROUNDING * float(np.abs(series.y).max()))
    useful = int(np.count_nonzero(of_median))
    longest, crossings = longest_and_crossings(of_median)
    most, fewest = chance_limits(useful)
    return RunChart(
        points=pd.DataFrame({"x": series.x, "y": series.y, "median": median}),
        median=median,
        longest_run=longest,
        longest_run_limit=most,
        crossings=crossings,
        crossings_limit=fewest,
        signal=longest > most or crossings < fewest,
        useful=useful,
    )


def _points(series: Series, lines: list[Limits], improvement: str | None) -> pd.DataFrame:
    """One row a point; the rules start again in each segment."""
    frames = []
    for number, (part, line) in enumerate(zip(series.segments, lines, strict=True)):
        y = series.y[part]
        signal, direction = _signals(y, line)
        frames.append(
            pd.DataFrame(
                {
                    "x": series.x[part],
                    "y": y,
                    "mean": line.mean,
                    "lpl": line.lower,
                    "upl": line.upper,
                    "signal": signal,
                    "verdict": _verdicts(direction, improvement),
                    "segment": number,
                },
            ),
        )
    return pd.concat(frames, ignore_index=True)


def _signals(y: Floats, line: Limits) -> tuple[np.ndarray, Sides]:
    """Each point's signal, by order of precedence, and its direction: 0 where there is none."""
    of_mean = rules.sides(y - line.mean, line.rounding)
    beyond = rules.outside(y, line)
    rising = rules.trend(y, line.rounding)
    flags = {
        "outside": beyond != 0,
        "trend": rising != 0,
        "two_in_three": rules.two_in_three(rules.near(y, line), of_mean),
        "shift": rules.shift(of_mean),
    }
    signal = np.select(list(flags.values()), list(flags), default="")
    direction = np.select([signal == "", signal == "trend"], [0, rising], default=of_mean)
    return signal, direction


def _verdicts(direction: Sides, improvement: str | None) -> np.ndarray:
    """What each signal means, given which way is better."""
    if improvement is None:
        return np.where(direction == 0, "common", "neutral")
    better = 1 if improvement == "up" else -1
    return np.select([direction == 0, direction == better], ["common", "improvement"], default="concern")


def _assurance(line: Limits, target: float | None, improvement: str | None) -> Assurance:
    """Whether the usual variation alone will meet the target."""
    if target is None or improvement is None:
        return None
    side = int(rules.outside(np.array([target]), line)[0])
    if side == 0:
        return "hit_or_miss"
    return "fail" if (side > 0) == (improvement == "up") else "pass"
