"""
Did something change, or is this the usual variation?

`xmr` gives the NHS's own chart (individual values and moving ranges, "plot the dots"):
a mean, two process limits, and four rules that mark unusual points. `run_chart` asks
less of the data: only a median, and whether the points cross it as often as chance would.
Shares, rates, counts, gaps between rare events and subgroups have charts of their own.

Each control chart carries `cautions`: what to know before it is relied on, such as too
few points or a month that is missing (`spc_cautions`). For many measures in one table see
`spc_board.board`.

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
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from flowlib.measure import spc_rules as rules
from flowlib.measure import spc_words as words
from flowlib.measure.spc_chart import TRIAL_BELOW, ControlChart, asked, drawn
from flowlib.measure.spc_counts import c_chart, p_chart, p_prime_chart, u_chart, u_prime_chart
from flowlib.measure.spc_presets import deviations_table, presets_table
from flowlib.measure.spc_rare import g_chart, t_chart
from flowlib.measure.spc_runs import chance_limits, longest_and_crossings
from flowlib.measure.spc_series import read_series
from flowlib.measure.spc_subgroups import xbar_s_chart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


__all__ = [
    "PRESETS",
    "TRIAL_BELOW",
    "ControlChart",
    "RunChart",
    "c_chart",
    "deviations_table",
    "g_chart",
    "p_chart",
    "p_prime_chart",
    "presets_table",
    "run_chart",
    "t_chart",
    "u_chart",
    "u_prime_chart",
    "xbar_s_chart",
    "xmr",
]

# The two ways of the NHS, and whether each screens large moving ranges out before it sets limits.
# `spc_presets.RULES` has these and others whole.
PRESETS = {"mdc": False, "nhsr": True}


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
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    screen: bool | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> ControlChart:
    """
    Individuals chart (XmR) with the NHS rules for special causes.

    *values* are at least 2 numbers; a missing one is refused, with its position. With
    *dates* (one a value, none twice) the points are put in date order. *rebase* is one
    position or date, or several: each starts a new segment, at the first point on or
    after it. *baseline* fixes each segment's limits from its first so many points, 12
    or more. *preset* is "mdc" (Making Data Count: no screening), "nhsr" (NHSRplotthedots:
    large moving ranges screened out) or another of `spc_presets.presets_table`; *screen*
    overrides its screening.

    *target* is a number, or a mapping (or pandas Series) of a date or position to the
    number that holds from there on. *ghost* is one position or date of a point, or
    several: they stay on the chart and count for nothing. *notes* maps a date or position
    to a few words. A date or position outside the chart is refused.

    The example that NHSRplotthedots prints, unscreened and screened:

    >>> waits = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    >>> round(xmr(waits).upl, 2), round(xmr(waits, preset="nhsr").upl, 2)
    (6.95, 4.6)
    """
    options = asked(improvement, target, baseline, preset, screen, notes)
    series = read_series(values, dates, rebase, ghost)
    lines = [
        rules.limits(series.y[series.base(part, options.baseline)], screen=options.screen, limit=options.preset.limit)
        for part in series.segments
    ]
    return drawn(series, lines, options)


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
