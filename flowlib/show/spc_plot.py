"""
With which marks is a chart of usual and unusual variation drawn?

One mark to a function, each a layer of an Altair chart. `spc_charts` puts them together
and says in words what they show.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from flowlib.core.checks import brief, need, whole
from flowlib.measure.spc_series import wall_date
from flowlib.show import spc_layout as layout
from flowlib.show import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

__all__ = [
    "Line",
    "Paper",
    "change",
    "dots",
    "flags",
    "labels",
    "limits",
    "moment_of",
    "paper",
    "series",
    "targets",
    "under",
]

SMALL = 13  # pixels: labels at the right and words below
LABEL, FLAG, ROW = 17, 22, 18  # pixels from one label, flag or line of words to the next
BELOW, WITH_TITLE = 44, 24  # pixels from the plot to the words below it; more where the axis has a title
TITLE_LINE = 80  # letters to a line of the axis title
TITLE_ROW = 17  # pixels
CROWDED, FULL = 40, 80  # points, beyond which their marks are smaller
NAME = 66  # pixels: a target named on its line
KEY_LINE, SIGN = 78, 5  # letters to a line of the key, of which a sign takes so many
KEY = 40  # pixels from the plot to the key above it
TARGET = [8, 3, 2, 3]  # dashes


class Line(NamedTuple):
    """A line to be named at its right end."""

    value: float
    words: str
    colour: str = theme.INK


class Paper(NamedTuple):
    """What every layer stands on."""

    chart: alt.Chart  # its data are the points, its x their places
    low: float  # of the scale
    high: float
    width: float  # pixels
    height: float
    title: list[str]  # of the axis for values, in lines
    below: float  # pixels from the plot to what may be written under it

    def number(self, value: float) -> str:
        """A value as a label of this plot has it."""
        return layout.number(value, self.high - self.low)

    def at(self, pixel: float) -> float:
        """The value that stands so many pixels down the plot."""
        return self.high - pixel * (self.high - self.low) / self.height

    def down(self, value: float) -> float:
        """How many pixels down the plot a value stands."""
        return (self.high - value) / (self.high - self.low) * self.height


def paper(
    points: pd.DataFrame, values: Sequence[float], title: str, *, width: float, height: float, headroom: float = 0.0
) -> Paper:
    """A plot for *points* whose scale holds *values* under its *title*; where *x* is a date, so is its axis."""
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    low, high = layout.span(values, height, headroom=headroom)
    if pd.api.types.is_datetime64_any_dtype(points["x"]):
        name = layout.years(points["x"]) or None
        axis = alt.Axis(format=layout.date_format(points["x"]), tickCount=layout.date_ticks(points["x"]))
        x = alt.X("when:T", title=name, axis=axis, scale=alt.Scale(padding=layout.EDGE, nice=False))
    else:
        name = "point, counted from 0"
        axis = alt.Axis(tickMinStep=1, tickCount=8, format="d")
        x = alt.X("when:Q", title=name, axis=axis, scale=alt.Scale(padding=layout.EDGE, nice=False, zero=False))
    rows = points.assign(when=_when(points["x"])).drop(columns="x")
    below = BELOW + (WITH_TITLE if name else 0)
    lines = textwrap.wrap(title, TITLE_LINE)
    return Paper(alt.Chart(rows).encode(x=x), low, high, width, height, lines, below)


def _when(x: pd.Series | pd.Index[Any]) -> Any:  # noqa: ANN401 - an array of text, or of numbers
    """Places along the chart as the drawing library reads them: dates as the clock on the wall has them."""
    return x.dt.strftime("%Y-%m-%dT%H:%M:%S") if pd.api.types.is_datetime64_any_dtype(x) else x


def series(on: Paper) -> list[alt.Chart]:
    """The points that count, joined in order, and the axis under its title."""
    import altair as alt  # noqa: PLC0415 - as above

    axis = alt.Axis(titleY=-14 - TITLE_ROW * (len(on.title) - 1))
    scale = alt.Scale(domain=[on.low, on.high], nice=False, zero=False)
    y = alt.Y("y:Q", title=on.title, axis=axis, scale=scale)
    return [on.chart.transform_filter("!datum.ghost").mark_line(color=theme.GREY, strokeWidth=1.25).encode(y=y)]


def limits(on: Paper) -> list[alt.Chart]:
    """The line in the middle and the two limits, broken where they were drawn afresh."""
    line = on.chart.encode(detail="segment:N")
    dashed: dict[str, Any] = {"color": theme.INK, "strokeWidth": 1.25, "strokeDash": [6, 4], "interpolate": "step"}
    return [
        line.mark_line(color=theme.INK, strokeWidth=1.5, interpolate="step").encode(y="mean:Q"),
        line.mark_line(**dashed).encode(y="upl:Q"),
        line.mark_line(**dashed).encode(y="lpl:Q"),
    ]


def targets(on: Paper, points: pd.DataFrame) -> list[alt.Chart]:
    """The target as steps; each level but the last, which has its label at the right, is named where it begins."""
    here = points["target"].notna()
    if not here.any():
        return []
    rows = points.assign(when=_when(points["x"]), stretch=(here != here.shift()).cumsum())[here]
    line = on.chart.properties(data=rows[["when", "target", "stretch"]])
    drawn = line.mark_line(color=theme.RED, strokeWidth=2, strokeDash=TARGET, interpolate="step")
    parts = [drawn.encode(y="target:Q", detail="stretch:N")]
    starts = rows[(rows["target"] != rows["target"].shift()) | (rows["stretch"] != rows["stretch"].shift())].iloc[:-1]
    sides = pd.Series([_side(on, points, at) for at in starts.index], index=starts.index, dtype=int)
    for side, some in starts.groupby(sides):
        words = [f"target {on.number(value)}" for value in some["target"]]
        named = pd.DataFrame({"when": some["when"], "target": some["target"], "words": words})
        parts += _on_white(on.chart.properties(data=named), "target:Q", color=theme.RED, dy=-10 * int(side))
    return parts


def _side(on: Paper, points: pd.DataFrame, at: int) -> int:
    """Above (1) or below (-1) the target that begins at a point, whichever has fewer points in the way."""
    place = layout.across(points["x"], points["x"], on.width)
    level = on.down(points["target"][at])
    near = [row for row in range(len(points)) if 0 <= place[row] - place[at] <= NAME]
    return layout.clear_side([level - on.down(points["y"][row]) for row in near], ROW)


def _on_white(base: alt.Chart, y: str, **look: Any) -> list[alt.Chart]:  # noqa: ANN401 - Altair's own options
    """Words with white around them, so that lines behind do not cross them out."""
    words: dict[str, Any] = {"align": "left", "fontSize": SMALL, **look}
    halo = {**words, "stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    return [base.mark_text(**kind).encode(y=y, text="words:N") for kind in (halo, words)]


def flags(on: Paper, notes: Sequence[tuple[Any, str]], rows: Sequence[int]) -> list[alt.Chart]:
    """A line at each note, under a numbered flag in its row."""
    if not notes:
        return []
    places = pd.DataFrame({"x": [x for x, _ in notes], "words": [f"{i}" for i in range(1, len(notes) + 1)]})
    places = places.assign(when=_when(places["x"]), y=[on.at(FLAG * (row + 0.5)) for row in rows]).drop(columns="x")
    base = on.chart.properties(data=places)
    return [
        base.mark_rule(color=theme.PURPLE, strokeWidth=1, strokeDash=[2, 3]),
        base.mark_point(shape="square", size=300, fill=theme.PURPLE, stroke="white").encode(y="y:Q"),
        base.mark_text(color="white", fontSize=SMALL, fontWeight="bold").encode(y="y:Q", text="words:N"),
    ]


def moment_of(x: pd.Series, moment: object) -> Any:  # noqa: ANN401 - a date, or a position
    """Where a change stands among the places *x* of the points: a date for dates, a position for positions."""
    if not pd.api.types.is_datetime64_any_dtype(x):
        return whole("The position of the change", moment)
    found = wall_date(moment)
    need(
        found is not None and x.min() <= found <= x.max(),
        f"The change needs a date on the chart, such as {x.iloc[len(x) // 2]:%Y-%m-%d}; {brief(moment)} came.",
    )
    return found


def change(on: Paper, moment: Any) -> list[alt.Chart]:  # noqa: ANN401 - a date, or a position
    """A line at *moment*, which `moment_of` gave, named as the change."""
    when = _when(pd.Series([moment]))
    places = pd.DataFrame({"when": when, "words": ["change"], "y": [on.at(FLAG / 2)]})
    base = on.chart.properties(data=places)
    line = base.mark_rule(color=theme.PURPLE, strokeWidth=2, strokeDash=[2, 2])
    return [line, *_on_white(base, "y:Q", color=theme.PURPLE, dx=5, fontWeight="bold")]


def dots(on: Paper, points: pd.DataFrame, looks: Sequence[theme.Verdict]) -> alt.Chart:
    """The points, each as its `look` says, and a key to the looks that occur."""
    import altair as alt  # noqa: PLC0415 - as above

    known = [look for look in looks if (points["look"] == look.words).any()]
    wide = sum(len(look.words) + SIGN for look in known) > KEY_LINE
    above = KEY + TITLE_ROW * (len(on.title) - 1)
    legend = alt.Legend(title=None, orient="top", columns=2 if wide else len(known), offset=above)
    count = len(points)
    size = 90 if count <= CROWDED else 50 if count <= FULL else 24
    sizes = alt.condition("datum.special", alt.value(max(size, 60)), alt.value(size))

    def scale(part: str) -> dict[str, Any]:
        names = [look.words for look in known]
        return {"scale": alt.Scale(domain=names, range=[getattr(look, part) for look in known]), "legend": legend}

    drawn: alt.Chart = on.chart.mark_point(filled=True, strokeWidth=1.25, opacity=1).encode(
        y="y:Q",
        fill=alt.Fill("look:N", **scale("colour")),
        stroke=alt.Stroke("look:N", **scale("outline")),
        shape=alt.Shape("look:N", **scale("shape")),
        size=sizes,
    )
    return drawn


def labels(on: Paper, lines: Sequence[Line]) -> list[alt.Chart]:
    """What each line is, and its value, at its right end; none on another."""
    import altair as alt  # noqa: PLC0415 - as above

    known = [line for line in lines if np.isfinite(line.value)]
    places = layout.apart([on.down(line.value) for line in known], LABEL, top=0, bottom=on.height)
    rows = pd.DataFrame(
        {
            "y": [on.at(place) for place in places],
            "words": [f"{line.words} {on.number(line.value)}" for line in known],
            "colour": [line.colour for line in known],
        }
    )
    base = alt.Chart(rows).mark_text(align="left", fontSize=SMALL)
    return [base.encode(x=alt.value(on.width + 5), y="y:Q", text="words:N", color=alt.Color("colour:N", scale=None))]


def under(on: Paper, lines: Sequence[str]) -> list[alt.Chart]:
    """Lines of small type below the plot."""
    import altair as alt  # noqa: PLC0415 - as above

    if not lines:
        return []
    rows = pd.DataFrame({"words": ["\n".join(lines)]})
    base = alt.Chart(rows).mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=ROW, fontSize=SMALL)
    return [base.encode(x=alt.value(0), y=alt.value(on.height + on.below), text="words:N")]
