"""
Where do the words of a chart go, so that none lies on another?

Places on paper alone: pixels, how far labels stand apart, how dates are written. Nothing
here looks at what the numbers mean.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core.checks import shown
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "across",
    "apart",
    "date_format",
    "date_ticks",
    "levels",
    "number",
    "paragraph",
    "place_text",
    "span",
    "years",
]

EDGE = 8  # pixels between the outermost mark and the edge of the plot
LONG, SHORT = 200, 4  # days of a chart: from the first on months are named, below the second hours
MONTH = 30.5  # days
MOST_TICKS = 6.5  # dates, written out, that fit below a chart
TOTAL = 630.0  # pixels of a chart with all its labels
AXIS, TICK = 18.0, 8.0  # pixels beside the numbers of the axis, and for each letter of them
LETTER = 7.0  # pixels for a letter of a label
FIGURES = 3  # of the length of the scale
LINE = 88  # letters to a line of small type below a chart


def number(value: float, scale: float) -> str:
    """
    A number as a label has it, as fine as can be seen on a scale so long; commas over 999.

    >>> number(12.3456, 20), number(1234.5, 2000), number(0.0731, 0.2)
    ('12.3', '1,234', '0.073')
    """
    return shown(round(float(value), max(FIGURES - 1 - math.floor(math.log10(scale)), 0)))


def span(values: Iterable[float], height: float, *, headroom: float = 0.0) -> tuple[float, float]:
    """
    The lowest and highest of a scale *height* pixels high that holds *values*, with room above them.

    What is never below 0 gets a scale that is not below 0 either.

    >>> [round(end, 6) for end in span([20, 40], 236, headroom=20)]
    [19.2, 42.8]
    """
    known = [float(value) for value in values if np.isfinite(value)]
    low, high = min(known), max(known)
    if high == low:
        low, high = low - max(abs(low), 1.0) / 10, high + max(abs(high), 1.0) / 10
    pixel = (high - low) / (height - headroom - 2 * EDGE)
    bottom = low - EDGE * pixel
    return (0.0 if min(known) >= 0 > bottom else bottom), high + (EDGE + headroom) * pixel


def plot_width(values: Iterable[float], words: Iterable[str]) -> float:
    """
    How wide a plot may be, so that the chart with its axis and with *words* at its right is no wider than a page.

    >>> plot_width([12, 30], ["upper limit 31.4"]), plot_width([120_000, 300_000], ["upper limit 313,456"])
    (484.0, 423.0)
    """
    known = [float(value) for value in values if np.isfinite(value)]
    ticks = max(len(number(value, max(known) - min(known) or 1.0)) for value in (min(known), max(known)))
    return TOTAL - AXIS - TICK * min(ticks, 10) - LETTER * max(len(word) for word in words)


def apart(places: Sequence[float], least: float, *, top: float, bottom: float) -> list[float]:
    """
    The same *places* down the page, moved as little as keeps each *least* from the next.

    They stay between *top* and *bottom* where there is room.

    >>> apart([10, 12, 90], 16, top=0, bottom=100)
    [3.0, 19.0, 90.0]
    """

    def settled(members: list[int]) -> tuple[float, list[int]]:
        """A bunch about the middle of its places, moved inside the edges."""
        bunch = sum(float(places[one]) for one in members) / len(members), members
        first, last = _ends(bunch, least)
        return bunch[0] + (max(top - first, 0.0) or min(bottom - last, 0.0)), members

    groups: list[tuple[float, list[int]]] = []  # the middle of each bunch, and what is in it
    for at in sorted(range(len(places)), key=lambda at: places[at]):
        groups.append(settled([at]))
        while len(groups) > 1 and _ends(groups[-2], least)[1] + least > _ends(groups[-1], least)[0]:
            later, earlier = groups.pop(), groups.pop()
            groups.append(settled(earlier[1] + later[1]))
    found = {one: _ends(group, least)[0] + least * i for group in groups for i, one in enumerate(group[1])}
    return [found[at] for at in range(len(places))]


def _ends(group: tuple[float, list[int]], least: float) -> tuple[float, float]:
    """Where the first and the last of a bunch stand."""
    half = least * (len(group[1]) - 1) / 2
    return group[0] - half, group[0] + half


def levels(places: Sequence[float], least: float) -> list[int]:
    """
    A row for each of *places*, in order, so that neighbours in one row are *least* apart.

    >>> levels([0, 10, 30, 34], 20)
    [0, 1, 0, 1]
    """
    ends: list[float] = []
    found = []
    for place in places:
        row = next((row for row, end in enumerate(ends) if place - end >= least), len(ends))
        ends[row:] = [place, *ends[row + 1 :]]
        found.append(row)
    return found


def across(when: pd.Series, places: Iterable[Any], width: float) -> list[float]:
    """How far along a chart *width* pixels wide each of *places* stands, among the points at *when*."""
    first = when.iloc[0]
    unit = pd.Timedelta(1, "s") if isinstance(first, pd.Timestamp) else 1
    asked = [float((place - first) / unit) for place in places]
    low, high = min([0.0, *asked]), max([float((when.iloc[-1] - first) / unit), *asked])
    return [EDGE + (width - 2 * EDGE) * (place - low) / ((high - low) or 1.0) for place in asked]


def date_format(when: pd.Series) -> str:
    """How the dates of a chart are written below it, in d3's signs."""
    days = (when.max() - when.min()).days
    if days >= LONG:
        return "%b %Y"
    return "%-d %b" if days >= SHORT else "%-d %b, %H:%M"


def date_ticks(when: pd.Series) -> int | dict[str, Any]:
    """How often a date is written below the chart: about six times, at the start of a month on a long one."""
    days = (when.max() - when.min()).days
    if days < LONG:
        return 6
    for months in (1, 2, 3, 6):
        if days <= MONTH * months * MOST_TICKS:
            return {"interval": "month", "step": months}
    return {"interval": "year", "step": math.ceil(days / (12 * MONTH * MOST_TICKS))}


def years(when: pd.Series) -> str:
    """The year or years that a chart covers, where its dates do not say them."""
    if "%Y" in date_format(when):
        return ""
    first, last = when.min().year, when.max().year
    return f"{first}" if first == last else f"{first} to {last}"


def place_text(x: Any) -> str:  # noqa: ANN401 - a position, or a moment
    """
    A place along the chart in words.

    >>> place_text(pd.Timestamp("2025-03-03")), place_text(7)
    ('3 March 2025', 'point 7')
    """
    return day(x) if isinstance(x, pd.Timestamp) else f"point {x}"


def paragraph(words: str) -> list[str]:
    """*words* in lines of small type."""
    return textwrap.wrap(words, LINE)


def clear_side(off: Sequence[float], room: float) -> int:
    """
    Where words fit beside a line: 1 above it, or -1 below it where more points are above.

    *off* is how many pixels each point nearby lies above the line; words take *room* pixels.

    >>> clear_side([5, 9, -30], 20), clear_side([-4], 20)
    (-1, 1)
    """
    above, below = (sum(0 <= side * each <= room for each in off) for side in (1, -1))
    return 1 if above <= below else -1
