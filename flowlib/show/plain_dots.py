"""
How does a measure over time look before anybody judges it? Dots in order, without limits.

For a question to a room: how many of these points are news?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.checks import need
from flowlib.show import spc_plot as plot
from flowlib.show import theme
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["plain_dots"]

WIDTH, HEIGHT = 560, 230  # pixels


def plain_dots(
    values: Sequence[float], dates: Sequence[object], *, what: str, finding: str, each: str = "week"
) -> Picture:
    """
    The *values*, all above 0, at their dates, joined in order; *what* names them with their unit.

    *each* is the time that one dot stands for.

    >>> weeks = pd.date_range("2025-01-06", periods=3, freq="W-MON")
    >>> plain_dots([80, 86, 71], weeks, what="mean wait, hours", finding="Three weeks").description
    'Three weeks. The lowest of 3 is 71, and the highest 86.'
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    told = f"Each value needs its date; {len(values)} values and {len(dates)} dates came."
    need(len(values) == len(dates), told)
    points = pd.DataFrame({"x": pd.to_datetime(pd.Series(list(dates))), "y": list(values), "ghost": False})
    on = plot.paper(points, [0.0, *values], what, width=WIDTH, height=HEIGHT)
    dots = on.chart.mark_point(filled=True, size=90, color=theme.BLUE, opacity=1).encode(y="y:Q")
    drawn = alt.layer(*plot.series(on), dots).properties(width=WIDTH, height=HEIGHT)
    spread = f"The lowest of {len(points)} is {points['y'].min():.0f}, and the highest {points['y'].max():.0f}."
    table = pd.DataFrame({"from": [f"{day.day} {day:%B %Y}" for day in points["x"]], what: list(values)})
    chart = theme.titled(drawn, finding, unit=f"Each dot is one {each}")
    return Picture(chart, f"{finding.rstrip('.')}. {spread}", table)
