"""
How do the red beads look? Each ward's count of each day, between the limits of usual variation.

Most and fewest of a day have shapes of their own beside their colours, and each sign has
its ward's letter. No sums are done here. A picture is about 540 pixels wide.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.show import theme
from flowlib.show.picture import Picture
from flowlib.show.redrawn import Redrawn

if TYPE_CHECKING:
    from flowlib.diagnose.games.beads import BeadGame

__all__ = ["bead_chart"]

WIDTH, HEIGHT = 430, 270  # pixels of the plot
SMALL = 13
MOST, FEWEST, BETWEEN = "Most of the day", "Fewest of the day", "Between"
CROWDED = 30  # draws; with more, only most and fewest are named
LEAST_SHOWN = 24  # reds on the scale, at least
LEGEND = 36  # pixels from the plot to the key, past the axis title


def bead_chart(made: BeadGame, *, red: str, a_draw: str, days: int = 1, name: str = "The game") -> Picture:
    """
    Each ward's *red* of each day between the limits of usual variation, with room for so many *days*.

    *a_draw* says what one draw is, and *name* is the game's own, such as "Game 3".

    >>> from flowlib.diagnose.games import beads
    >>> bead_chart(beads.played([[10, 8], [9, 11]]), red="late letters", a_draw="50 letters").table.shape
    (4, 7)
    """
    table = made.table()
    finding = _finding(made, red)
    by_day = table.groupby("day")["red"]
    most, fewest = table["red"] == by_day.transform("max"), table["red"] == by_day.transform("min")
    look = np.select([most, fewest], [MOST, FEWEST], BETWEEN)
    names = np.where((look != BETWEEN) | (len(table) <= CROWDED), table["ward"], "")
    ends = [made.upper, made.mean, made.lower]
    words = [f"limit {made.upper:.1f}", f"mean {made.mean:.1f}", f"limit {made.lower:.1f}"]
    wards, days = len(made.wards), max(days, len(made.counts))
    tables = {
        "draws": table[["red"]].assign(place=np.arange(len(table)) + 0.5, look=look, ward=names),
        "lines": pd.DataFrame({"red": ends, "words": words, "kind": ["limit", "mean", "limit"]}),
        "days": pd.DataFrame({"place": [wards * day for day in range(1, days)]}),
    }
    high = 5 * math.ceil((max(LEAST_SHOWN, table["red"].max(), made.upper) + 1) / 5)
    unit = f"{name}. A to {made.wards[-1]} are wards. Dashed lines are the limits of usual variation"
    chart = _beads(wards, days, high, f"{red} of {a_draw}").filled(tables, finding=finding, unit=unit)
    kept = table.rename(columns={"red": red, "within": "within the limits"})
    return Picture(chart, f"{finding} {name}. {made.sentence(red)}", kept)


def _finding(made: BeadGame, red: str) -> str:
    """What a draw outside the limits says, else who is best and who is worst; a class is to find why itself."""
    if made.outside:
        return (
            f"{made.outside} of {made.counts.size} draws {'lies' if made.outside == 1 else 'lie'} outside the limits."
        )
    fewest, most = made.ends()
    if fewest == most:
        return f"All wards have as many {red}."
    return f"{_wards(fewest)} the fewest {red}, and {_wards(most).replace('Ward', 'ward')} the most."


def _wards(letters: tuple[str, ...]) -> str:
    *others, last = letters
    return f"Wards {', '.join(others)} and {last} have" if others else f"Ward {last} has"


@functools.cache
def _beads(wards: int, days: int, high: int, title: str) -> Redrawn:
    """The chart with its scales, for so many wards and days."""

    def make(alt: Any) -> Any:  # noqa: ANN401 - Altair, which takes seconds to load
        middles = [wards * (day + 0.5) for day in range(days)]
        named = f"'day ' + (floor(datum.value / {wards}) + 1)"
        axis = alt.Axis(values=middles, labelExpr=named, ticks=False, title=None)
        x = alt.X("place:Q", axis=axis, scale=alt.Scale(domain=[0, wards * days], nice=False))
        y = alt.Y("red:Q", title=title, scale=alt.Scale(domain=[0, high], nice=False))
        chart = alt.layer(*_lines(alt, x, y), *_signs(alt, x, y))
        return chart.properties(width=WIDTH, height=HEIGHT)

    return Redrawn(make)


def _lines(alt: Any, x: Any, y: Any) -> list[Any]:  # noqa: ANN401 - Altair's own
    """The mean and both limits with their names, and a line between days."""
    dashes = alt.Scale(domain=["limit", "mean"], range=[[6, 4], [1, 0]])
    days, lines = alt.Chart(alt.Data(name="days")), alt.Chart(alt.Data(name="lines"))
    drawn = lines.mark_rule(color=theme.INK, strokeWidth=1.25)
    return [
        days.mark_rule(color=theme.PALE, strokeWidth=1.5).encode(x=x),
        drawn.encode(y=y, strokeDash=alt.StrokeDash("kind:N", scale=dashes, legend=None)),
        lines.mark_text(align="left", dx=6, fontSize=SMALL).encode(x=alt.value(WIDTH), y=y, text="words:N"),
    ]


def _signs(alt: Any, x: Any, y: Any) -> list[Any]:  # noqa: ANN401 - as above
    """A sign for each draw, the ward's letter above it."""
    legend = alt.Legend(title=None, orient="top", columns=3, offset=LEGEND)
    base = alt.Chart(alt.Data(name="draws")).encode(x=x, y=y)

    def scale(values: list[str]) -> dict[str, Any]:
        return {"scale": alt.Scale(domain=[MOST, FEWEST, BETWEEN], range=values), "legend": legend}

    signs = base.mark_point(filled=True, size=95, opacity=1, strokeWidth=1.25).encode(
        fill=alt.Fill("look:N", **scale([theme.ORANGE, theme.BLUE, theme.GREY])),
        stroke=alt.Stroke("look:N", **scale([theme.INK, theme.BLUE, theme.GREY])),
        shape=alt.Shape("look:N", **scale(["triangle-up", "triangle-down", "circle"])),
    )
    return [signs, base.mark_text(dy=-14, fontSize=SMALL).encode(text="ward:N")]
