"""
Did the level change, or the spread? Charts of several measurements at each moment.

Ten waits a day, say, rather than one. `xbar_s_chart` draws two charts: the mean of each
subgroup, and its standard deviation. Read the second first: limits for the means only
hold while the spread is steady. A lone measurement has no spread and is refused.

With subgroups of one size n, the limits of the means are A3 times the mean standard
deviation away, and those of the spread are B3 and B4 times it. Where sizes differ, each
subgroup counts by its size, and limits follow the size.

In the sources x̄ is the mean of a subgroup, s its standard deviation, c4 the mean of s
in units of sigma, and d2 the mean range in units of sigma.

Source: Montgomery (2009), Introduction to Statistical Quality Control, 6th edition,
sections 6.3.1 and 6.3.2, equations 6.27 to 6.31.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr

from flowlib.core.checks import need, whole
from flowlib.measure import spc_rules as rules
from flowlib.measure.spc_cautions import COUNTED, RARE
from flowlib.measure.spc_chart import ControlChart, asked, drawn
from flowlib.measure.spc_numbers import read_numbers, several
from flowlib.measure.spc_series import each, read_series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flowlib.measure.spc_rules import Floats
    from flowlib.measure.spc_series import Places

__all__ = ["SubgroupCharts", "c4", "constants_table", "d2", "xbar_s_chart"]

SMALLEST = 2  # measurements in a subgroup: one alone has no spread
# For a smooth curve that dies out at both ends, a plain sum over an even grid is exact to rounding.
_STEP = 0.05
_GRID = np.arange(-240, 241) * _STEP


@dataclass(frozen=True, eq=False)
class SubgroupCharts:
    """Two charts of the same subgroups, in the unit of the measurements."""

    means: ControlChart
    spreads: ControlChart  # standard deviations


def xbar_s_chart(
    subgroups: Iterable[Iterable[object]],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> SubgroupCharts:
    """
    Charts of means and of standard deviations; each subgroup has 2 or more measurements.

    *improvement*, *target* and *notes* are those of the means. The rest is as for `spc.xmr`;
    a ghosted subgroup counts on neither chart.

    >>> charts = xbar_s_chart([[1, 3], [2, 4], [1, 5], [3, 5]])
    >>> charts.means.mean, round(charts.means.upl, 3), round(charts.spreads.upl, 3)
    (3.0, 7.7, 5.774)
    """
    options = asked(improvement, target, baseline, preset, notes=notes)
    spread_options = asked(None, None, baseline, preset)
    came = several(subgroups, "A chart needs several subgroups, one a point")
    groups = [_group(row, values) for row, values in enumerate(came)]
    when = None if dates is None else several(dates, "Dates are given as several, one a subgroup")
    ghosts = each(ghost)
    means = read_series([float(group.mean()) for group in groups], when, rebase, ghosts)
    spreads = read_series([float(group.std(ddof=1)) for group in groups], when, rebase, ghosts)
    sizes = read_series([group.size for group in groups], when).y
    lines = [_lines(means.y, spreads.y, sizes, part, means.base(part, options.baseline)) for part in means.segments]
    return SubgroupCharts(
        means=drawn(means, [pair[0] for pair in lines], options, asking=COUNTED, screens=False),
        spreads=drawn(spreads, [pair[1] for pair in lines], spread_options, asking=RARE, screens=False),
    )


def c4(size: int) -> float:
    """
    Mean standard deviation of *size* normal measurements, in units of sigma.

    >>> round(c4(5), 4)
    0.94
    """
    n = whole("The size of a subgroup", size, SMALLEST)
    return math.sqrt(2 / (n - 1)) * math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2))


def d2(size: int) -> float:
    """
    Mean range of *size* normal measurements, in units of sigma: Tippett's integral.

    >>> round(d2(2), 4)
    1.1284
    """
    n = whole("The size of a subgroup", size, SMALLEST)
    below = ndtr(_GRID)
    return float(_STEP * (1.0 - below**n - below[::-1] ** n).sum())


def constants_table(largest: int = 25) -> pd.DataFrame:
    """
    The constants of subgroup charts for sizes from 2 to *largest*, from their definitions.

    >>> constants_table(5).loc[5].round(3).tolist()
    [1.427, 0.94, 0.0, 2.089, 2.326]
    """
    sizes = range(SMALLEST, whole("The largest size", largest, SMALLEST) + 1)
    rows = [(3 / (c4(n) * math.sqrt(n)), c4(n), max(0.0, 1 - 3 * _c5(n)), 1 + 3 * _c5(n), d2(n)) for n in sizes]
    return pd.DataFrame(rows, columns=["A3", "c4", "B3", "B4", "d2"], index=pd.Index(sizes, name="size"))


def _c5(size: int) -> float:
    """Standard deviation of s, in units of its mean."""
    return math.sqrt(1 - c4(size) ** 2) / c4(size)


def _group(row: int, values: object) -> Floats:
    """One subgroup as numbers."""
    came = several(values, f"The subgroup at position {row} (counting from 0) is several measurements")
    need(
        len(came) >= SMALLEST,
        f"The subgroup at position {row} (counting from 0) needs at least 2 measurements; {len(came)} came."
        " Add some, or use xmr for single values.",
    )
    return read_numbers(came, f" of subgroup {row}")


def _lines(
    means: Floats, spreads: Floats, sizes: Floats, part: slice, base: Places
) -> tuple[rules.PointLimits, rules.PointLimits]:
    """Lines of the means and of the spreads of one segment, set by the points at *base*."""
    centre = float(np.average(means[base], weights=sizes[base]))
    spread = _spread(spreads[base], sizes[base])
    ns = [int(size) for size in sizes[part]]
    rounding = rules.ROUNDING * float(np.abs(means[part]).max())
    of_means = spread * np.array([1 / (c4(n) * math.sqrt(n)) for n in ns])
    of_spreads = spread * np.array([_c5(n) for n in ns])
    return (
        rules.PointLimits(centre, of_means, rounding, floor=-math.inf),
        rules.PointLimits(spread, of_spreads, rounding),
    )


def _spread(spreads: Floats, sizes: Floats) -> float:
    """The mean standard deviation; where sizes differ, pooled by size."""
    if (sizes == sizes[0]).all():
        return float(spreads.mean())
    return float(np.sqrt(np.average(spreads**2, weights=sizes - 1)))
