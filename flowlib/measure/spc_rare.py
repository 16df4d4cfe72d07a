"""
Is it getting rarer? Charts for things that seldom happen.

A monthly count of nearly all zeros shows nothing. What lies *between* two events does:
the time (`t_chart`) or the number of cases without one (`g_chart`). A longer gap is then
better where the event is bad, so ask for `improvement="up"`.

Gaps are lopsided: most are short, a few very long. The t chart therefore takes each time
to the power 1 / 3.6, which makes it nearly even, draws the lines there and turns them
back; its middle line is a typical time, not a mean. The g chart draws its limits from
the mean of a geometric distribution, and counts runs around the median. Neither draws a
limit below 0.

Sources: Nelson (1994), A control chart for parts-per-million nonconforming items, Journal
of Quality Technology 26(3), 239-240; Benneyan (2001), Number-between g-type statistical
quality control charts, Health Care Management Science 4(4), 305-318; qicharts2,
R/helper.functions.R (`qic.t`, `qic.g`), whose lines these are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from flowlib.core.checks import Refusal, shown
from flowlib.measure import spc_rules as rules
from flowlib.measure.spc_cautions import RARE
from flowlib.measure.spc_chart import ControlChart, asked, drawn
from flowlib.measure.spc_counts import whole_counts
from flowlib.measure.spc_marks import not_negative
from flowlib.measure.spc_numbers import several
from flowlib.measure.spc_series import read_series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flowlib.measure.spc_rules import Floats

__all__ = ["g_chart", "t_chart"]

# An exponential time to this power is nearly normal; Nelson (1994).
POWER = 1 / 3.6


def t_chart(
    times: Iterable[object],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> ControlChart:
    """
    Chart of times between events, each above 0, in any one unit.

    The other parameters are as for `spc.xmr`, and so are the rules.

    >>> chart = t_chart([16, 20, 5, 13, 1, 26, 46, 12, 12, 5])
    >>> round(chart.mean, 1), round(chart.lpl, 1), round(chart.upl, 1)
    (12.1, 0.0, 106.6)
    """
    options = asked(improvement, target, baseline, preset, notes=notes)
    came = several(times, "A chart needs several times, one a point")
    for row, value in enumerate(read_series(came, None).y):
        if value <= 0:
            raise Refusal(
                f"The time at position {row} (counting from 0) must be above 0; {shown(value)} came."
                " Give finer times, or use g_chart with the cases between."
            )
    found = read_series(came, dates, rebase, ghost)
    series = replace(found, y=found.y**POWER)
    lines = [
        rules.limits(series.y[series.base(part, options.baseline)], screen=options.screen, limit=3 / rules.D2_PAIRS)
        for part in series.segments
    ]
    return drawn(series, lines, options, centre="typical value", shown=_as_times, asking=RARE, target=not_negative)


def g_chart(
    cases: Iterable[object],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> ControlChart:
    """
    Chart of the number of cases between events: whole numbers, 0 or more.

    >>> chart = g_chart([23, 39, 15, 34, 1, 49, 98, 29, 27, 13])
    >>> chart.mean, chart.lpl, round(chart.upl, 1)  # the middle line is the median
    (28.0, 0.0, 132.7)
    """
    options = asked(improvement, target, baseline, preset, notes=notes)
    came = several(cases, "A chart needs several numbers of cases, one a point")
    whole_counts(came)
    series = read_series(came, dates, rebase, ghost)
    lines = [_geometric(series.y[series.base(part, options.baseline)], series.y[part]) for part in series.segments]
    return drawn(series, lines, options, centre="median", asking=RARE, target=not_negative, screens=False)


def _geometric(cases: Floats, points: Floats) -> rules.PointLimits:
    """Median, and limits three standard deviations of a geometric distribution around the mean, of *cases*."""
    mean = float(cases.mean())
    sigma = np.full(points.size, np.sqrt(mean * (mean + 1)))
    return rules.PointLimits(float(np.median(cases)), sigma, rules.ROUNDING * float(points.max()), around=mean)


def _as_times(values: Floats) -> Floats:
    """Values back to times; what would be below 0 is 0."""
    return np.maximum(values, 0.0) ** (1 / POWER)
