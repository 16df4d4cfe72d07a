"""
How did this measure move of late, in a space no larger than a few words?

A small control chart as plain SVG, without an axis: a band for the limits of usual
variation, the mean, the points in order, a target that is near, and a mark of its own shape
on each unusual point. Where a date is missing the line has a gap. It is drawn by hand,
because a table has a hundred of them. The sums are those of the chart.
"""

from __future__ import annotations

import html
import itertools
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.checks import need, whole
from flowlib.measure.spc_gaps import skipped
from flowlib.show import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from flowlib.measure.spc import ControlChart

    Places = Sequence[float]

__all__ = ["sparkline"]

LAST = 36  # points
EDGE = 4.0  # pixels: a mark on the outermost point stays inside
NEAR = 0.25  # a target further off than this share of the scale is left to its column
BAND = "#e3e9ed"
# Each mark is drawn around 0, 0 as wide as a mark may be where 36 points stand 4 pixels apart.
SHAPES = {
    "common": '<circle r="2.4"/>',
    "improvement": '<path d="M0-3.6 3.4 2.5H-3.4z"/>',
    "concern": '<path d="M0 3.6 3.4-2.5H-3.4z"/>',
    "neutral": '<path d="M0-3.7 3.7 0 0 3.7-3.7 0z"/>',
}


def sparkline(chart: ControlChart, *, last: int = LAST, width: float = 170, height: float = 44) -> str:
    """
    The *last* points of *chart*, 2 or more, as an SVG picture of *width* by *height* pixels.

    >>> from flowlib.measure.spc import xmr
    >>> small = sparkline(xmr([3, 4, 3, 5, 4, 3, 4, 12], improvement="down"), width=320)
    >>> small.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 44"'), small.count("<g ")
    (True, 1)
    """
    count = whole("The number of points of a sparkline", last, 2)
    need(width > 4 * EDGE and height > 4 * EDGE, f"A sparkline needs more room than {width} by {height} pixels.")
    points = chart.points.iloc[-count:]
    columns = points[["y", "mean", "lpl", "upl", "target"]].to_numpy(dtype=float).T
    left_out = _left_out(chart)[-count:]
    x = _across(left_out, width)
    low, high = _span(columns)
    steps = (height - 2 * EDGE) / (high - low)
    y, mean, lower, upper, target = height - EDGE - (columns - low) * steps
    parts = [
        *(_band(part, x, lower, upper, mean) for part in _stretches(points["segment"].to_numpy())),
        _target(x, np.where((target >= 0) & (target <= height), target, np.nan)),
        *_line(x, y, ~points["ghost"].to_numpy(dtype=bool), left_out),
        *_marks(points, x, y),
    ]
    said = html.escape(_told(points, int(left_out[1:].sum())))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' height="{height:g}" role="img" aria-label="{said}">{"".join(parts)}</svg>'
    )


def _left_out(chart: ControlChart) -> np.ndarray:
    """How many dates are missing just before each point; a very long break is drawn no longer than the whole series."""
    return np.minimum(skipped(chart.points.set_index("x").index), len(chart.points))


def _across(left_out: np.ndarray, width: float) -> np.ndarray:
    """Where each point stands across the picture, with room for the dates that are missing."""
    places = np.append(0, np.cumsum(1 + left_out[1:]))
    x: np.ndarray = EDGE + (width - 2 * EDGE) * places / max(places[-1], 1)
    return x


def _line(x: np.ndarray, y: np.ndarray, counts: np.ndarray, left_out: np.ndarray) -> list[str]:
    """The points that count, joined except where a date between them is missing."""
    at = np.flatnonzero(counts)
    breaks = np.cumsum(left_out)[at]
    parts = [at[part] for part in _stretches(breaks)] if len(at) else []
    drawn = [part if len(part) > 1 else part.repeat(2) for part in parts]  # a lone point is a dot
    return [_path([(x[one], y[one]) for one in part], theme.GREY, 1.2) for part in drawn]


def _span(columns: np.ndarray) -> tuple[float, float]:
    """The scale: values and limits, and a target that is not so far off that it would flatten them."""
    low, high = float(columns[:-1].min()), float(columns[:-1].max())
    if low == high:  # nothing varies: the line stands half way up
        return low - abs(low) / 2 - 1, high + abs(high) / 2 + 1
    far = NEAR * (high - low)
    near = columns[-1][(columns[-1] >= low - far) & (columns[-1] <= high + far)]
    return min([low, *near]), max([high, *near])


def _stretches(marks: np.ndarray) -> list[slice]:
    """Where each stretch of equal *marks* lies."""
    cuts = [0, *(np.flatnonzero(marks[1:] != marks[:-1]) + 1), len(marks)]
    return [slice(start, end) for start, end in itertools.pairwise(cuts)]


def _band(part: slice, x: np.ndarray, lower: np.ndarray, upper: np.ndarray, mean: np.ndarray) -> str:
    """The limits of one segment as a filled band with edges, and its mean."""
    above, below = _steps(x, upper, part), _steps(x, lower, part)
    around = " ".join(f"{a:.1f},{b:.1f}" for a, b in [*above, *reversed(below)])
    edges = (_path(edge, theme.GREY, 0.6, "2 2") for edge in (above, below))
    return f'<polygon points="{around}" fill="{BAND}"/>{"".join(edges)}{_path(_steps(x, mean, part), theme.INK, 0.9)}'


def _steps(x: np.ndarray, line: np.ndarray, part: slice) -> list[tuple[float, float]]:
    """A line that stays level around each point and steps half way to the next."""
    mine = x[part]
    edges = np.concatenate([mine[:1], (mine[1:] + mine[:-1]) / 2, mine[-1:]])
    way: list[tuple[float, float]] = []
    for stretch in _stretches(line[part]):
        level = line[part.start + stretch.start]
        way += [(edges[stretch.start], level), (edges[stretch.stop], level)]
    return way


def _target(x: np.ndarray, target: np.ndarray) -> str:
    """The target, where there is one."""
    parts = (part for part in _stretches(np.isfinite(target)) if np.isfinite(target[part.start]))
    return "".join(_path(_steps(x, target, part), theme.RED, 1.2, "5 2 1 2") for part in parts)


def _path(way: Sequence[tuple[float, float]], colour: str, thick: float, dashes: str = "") -> str:
    """One line through the places of *way*."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    through = " ".join(f"{a:.1f},{b:.1f}" for a, b in way)
    look = f'fill="none" stroke="{colour}" stroke-width="{thick}"{dashed} stroke-linecap="round"'
    return f'<polyline points="{through}" {look}/>'


def _marks(points: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> list[str]:
    """A mark on each unusual point, each ghosted one, and the latest."""
    found = []
    final = len(points) - 1
    for at, (verdict, ghost) in enumerate(zip(points["verdict"], points["ghost"], strict=True)):
        if verdict == "common" and not ghost and at != final:
            continue
        look = theme.VERDICTS[str(verdict)]
        fill, edge = ("#ffffff", theme.GREY) if ghost else (look.colour, look.outline)
        found.append(
            f'<g transform="translate({x[at]:.1f} {y[at]:.1f})" fill="{fill}" stroke="{edge}" stroke-width="0.9">'
            f"{SHAPES[str(verdict)]}</g>"
        )
    return found


def _told(points: pd.DataFrame, left_out: int) -> str:
    """How many points there are, how many are missing between them, and what the unusual ones show."""
    counted = zip(points["verdict"], points["ghost"], strict=True)
    kinds = Counter(str(verdict) for verdict, ghost in counted if not ghost)
    words = {
        "improvement": "better than chance explains",
        "concern": "worse than chance explains",
        "neutral": "unusual",
    }
    told = [f"{kinds[kind]} {said}" for kind, said in words.items() if kind in kinds]
    without = f", with {left_out} missing between them" if left_out else ""
    return f"The last {len(points)} points{without}: {', '.join(told) or 'none unusual'}."
