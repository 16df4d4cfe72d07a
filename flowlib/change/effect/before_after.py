"""
We tried it. Did it work?

Two points prove nothing: the two months either side of any date differ. A chart with
limits from before the change tells usual variation from a signal, and says in which
week the signal came. Only points from the change on are asked: a run of low weeks that
began before it is not its doing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.measure import spc_rules as rules
from flowlib.measure.spc import PRESETS, ControlChart, xmr
from flowlib.measure.spc_series import day, read_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.measure.spc_rules import Floats, Limits, Sides

__all__ = ["BeforeAfter", "before_after"]

FEWEST_BEFORE = 12  # points, for limits that can be trusted


@dataclass(frozen=True)
class BeforeAfter:
    """A measure before and after a dated change."""

    chart: ControlChart  # limits drawn afresh at the change
    held: ControlChart  # limits from before the change, kept
    change: Any  # the date of the change
    before: float  # mean
    after: float  # mean
    signal_at: Any  # the first point after the change that the old limits cannot explain; None where there is none
    improved: bool | None  # what that first point shows; None: no signal
    both_ways: bool = False  # later points show the contrary too

    def sentence(self, unit: str = "") -> str:
        """Whether it worked, in plain words, and what that does not prove."""
        of = f" {unit}" if unit else ""
        told = f"The average was {self.before:,.1f}{of} before the change and {self.after:,.1f}{of} after it."
        if self.signal_at is None:
            return f"{told} The points after it stay within the usual variation, so we cannot say that it worked."
        way = "an improvement" if self.improved else "a change for the worse"
        more = " Later points show the contrary too: keep looking." if self.both_ways else ""
        return (
            f"{told} From {day(self.signal_at)} the points show {way} that the usual variation cannot explain.{more} "
            "It came with the change; what else changed then?"
        )


def before_after(
    values: Sequence[float],
    dates: Sequence[Any],
    change: Any,  # noqa: ANN401 - a date, or text such as "2025-05-05"
    *,
    improvement: Literal["up", "down"] = "down",
    preset: Literal["mdc", "nhsr"] = "mdc",
) -> BeforeAfter:
    """
    The measure before and after *change*, by the same rules (XmR, Making Data Count).

    *dates* and *change* are dates, or text year first ("2025-05-05"), in any order.
    Needs at least 12 points before the change and 2 from it on. The first chart draws
    its limits afresh at the change; the second keeps those from before. `signal_at` is
    the first point, from the change on, that those limits cannot explain.

    Chance alone gives such a point on about 1 chart in 6 with 24 points before and 12
    after: four rules are asked of each.
    """
    checks.choice("direction of improvement", improvement, ["up", "down"])
    checks.choice("preset", preset, PRESETS)
    series = read_series(values, dates)
    moment = _moment(change)
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
    better = ways[found] == (1 if improvement == "up" else -1)
    signal_at = series.x[before + found[0]] if found.size else None
    improved = bool(better[0]) if found.size else None
    both_ways = bool(found.size and better.any() and not better.all())
    means = float(numbers[:before].mean()), float(numbers[before:].mean())
    return BeforeAfter(fresh, held, moment, *means, signal_at, improved, both_ways)


def _ways(later: Floats, line: Limits) -> Sides:
    """Which way each point is that the limits cannot explain (1 up, -1 down), by the rules of the charts; else 0."""
    of_mean = rules.sides(later - line.mean, line.rounding)
    beyond, rising = rules.outside(later, line), rules.trend(later, line.rounding)
    unusual = rules.two_in_three(rules.near(later, line), of_mean) | rules.shift(of_mean)
    return np.select([beyond != 0, rising != 0, unusual], [beyond, rising, of_mean], default=0)


def _moment(change: object) -> pd.Timestamp:
    """The date of the change, as the clock on the wall shows it."""
    try:
        moment = pd.to_datetime(change, format="ISO8601") if isinstance(change, str) else pd.Timestamp(change)
    except (ValueError, TypeError):
        moment = pd.NaT
    if not isinstance(moment, pd.Timestamp):
        raise checks.Refusal(f'The change needs a date such as "2025-05-05", year first; {checks.brief(change)} came.')
    return moment.tz_localize(None)
