"""
We tried it. Did it work?

Two points prove nothing: the two months either side of any date differ. A chart with
limits from before the change tells usual variation from a signal, and says in which
week the signal came. Only points from the change on are asked: a run of low weeks that
began before it is not its doing.

Four rules are asked of every point after the change, so chance alone often gives a
signal, and the more often the longer one looks. How often is dealt for the numbers of
points at hand (`by_chance`) and told beside the signal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from flowlib.change.effect import before_after_words as words
from flowlib.change.effect.estimate import need_usual_size
from flowlib.change.effect.interrupted_model import moment_of
from flowlib.core import checks
from flowlib.measure import spc_rules as rules
from flowlib.measure.spc import PRESETS, ControlChart, xmr
from flowlib.measure.spc_many import lines_many, signals_many
from flowlib.measure.spc_series import read_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.measure.spc_rules import Floats, Limits, Sides

__all__ = ["BeforeAfter", "before_after"]

FEWEST_BEFORE = 12  # points, for limits that can be trusted
CHARTS = 10_000  # of chance alone, dealt for the share that is marked: its standard error is 0.5 in 100 at most
MOST_DEALT = 300  # points on either side: with more after the change, nearly every chart is marked


@dataclass(frozen=True)
class BeforeAfter:
    """A measure before and after a dated change."""

    chart: ControlChart  # limits drawn afresh at the change
    held: ControlChart  # limits from before the change, kept
    change: Any  # the date of the change
    before: float  # mean
    after: float  # mean
    signal_at: Any  # the first point after the change that the old limits cannot explain; None where there is none
    improved: bool | None  # what that first point shows; None: no signal, or no direction of improvement
    both_ways: bool = False  # later points show the contrary too
    higher: bool | None = None  # whether that first point goes up; None: no signal
    improvement: Literal["up", "down"] | None = None
    by_chance: float = np.nan  # share (0 to 1) of charts like this, with nothing changed, that have a signal

    def sentence(self, unit: str = "") -> str:
        """What the points show, in plain words, how often chance does that, and what it does not prove."""
        return words.before_after(self, unit)


def before_after(
    values: Sequence[float],
    dates: Sequence[Any],
    change: Any,  # noqa: ANN401 - a date, or text such as "2025-05-05"
    *,
    improvement: Literal["up", "down"] | None = None,
    preset: Literal["mdc", "nhsr"] = "mdc",
) -> BeforeAfter:
    """
    The measure before and after *change*, by the same rules (XmR, Making Data Count).

    *dates* and *change* are dates, or text year first ("2025-05-05"), in any order.
    *improvement* says which way is good; without it nothing is called better or worse.
    Needs at least 12 points before the change and 2 from it on. The first chart draws
    its limits afresh at the change; the second keeps those from before. `signal_at` is
    the first point, from the change on, that those limits cannot explain.

    `by_chance` is how often chance alone gives such a point: on about 18 charts in 100 with
    24 points before and 12 after, and more often the longer one looks. It is dealt for normal
    points that do not depend on each other; where neighbours are alike it is more.

    >>> import pandas as pd
    >>> weeks = pd.date_range("2025-01-06", periods=24, freq="7D")
    >>> made = before_after([9, 11] * 6 + [5, 6] * 6, weeks, weeks[12], improvement="down")
    >>> made.improved, f"{made.signal_at:%Y-%m-%d}"
    (True, '2025-03-31')
    """
    if improvement is not None:
        checks.choice("direction of improvement", improvement, ["up", "down"])
    checks.choice("preset", preset, PRESETS)
    checks.need(dates is not None, "Each value needs its date, so that it falls before or after the change; none came.")
    series = read_series(values, dates)
    need_usual_size(series.y)
    moment = moment_of(change, "The change")
    before = int((series.x < moment).sum())
    after = series.y.size - before
    checks.need(
        before >= FEWEST_BEFORE and after >= 2,  # noqa: PLR2004 - limits need two points
        f"There are {before} points before the change and {after} from it on; "
        f"at least {FEWEST_BEFORE} before and 2 after are needed.",
    )
    numbers = series.y
    fresh = xmr(numbers, series.x, improvement=improvement, rebase=[before], preset=preset)
    held = xmr(numbers, series.x, improvement=improvement, baseline=before, preset=preset)
    ways = _ways(numbers[before:], rules.limits(numbers[:before], screen=PRESETS[preset]))
    found = np.flatnonzero(ways)
    higher = bool(ways[found[0]] > 0) if found.size else None
    return BeforeAfter(
        chart=fresh,
        held=held,
        change=moment,
        before=float(numbers[:before].mean()),
        after=float(numbers[before:].mean()),
        signal_at=series.x[before + found[0]] if found.size else None,
        improved=None if higher is None or improvement is None else higher == (improvement == "up"),
        both_ways=np.unique(ways[found]).size > 1,
        higher=higher,
        improvement=improvement,
        by_chance=_by_chance(min(before, MOST_DEALT), min(after, MOST_DEALT), preset),
    )


@lru_cache(maxsize=128)
def _by_chance(before: int, after: int, preset: str) -> float:
    """Share of charts of chance alone, with so many points before and after, that have a signal after."""
    points = np.random.default_rng(before * MOST_DEALT + after).standard_normal((CHARTS, before + after))
    codes, _ = signals_many(points[:, before:], lines_many(points[:, :before], preset=preset))
    return float((codes != 0).any(axis=1).mean())


def _ways(later: Floats, line: Limits) -> Sides:
    """Which way each point is that the limits cannot explain (1 up, -1 down), by the rules of the charts; else 0."""
    of_mean = rules.sides(later - line.mean, line.rounding)
    beyond, rising = rules.outside(later, line), rules.trend(later, line.rounding)
    unusual = rules.two_in_three(rules.near(later, line), of_mean) | rules.shift(of_mean)
    return np.select([beyond != 0, rising != 0, unusual], [beyond, rising, of_mean], default=0)
